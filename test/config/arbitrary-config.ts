// Random values that a configuration may hold, made by going along its tree.
import fc from 'fast-check'
import { z } from 'zod'
import type { ListNode, MappingNode, OptionNode, PartNode, ValueNode } from '../../src/config/option-tree.ts'

/** Texts that YAML would like to read as something else, and such as options want. Each place takes those that its schema takes. */
const texts = [
  'a|word two| x |7|1e3|0x1F|-|~|null|true|No|.inf|2025-06-01|<<|---|...|a: b|a #b|# b|*a|&a|!a|%a|@a|`a|>',
  '? x|- x|[x]|{x: y}|,|it\'s|"|\\n|line\nline|\n|\ttab|nul\u0000|\u0085|\u2028|\ufeff|\u001b[31m|函数|😀|$|$$|{env:A}',
  '/var/log/a.log|../x|./*.log|127.0.0.1:9464|[::1]:0|localhost:80|http://h:1/x?y#z|https://[::1]/|Asia/Tokyo|UTC|+08:00',
  `fcscope|cn-hangzhou|group_1|${'x'.repeat(300)}`,
]
  .flatMap(line => line.split('|'))
  .concat("* | where level='ERROR'")

/** Numbers of every size; those of one option may all be large. */
const numbers = Array.from({ length: 17 }, (_, power) => [10 ** power, 3 * 10 ** power, 7 * 10 ** power - 1]).flat()

/** What stands for every secret: secrets themselves are not printed, so nothing else comes back. */
export const secretExpression = `\${env:SECRET}`

/** Any value that `node` takes; undefined where it may be left out. */
export function arbitraryOf(node: OptionNode): fc.Arbitrary<unknown> {
  const value = requiredOf(node)
  return node.isRequired ? value : fc.option(value, { nil: undefined })
}

function requiredOf(node: OptionNode): fc.Arbitrary<unknown> {
  if (node.kind === 'mapping') return mappingOf(node)
  if (node.kind === 'list') return listOf(node)
  return node.kind === 'part' ? partOf(node) : leafOf(node)
}

const mappingOf = ({ keys }: MappingNode): fc.Arbitrary<unknown> =>
  fc.record(Object.fromEntries([...keys].map(([key, inner]) => [key, arbitraryOf(inner)]))).map(withoutNothing)

const listOf = ({ item }: ListNode): fc.Arbitrary<unknown> => {
  const items = fc.array(requiredOf(item), { minLength: 1, maxLength: 4 })
  // Their names must differ, which the tree does not know.
  return item.kind === 'part'
    ? items.map(parts => parts.map((part, i) => Object.assign({}, part, { name: `p${i}` })))
    : items
}

const partOf = ({ kinds }: PartNode): fc.Arbitrary<unknown> =>
  fc.oneof(
    ...[...kinds.values()].map(kind =>
      mappingOf(kind).map(part => Object.assign({}, part, { type: kind.definition.type })),
    ),
  )

function leafOf(node: ValueNode): fc.Arbitrary<unknown> {
  const { schema } = node
  if (schema === null) return fc.constant(undefined)
  const takes = (value: unknown): boolean => value !== undefined && z.safeParse(schema, value).success
  if (node.wants === 'texts') return fc.constant({ 'x-name': secretExpression, 'x-other': secretExpression })
  if (node.meta?.isSecret === true) return fc.constant(secretExpression)
  if (node.wants === 'flag') return fc.boolean()
  const words = node.meta?.allowed.en.split(', ') ?? []
  const taken = [...texts, ...words].filter(takes)
  return fc.constantFrom(...(taken.length > 0 ? taken : numbers.filter(takes)))
}

const withoutNothing = (record: object): object =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))

// Makes what stands in a configuration file ready for its schemas: expansions expanded, numbers and flags made of them where
// those are wanted, keys without a value taken out.
import { type ConfigPath, pathKey } from './config-problem.ts'
import type { Expander, Expression } from './expand-text.ts'
import { isMapping, type OptionNode, partKind, stepInto } from './option-tree.ts'
import type { Finding } from './schema-findings.ts'

/** What the schemas get to see, and what is known about it beyond that. */
export interface PreparedValues {
  readonly value: unknown
  /** By {@link pathKey}. */
  readonly expressions: ReadonlyMap<string, Expression>
  readonly findings: readonly Finding[]
}

/** The values of one file; `root` is the tree of what it may hold. */
export function prepareValues(root: OptionNode, raw: unknown, expander: Expander): PreparedValues {
  const expressions = new Map<string, Expression>()
  const findings: Finding[] = []

  const expand = (source: string, node: OptionNode | null, path: ConfigPath): unknown => {
    const expansion = expander.expand(source)
    if (expansion.status === 'plain') return source
    if (expansion.status === 'failed') {
      findings.push(...expansion.problems.map(text => ({ path, text })))
      return source
    }
    expressions.set(pathKey(path), expansion.expression)
    return convert(expansion.value, node)
  }

  const prepareMapping = (value: Readonly<Record<string, unknown>>, node: OptionNode | null, path: ConfigPath) => {
    // No prototype, so that any key is data; typed as a record because that is all that is known of it.
    const result: Record<string, unknown> = Object.create(null)
    // The type decides about the other keys, so it goes first: it may be an expansion as well.
    const keys =
      node?.kind === 'part' ? ['type', ...Object.keys(value).filter(key => key !== 'type')] : Object.keys(value)
    for (const key of keys) {
      if (!Object.hasOwn(value, key)) continue
      const place = [...path, key]
      const inner = stepInto(node, key, result)
      const prepared = prepare(value[key], inner, place)
      if (prepared === null && isKnown(node, key, result) && inner?.meta?.isSecret !== true) continue
      result[key] = prepared
    }
    return result
  }

  const prepare = (value: unknown, node: OptionNode | null, path: ConfigPath): unknown => {
    if (typeof value === 'string') return expand(value, node, path)
    if (Array.isArray(value)) return value.map((item, i) => prepare(item, stepInto(node, i, value), [...path, i]))
    return isMapping(value) ? prepareMapping(value, node, path) : value
  }

  return { value: prepare(raw, root, []), expressions, findings }
}

/**
 * A known key without a value is as good as none. Not so for a secret: `token: #hunter2` is a comment, and a door that is open
 * without anybody knowing.
 */
function isKnown(node: OptionNode | null, key: string, value: unknown): boolean {
  if (node?.kind === 'part') return key === 'type' || (partKind(node, value)?.keys.has(key) ?? false)
  return node?.kind === 'mapping' && node.keys.has(key)
}

/** Only texts that YAML itself would read as the same number or flag. */
function convert(text: string, node: OptionNode | null): unknown {
  if (node?.kind !== 'value') return text
  if (node.wants === 'flag' && (text === 'true' || text === 'false')) return text === 'true'
  const isNumber = node.wants === 'number' && /^-?(?:0|[1-9]\d{0,30})(?:\.\d{1,30})?(?:e[+-]?\d{1,3})?$/i.test(text)
  return isNumber ? Number(text) : text
}

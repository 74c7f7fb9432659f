// How a program says what its configuration file may hold: sections that are schemas, and sections that are parts of several
// kinds, each with options of its own. Nothing here knows a concrete part.
import { z } from 'zod'
import { type BrokenRule, nameOption, type OptionMeta, type Words } from '../lib/option-schema.ts'
import {
  type ListNode,
  type MappingNode,
  type OptionNode,
  optionTree,
  type PartDefinition,
  type PartKind,
  type PartNode,
  type ValueNode,
} from './option-tree.ts'

/** One part that has been checked. */
export type Part<D extends PartDefinition> = D extends unknown
  ? { readonly type: D['type']; readonly definition: D; readonly options: Readonly<z.output<D['options']>> }
  : never

/** One of a list of parts; `name` is unique in it. */
export type NamedPart<D extends PartDefinition> = Part<D> & { readonly name: string }

/** A section that is a list of parts. */
export interface PartList<D extends PartDefinition> {
  readonly kind: 'parts'
  readonly definitions: readonly D[]
  readonly text: Words
}

/** A section that is one part; without a `type` it is `fallback`. */
export interface OnePart<D extends PartDefinition> {
  readonly kind: 'part'
  readonly definitions: readonly D[]
  readonly fallback: D
  readonly text: Words
}

export type Section = z.ZodType | PartList<PartDefinition> | OnePart<PartDefinition>
export type Sections = Readonly<Record<string, Section>>

/** What comes out of the check. */
export type Settings<S extends Sections> = {
  readonly [K in keyof S]: S[K] extends PartList<infer D>
    ? readonly NamedPart<D>[]
    : S[K] extends OnePart<infer D>
      ? Part<D>
      : S[K] extends z.ZodType
        ? Readonly<z.output<S[K]>>
        : never
}

/** A whole file. */
export interface ConfigSchema<S extends Sections> {
  readonly sections: S
  readonly root: MappingNode
  /** Keys that a later version will know, and what is said until then. */
  readonly planned: Readonly<Record<string, Words>>
  /** What must hold between sections; asked when every section is right by itself. */
  readonly rules: readonly ConfigRule<S>[]
}

export type ConfigRule<S extends Sections> = (settings: Settings<S>) => readonly BrokenRule[]

export const partList = <const D extends PartDefinition>(definitions: readonly D[], text: Words): PartList<D> => ({
  kind: 'parts',
  definitions,
  text,
})

export const onePart = <const D extends PartDefinition>(
  definitions: readonly D[],
  choice: { readonly fallback: NoInfer<D>; readonly text: Words },
): OnePart<D> => ({ kind: 'part', definitions, ...choice })

export function defineConfig<S extends Sections>(parts: {
  sections: S
  planned?: Readonly<Record<string, Words>>
  rules?: readonly ConfigRule<S>[]
}): ConfigSchema<S> {
  const { sections, planned = {}, rules = [] } = parts
  const keys = new Map(Object.entries(sections).map(([key, section]) => [key, sectionNode(section)]))
  const root: MappingNode = {
    kind: 'mapping',
    schema: null,
    meta: { text: { en: '', zh: '' }, allowed: mappingWords([...keys.keys()]) },
    isRequired: true,
    fallback: undefined,
    keys,
  }
  return { sections, root, planned, rules }
}

function sectionNode(section: Section): OptionNode {
  if (section instanceof z.ZodType) return optionTree(section)
  const types = section.definitions.map(({ type }) => type)
  if (section.kind === 'part') {
    const allowed: Words = {
      en: `a mapping with a type (${types.join(', ')})`,
      zh: `含有 type（${types.join('、')}）的映射`,
    }
    return partNode(section.definitions, { isNamed: false, fallback: section.fallback, text: section.text, allowed })
  }
  const item: Words = {
    en: `a mapping with a type: ${types.join(', ')}`,
    zh: `含有 type 的映射，type 可为：${types.join(', ')}`,
  }
  const list: ListNode = {
    kind: 'list',
    schema: null,
    meta: {
      text: section.text,
      allowed: {
        en: `a list of at least one mapping with a type: ${types.join(', ')}`,
        zh: `至少含一个映射的列表，各映射的 type 可为：${types.join(', ')}`,
      },
    },
    isRequired: true,
    fallback: undefined,
    item: partNode(section.definitions, { isNamed: true, fallback: null, text: section.text, allowed: item }),
  }
  return list
}

/** The key `name` of a part in a list. */
export const partName = nameOption({
  en: 'Name in messages, metrics and the state; by default its type, then type-2, type-3 and so on.',
  zh: '在消息、指标和状态中使用的名称；默认取 type，其后为 type-2、type-3 等。',
}).optional()

function partNode(
  definitions: readonly PartDefinition[],
  how: OptionMeta & { isNamed: boolean; fallback: PartDefinition | null },
): PartNode {
  const { isNamed, fallback, text, allowed } = how
  const kinds = definitions.map(definition => [definition.type, kindNode(definition, how)] as const)
  return {
    kind: 'part',
    schema: null,
    meta: { text, allowed },
    isRequired: fallback === null,
    fallback: undefined,
    type: typeNode(definitions, fallback),
    kinds: new Map(kinds),
    isNamed,
    fallbackType: fallback?.type ?? null,
  }
}

function kindNode(definition: PartDefinition, how: { isNamed: boolean; fallback: PartDefinition | null }): PartKind {
  const { type, options } = definition
  const node = optionTree(options)
  if (node.kind !== 'mapping' || node.keys.has('type') || node.keys.has('name')) {
    throw new Error(`the options of ${type} are no mapping without the keys type and name`)
  }
  const ownKeys: (readonly [string, OptionNode])[] = [['type', typeNode([definition], how.fallback)]]
  if (how.isNamed) ownKeys.push(['name', optionTree(partName)])
  return { ...node, definition, keys: new Map([...ownKeys, ...node.keys]) }
}

function typeNode(definitions: readonly PartDefinition[], fallback: PartDefinition | null): ValueNode {
  const types = definitions.map(({ type }) => type)
  const isFallback = fallback !== null && types.includes(fallback.type)
  return {
    kind: 'value',
    wants: 'text',
    schema: null,
    meta: { text: { en: 'Its kind.', zh: '种类。' }, allowed: { en: types.join(', '), zh: types.join(', ') } },
    isRequired: !isFallback,
    fallback: isFallback ? fallback.type : undefined,
  }
}

const mappingWords = (keys: readonly string[]): Words => ({
  en: `a mapping with the keys ${keys.join(', ')}`,
  zh: `含有键 ${keys.join('、')} 的映射`,
})

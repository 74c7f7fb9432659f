// What a configuration file may hold, as a tree that can be walked: expansion, messages, printing and the reference page all
// go along it. Made from zod schemas and the words that stand with them.
import type { z } from 'zod'
import { type OptionMeta, optionMeta } from '../lib/option-schema.ts'
import type { ConfigPath } from './config-problem.ts'

interface Node {
  /** What checks a value of this place; null where src/config does it itself. */
  readonly schema: z.core.$ZodType | null
  readonly meta: OptionMeta | null
  readonly isRequired: boolean
  /** What is there when the file says nothing; undefined for nothing. */
  readonly fallback: unknown
}

export interface MappingNode extends Node {
  readonly kind: 'mapping'
  readonly keys: ReadonlyMap<string, OptionNode>
}

export interface ListNode extends Node {
  readonly kind: 'list'
  readonly item: OptionNode
}

/** A kind of part, as src/config sees it. `options` is a strict object without the keys `type` and `name`. */
export interface PartDefinition {
  readonly type: string
  readonly options: z.ZodObject
}

/** The mapping of one kind of part: its keys are `type`, perhaps `name`, and its options, which `schema` checks alone. */
export interface PartKind extends MappingNode {
  readonly definition: PartDefinition
}

/** A mapping whose key `type` says which other keys it has. */
export interface PartNode extends Node {
  readonly kind: 'part'
  /** The key `type`, as long as nobody knows which. */
  readonly type: ValueNode
  /** By type. */
  readonly kinds: ReadonlyMap<string, PartKind>
  readonly isNamed: boolean
  /** Null when the type must be given. */
  readonly fallbackType: string | null
}

export interface ValueNode extends Node {
  readonly kind: 'value'
  /** `texts`: a mapping of texts whose keys are free. */
  readonly wants: 'text' | 'number' | 'flag' | 'texts' | 'other'
}

export type OptionNode = MappingNode | ListNode | PartNode | ValueNode

/** The tree of a schema. Kinds of schemas that no option builder makes become values of which nothing more is known. */
export function optionTree(outer: z.core.$ZodType): OptionNode {
  let meta = optionMeta.get(outer) ?? null
  let isRequired = true
  let fallback: unknown
  let inner = outer
  for (;;) {
    const def = definitionOf(inner)
    if (def.type === 'default' || def.type === 'prefault') fallback = def.defaultValue
    if (def.type === 'default' || def.type === 'prefault' || def.type === 'optional') isRequired = false
    else if (def.type !== 'nullable' && def.type !== 'readonly') break
    inner = def.innerType
    meta ??= optionMeta.get(inner) ?? null
  }
  const node = { schema: outer, meta, isRequired, fallback }
  const def = definitionOf(inner)
  const shape = shapeOf(def)
  if (shape !== null) {
    const keys = Object.entries(shape).map(([key, schema]) => [key, optionTree(schema)] as const)
    return { ...node, kind: 'mapping', keys: new Map(keys) }
  }
  if (def.type === 'array') return { ...node, kind: 'list', item: listItem(def.element, meta) }
  return { ...node, kind: 'value', wants: wantsOf(def.type) }
}

/** zod keeps the union of its own schemas apart from the base that its signatures name; every schema is one of the union. */
const definitionOf = (schema: z.core.$ZodType) => (schema as z.core.$ZodTypes)._zod.def

/** The keys of a mapping, also where something else may stand in its place (`ssl: true`). Null for what is no mapping. */
function shapeOf(def: z.core.$ZodTypes['_zod']['def']): z.core.$ZodShape | null {
  if (def.type === 'object') return def.shape
  if (def.type !== 'union') return null
  for (const option of def.options) {
    const inner = definitionOf(option)
    if (inner.type === 'object') return inner.shape
  }
  return null
}

/** Entries without words of their own are what is said of their list. */
function listItem(element: z.core.$ZodType, listMeta: OptionMeta | null): OptionNode {
  const item = optionTree(element)
  return item.meta === null ? { ...item, meta: listMeta } : item
}

function wantsOf(type: z.core.$ZodTypeDef['type']): ValueNode['wants'] {
  if (type === 'string' || type === 'enum') return 'text'
  if (type === 'number' || type === 'int') return 'number'
  if (type === 'record') return 'texts'
  return type === 'boolean' ? 'flag' : 'other'
}

/** Where `step` leads to from `node`; `value` is what stands at `node`. Null where the tree knows nothing. */
export function stepInto(node: OptionNode | null, step: string | number, value: unknown): OptionNode | null {
  if (node?.kind === 'mapping') return node.keys.get(String(step)) ?? null
  if (node?.kind === 'list') return typeof step === 'number' ? node.item : null
  if (node?.kind === 'part' && step !== 'type') return partKind(node, value)?.keys.get(String(step)) ?? null
  if (node?.kind === 'part') return node.type
  // What is said of a mapping whose keys are free is said of its entries: they are as secret.
  if (node?.kind === 'value' && node.wants === 'texts' && isMapping(value)) return { ...node, wants: 'text' }
  return null
}

/** The keys of a part's own type; null when it has no known one. */
export function partKind(node: PartNode, value: unknown): PartKind | null {
  const type = valueAt(value, ['type']) ?? node.fallbackType
  return typeof type === 'string' ? (node.kinds.get(type) ?? null) : null
}

/** What stands at `path`; undefined when there is nothing. */
export function valueAt(root: unknown, path: ConfigPath): unknown {
  let value = root
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Object.getOwnPropertyDescriptor(value, step)?.value
  }
  return value
}

/** A mapping as it comes out of a file. */
export const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

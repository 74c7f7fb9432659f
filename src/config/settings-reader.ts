// Goes through the sections of a configuration file and has each checked by the schemas it is made of.
import { resolve } from 'node:path'
import type { z } from 'zod'
import { nearestWord } from '../lib/nearest-word.ts'
import type { Words } from '../lib/option-schema.ts'
import { type ConfigPath, foundAndAllowed, renderPath, showValue, unknownKey } from './config-problem.ts'
import { partName } from './config-sections.ts'
import {
  isMapping,
  type ListNode,
  type OptionNode,
  type PartDefinition,
  type PartNode,
  partKind,
  stepInto,
} from './option-tree.ts'
import { type CheckedValues, checkBySchema, type Finding, wrongValue } from './schema-findings.ts'

/** Parts in one list, and unknown keys that are told of. */
const maxParts = 100

interface ReadPart {
  readonly type: string
  readonly definition: PartDefinition
  readonly options: unknown
  /** Undefined where the file gives none, or a wrong one. */
  readonly name?: unknown
}

/** Reads one file's values once; what is wrong is in `findings` then, and what was read is not to be used. */
export class SettingsReader {
  readonly findings: Finding[] = []
  readonly #values: CheckedValues
  readonly #planned: Readonly<Record<string, Words>>
  readonly #folder: string
  readonly #mayLackParts: boolean

  constructor(parts: {
    values: CheckedValues
    planned: Readonly<Record<string, Words>>
    folder: string
    mayLackParts: boolean
  }) {
    this.#values = parts.values
    this.#planned = parts.planned
    this.#folder = parts.folder
    this.#mayLackParts = parts.mayLackParts
  }

  /** A value for each section. */
  read(): Readonly<Record<string, unknown>> {
    const { root, value } = this.#values
    if (root.kind !== 'mapping' || !isMapping(value)) {
      this.#refuse([])
      return {}
    }
    const { keys } = root
    const unknown = Object.keys(value).filter(key => !keys.has(key))
    for (const key of unknown.slice(0, maxParts)) this.#refuseKey(key, [...keys.keys()])
    return Object.fromEntries([...keys].map(([key, node]) => [key, this.#readSection(node, value[key], [key])]))
  }

  #readSection(node: OptionNode, value: unknown, path: ConfigPath): unknown {
    if (node.kind === 'part') return this.#readPart(node, value ?? {}, path)
    if (node.kind === 'list' && node.item.kind === 'part') return this.#readParts(node, node.item, value, path)
    return node.schema === null ? undefined : this.#readBySchema(node.schema, { node, value, path })
  }

  #readBySchema(schema: z.core.$ZodType, at: { node: OptionNode; value: unknown; path: ConfigPath }): unknown {
    const check = checkBySchema(schema, at.value, { at: at.path, values: this.#values })
    if (check.isRight) return resolvePaths(check.output, at.node, this.#folder)
    this.findings.push(...check.findings)
    return undefined
  }

  #readParts(node: ListNode, item: PartNode, value: unknown, path: ConfigPath): readonly unknown[] {
    if (value === undefined && this.#mayLackParts) return []
    if (!Array.isArray(value)) {
      this.#refuse(path)
      return []
    }
    if (value.length > maxParts) {
      this.findings.push({ path, text: tooManyParts(value.length) })
      return []
    }
    if (value.length === 0 && !this.#mayLackParts) {
      this.findings.push({ path, text: foundAndAllowed(emptyList, node.meta?.allowed ?? showValue([])) })
    }
    const parts = value.map((part, i) => this.#readPart(item, part, [...path, i]))
    return this.#withNames(parts, path)
  }

  #readPart(node: PartNode, value: unknown, path: ConfigPath): ReadPart | null {
    if (!isMapping(value)) {
      this.#refuse(path)
      return null
    }
    const kind = partKind(node, value)
    if (kind === null) {
      this.#refuse([...path, 'type'])
      return null
    }
    const { definition } = kind
    const own = node.isNamed ? ['type', 'name'] : ['type']
    const options = this.#readBySchema(definition.options, { node: kind, value: without(value, own), path })
    const part = { type: definition.type, definition, options }
    return node.isNamed ? { name: this.#readName(value['name'], [...path, 'name']), ...part } : part
  }

  #readName(value: unknown, path: ConfigPath): unknown {
    const check = checkBySchema(partName, value, { at: path, values: this.#values })
    if (check.isRight) return check.output
    this.findings.push(...check.findings)
    return undefined
  }

  /** The n-th part of a type is called `type-n` even when others have names: naming one must not rename its neighbours. */
  #withNames(parts: readonly (ReadPart | null)[], path: ConfigPath): readonly unknown[] {
    const counts = new Map<string, number>()
    const places = new Map<unknown, ConfigPath>()
    return parts.map((part, i) => {
      if (part === null) return null
      const count = (counts.get(part.type) ?? 0) + 1
      counts.set(part.type, count)
      const name = part.name ?? (count === 1 ? part.type : `${part.type}-${count}`)
      const other = places.get(name)
      if (other !== undefined) this.findings.push({ path: [...path, i, 'name'], text: nameTaken(String(name), other) })
      else places.set(name, [...path, i])
      return { ...part, name }
    })
  }

  #refuse(path: ConfigPath): void {
    this.findings.push({ path, text: wrongValue(this.#values, path) })
  }

  #refuseKey(key: string, known: readonly string[]): void {
    const planned = Object.hasOwn(this.#planned, key) ? this.#planned[key] : undefined
    this.findings.push({ path: [key], text: planned ?? unknownKey(known, nearestWord(key, known)) })
  }
}

/** Makes paths absolute, those of the file and those of defaults alike. */
function resolvePaths(value: unknown, node: OptionNode | null, folder: string): unknown {
  if (typeof value === 'string') return node?.meta?.isPath === true ? resolve(folder, value) : value
  if (Array.isArray(value)) return value.map((item, i) => resolvePaths(item, node && stepInto(node, i, value), folder))
  if (!isMapping(value) || node === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolvePaths(item, stepInto(node, key, value), folder)]),
  )
}

/** Without a prototype, as the mapping was, so that `__proto__` stays a key like others. */
function without(value: Readonly<Record<string, unknown>>, keys: readonly string[]): Readonly<Record<string, unknown>> {
  const rest: Record<string, unknown> = Object.create(null)
  for (const [key, item] of Object.entries(value)) if (!keys.includes(key)) rest[key] = item
  return rest
}

const emptyList = { en: 'an empty list', zh: '空列表' }

const tooManyParts = (count: number) =>
  foundAndAllowed(
    { en: `a list of ${count}`, zh: `含 ${count} 项的列表` },
    { en: `at most ${maxParts}`, zh: `最多 ${maxParts} 项` },
  )

const nameTaken = (name: string, other: ConfigPath) =>
  foundAndAllowed(
    { en: `${name}, which ${renderPath(other)} is called as well`, zh: `${name}，与 ${renderPath(other)} 重名` },
    { en: 'a name of its own', zh: '不重复的名称' },
  )

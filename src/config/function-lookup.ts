// Which entry of functions.yaml a function's records belong to.
import type { FunctionConfig } from '../model/function-config.ts'
import type { RecordOrigin } from '../model/record-origin.ts'
import { createNameMatcher, maxNameLength, type NameMatcher } from './glob.ts'

/** What names a function; of text files nothing is known. */
export type FunctionOrigin = Pick<RecordOrigin, 'functionName' | 'serviceName' | 'qualifier'>

/** `atMs`: unix ms of the moment that is asked about; left out or NaN when it is not known. */
export type FunctionLookup = (origin: FunctionOrigin, atMs?: number) => FunctionConfig | null

interface Candidate {
  readonly config: FunctionConfig
  readonly functionName: NameMatcher
  readonly serviceName: NameMatcher
  readonly qualifier: NameMatcher
  /** No entry with the same three patterns begins later. */
  readonly isNewest: boolean
}

/** Function names whose candidates are remembered; a cache, emptied when full. */
const maxNames = 4096

/**
 * Finds the first entry in the file's order that matches all names and already holds at `atMs`; null when there is none. So of
 * several entries for one function the newest has to stand first. An entry without `serviceName` or `qualifier` takes any.
 *
 * Without a time, entries without `effectiveFrom` count, and of those with one the newest of each group that names the same
 * function, service and qualifier: what holds at last, even if that is yet to come.
 *
 * Meant for one question per stream, not per line: a question goes through the entries that fit the function's name.
 */
export function createFunctionLookup(configs: readonly FunctionConfig[]): FunctionLookup {
  const all = candidatesOf(configs)
  const byName = new Map<string | null, readonly Candidate[]>()

  const candidatesFor = (name: string | null): readonly Candidate[] => {
    const known = byName.get(name)
    if (known !== undefined) return known
    const found = all.filter(candidate => candidate.functionName(name))
    if (name !== null && name.length > maxNameLength) return found
    if (byName.size >= maxNames) byName.clear()
    byName.set(name, found)
    return found
  }

  return (origin, atMs = Number.NaN) => {
    for (const { config, serviceName, qualifier, isNewest } of candidatesFor(origin.functionName)) {
      const start = config.effectiveFromMs
      const holds = start === null || (Number.isNaN(atMs) ? isNewest : start <= atMs)
      if (holds && serviceName(origin.serviceName) && qualifier(origin.qualifier)) return config
    }
    return null
  }
}

function candidatesOf(configs: readonly FunctionConfig[]): readonly Candidate[] {
  const newest = new Map<string, number>()
  for (const config of configs) {
    const group = groupOf(config)
    const start = config.effectiveFromMs ?? Number.NEGATIVE_INFINITY
    newest.set(group, Math.max(start, newest.get(group) ?? start))
  }
  return configs.map(config => ({
    config,
    functionName: createNameMatcher(config.functionName),
    serviceName: createNameMatcher(config.serviceName ?? '*'),
    qualifier: createNameMatcher(config.qualifier ?? '*'),
    isNewest: config.effectiveFromMs === newest.get(groupOf(config)),
  }))
}

const groupOf = (config: FunctionConfig): string =>
  JSON.stringify([config.functionName, config.serviceName ?? '*', config.qualifier ?? '*'])

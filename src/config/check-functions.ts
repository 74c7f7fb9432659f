// The text of functions.yaml into checked entries, or everything that is wrong with it.
import type { z } from 'zod'
import type { Text } from '../model/fcscope-error.ts'
import type { FunctionConfig } from '../model/function-config.ts'
import { type ConfigPath, type ConfigProblem, foundAndAllowed, renderPath, showValue } from './config-problem.ts'
import { readEffectiveFrom } from './effective-from.ts'
import {
  allowedKeys,
  allowedValues,
  type FunctionsEntry,
  type FunctionsPlace,
  functionsSchema,
} from './functions-schema.ts'
import { readYaml } from './read-yaml.ts'

export type FunctionsCheck =
  | { readonly status: 'ok'; readonly functions: readonly FunctionConfig[] }
  | { readonly status: 'invalid'; readonly problems: readonly ConfigProblem[] }

/** Problems of the schema that are looked at; each costs a walk through the file. */
const maxSchemaProblems = 100

/** Checks the text of a functions.yaml. Entries keep their order. */
export function checkFunctions(text: string): FunctionsCheck {
  const reading = readYaml(text)
  if (!reading.isReadable) return { status: 'invalid', problems: reading.problems }
  const result = functionsSchema.safeParse(reading.value)
  const findings = result.success ? [] : result.error.issues.flatMap(issue => findingsOf(issue, reading.value))
  // One value can break two rules of the schema (no whole number, too great); our words are the same for both.
  const byWords = new Map(findings.map(finding => [`${renderPath(finding.path)} ${finding.text.en}`, finding]))
  const schemaProblems = [...byWords.values()]
    .filter(({ path }) => !reading.unread.has(renderPath(path)))
    .slice(0, maxSchemaProblems)
    .map(finding => ({ ...finding, line: reading.lineOf(finding.path) }))
  const problems = [...reading.problems, ...schemaProblems]
  if (!result.success || problems.length > 0) return { status: 'invalid', problems }
  return { status: 'ok', functions: result.data.functions.map(configOf) }
}

type Finding = Omit<ConfigProblem, 'line'>

/** The schema only says where something is wrong; what is there and what may be there is told in our own words. */
function findingsOf(issue: z.core.$ZodIssue, root: unknown): readonly Finding[] {
  // A key that is a symbol cannot come out of a file.
  const path = issue.path.filter(step => typeof step !== 'symbol')
  if (issue.code === 'unrecognized_keys') {
    const allowed = allowedKeys[placeOf(path)]
    return issue.keys.map(key => ({ path: [...path, key], text: unknownKey(allowed) }))
  }
  return [{ path, text: foundAndAllowed(showValue(valueAt(root, path)), allowedAt(path)) }]
}

function unknownKey(allowed: Text | undefined): Text {
  return { en: `unknown key; allowed: ${allowed?.en ?? 'none'}`, zh: `未知的键；可用的键：${allowed?.zh ?? '无'}` }
}

function allowedAt(path: ConfigPath): Text {
  const place = placeOf(path)
  if (!isKnown(place)) throw new Error(`no words for what ${place} may hold`)
  return allowedValues[place]
}

const isKnown = (place: string): place is FunctionsPlace => Object.hasOwn(allowedValues, place)

/** The path without its numbers: `functions[].memoryMB`. */
const placeOf = (path: ConfigPath): string => renderPath(path).replace(/\[\d+\]/g, '[]')

function valueAt(root: unknown, path: ConfigPath): unknown {
  let value = root
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Object.getOwnPropertyDescriptor(value, step)?.value
  }
  return value
}

const configOf = (entry: FunctionsEntry): FunctionConfig => ({
  functionName: entry.functionName,
  serviceName: entry.serviceName ?? null,
  qualifier: entry.qualifier ?? null,
  region: entry.region ?? null,
  vCPU: entry.vCPU ?? null,
  memoryMB: entry.memoryMB ?? null,
  diskMB: entry.diskMB ?? null,
  gpu: entry.gpu ?? null,
  instanceConcurrency: entry.instanceConcurrency ?? null,
  timeoutSeconds: entry.timeoutSeconds ?? null,
  minInstances: entry.minInstances ?? null,
  effectiveFromMs: typeof entry.effectiveFrom === 'string' ? readEffectiveFrom(entry.effectiveFrom) : null,
})

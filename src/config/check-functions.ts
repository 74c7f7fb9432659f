// The text of functions.yaml into checked entries, or everything that is wrong with it.
import type { FunctionConfig } from '../model/function-config.ts'
import { type ConfigProblem, pathKey } from './config-problem.ts'
import { readEffectiveFrom } from './effective-from.ts'
import { type FunctionsEntry, functionsSchema } from './functions-schema.ts'
import { optionTree } from './option-tree.ts'
import { readYaml } from './read-yaml.ts'
import { checkBySchema } from './schema-findings.ts'

export type FunctionsCheck =
  | { readonly status: 'ok'; readonly functions: readonly FunctionConfig[] }
  | { readonly status: 'invalid'; readonly problems: readonly ConfigProblem[] }

const root = optionTree(functionsSchema)

/** Checks the text of a functions.yaml. Entries keep their order. There are no expansions in it. */
export function checkFunctions(text: string): FunctionsCheck {
  const reading = readYaml(text)
  if (!reading.isReadable) return { status: 'invalid', problems: reading.problems }
  const values = { root, value: reading.value, expressions: new Map() }
  const check = checkBySchema(functionsSchema, reading.value, { at: [], values })
  const findings = check.isRight ? [] : check.findings.filter(({ path }) => !reading.unread.has(pathKey(path)))
  const problems = [
    ...reading.problems,
    ...findings.map(finding => ({ ...finding, line: reading.lineOf(finding.path) })),
  ]
  if (!check.isRight || problems.length > 0) return { status: 'invalid', problems }
  return { status: 'ok', functions: check.output.functions.map(configOf) }
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

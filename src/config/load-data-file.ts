// A data file (a price book, the mapping of a bill) from YAML, checked whole: every problem is told at once, with its line.
import type { z } from 'zod'
import { type ConfigProblem, configError, pathKey } from './config-problem.ts'
import { optionTree } from './option-tree.ts'
import { readConfigFile } from './read-config-file.ts'
import { readYaml } from './read-yaml.ts'
import { checkBySchema, type Finding } from './schema-findings.ts'

/**
 * Reads a file and checks it: each value by the schema, then `rulesOf` for what is wrong between values that are right one by one.
 * Throws an FcscopeError: FCS_INPUT_MISSING or FCS_INPUT_UNREADABLE for the file, FCS_CONFIG_INVALID with every problem in it.
 */
export function loadDataFile<S extends z.ZodType>(
  path: string,
  schema: S,
  rulesOf: (file: z.output<S>) => readonly Finding[],
): z.output<S> {
  const reading = readYaml(readConfigFile(path))
  if (!reading.isReadable) throw configError(path, reading.problems)
  const values = { root: optionTree(schema), value: reading.value, expressions: new Map() }
  const check = checkBySchema(schema, reading.value, { at: [], values })
  const findings = check.isRight ? rulesOf(check.output) : check.findings
  const problems: ConfigProblem[] = [
    ...reading.problems,
    ...findings
      .filter(({ path: at }) => !reading.unread.has(pathKey(at)))
      .map(finding => ({ ...finding, line: reading.lineOf(finding.path) })),
  ]
  if (!check.isRight || problems.length > 0) throw configError(path, problems)
  return check.output
}

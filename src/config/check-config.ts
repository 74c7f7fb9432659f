// The text of a configuration file into checked settings, or everything that is wrong with it.
import { type ConfigProblem, pathKey } from './config-problem.ts'
import type { ConfigSchema, Sections, Settings } from './config-sections.ts'
import { Expander, type ExpansionSources, type Expression } from './expand-text.ts'
import { prepareValues } from './prepare-values.ts'
import { readYaml } from './read-yaml.ts'
import type { Finding } from './schema-findings.ts'
import { SettingsReader } from './settings-reader.ts'

/** A configuration that has been checked. */
export interface CheckedConfig<S extends Sections> {
  /** The file, absolute; null when there is none. */
  readonly file: string | null
  /** Relative paths were taken from here. */
  readonly folder: string
  readonly settings: Settings<S>
  /** Values that came out of expansions, by {@link pathKey}. */
  readonly expressions: ReadonlyMap<string, Expression>
}

export type ConfigCheck<S extends Sections> =
  | { readonly status: 'ok'; readonly settings: Settings<S>; readonly expressions: ReadonlyMap<string, Expression> }
  | {
      readonly status: 'invalid'
      readonly problems: readonly ConfigProblem[]
      /** There are more than {@link maxProblems}. */
      readonly isCut: boolean
    }

/** Problems that are told; more help nobody. */
const maxProblems = 100

/** Checks the text of a file. */
export function checkConfig<S extends Sections>(
  text: string,
  schema: ConfigSchema<S>,
  sources: ExpansionSources,
): ConfigCheck<S> {
  const reading = readYaml(text)
  if (!reading.isReadable) return invalid(reading.problems)
  const check = checkValues(reading.value, schema, { ...sources, unread: reading.unread })
  const findings = check.status === 'ok' ? [] : check.findings
  const problems = [
    ...reading.problems,
    ...findings.map(finding => ({ ...finding, line: reading.lineOf(finding.path) })),
  ]
  if (check.status === 'ok' && problems.length === 0) return check
  return invalid(problems)
}

const invalid = (problems: readonly ConfigProblem[]) => ({
  status: 'invalid' as const,
  problems: problems.slice(0, maxProblems),
  isCut: problems.length > maxProblems,
})

type ValuesCheck<S extends Sections> =
  | Extract<ConfigCheck<S>, { status: 'ok' }>
  | { readonly status: 'invalid'; readonly findings: readonly Finding[] }

/**
 * Checks values as they come out of YAML. `unread`: places that have been told of already. `mayLackParts`: lists of parts may be
 * empty or missing; for programs that use the other sections.
 */
export function checkValues<S extends Sections>(
  raw: unknown,
  schema: ConfigSchema<S>,
  how: ExpansionSources & { readonly unread?: ReadonlySet<string>; readonly mayLackParts?: boolean },
): ValuesCheck<S> {
  const prepared = prepareValues(schema.root, raw, new Expander(how))
  const values = { root: schema.root, value: prepared.value, expressions: prepared.expressions }
  const { planned } = schema
  const reader = new SettingsReader({ values, planned, folder: how.folder, mayLackParts: how.mayLackParts === true })
  const output = reader.read()
  const told = new Set([...(how.unread ?? []), ...prepared.findings.map(({ path }) => pathKey(path))])
  const findings = [...prepared.findings, ...reader.findings.filter(({ path }) => !told.has(pathKey(path)))]
  // Not only those that are yet to be told: rules need everything that they ask about.
  if (prepared.findings.length + reader.findings.length > 0) return { status: 'invalid', findings }
  // The reader went along the schema's own tree, so what came out has the schema's own type; the tree itself carries no types.
  const settings = output as Settings<S>
  const broken = schema.rules.flatMap(rule => rule(settings))
  if (broken.length > 0) return { status: 'invalid', findings: broken }
  return { status: 'ok', settings, expressions: prepared.expressions }
}

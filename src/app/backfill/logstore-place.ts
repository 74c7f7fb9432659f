// Which Logstore a back-fill reads and with which keys: what was named, and what a source of the configuration says of it.
import { optionMeta } from '../../lib/option-schema.ts'
import type { Text } from '../../model/fcscope-error.ts'
import { chainCredentials } from '../../sources/sls/client/credential-chain.ts'
import { staticCredentials } from '../../sources/sls/client/credentials.ts'
import { projectAddress, readEndpoint } from '../../sources/sls/client/endpoint.ts'
import { type SlsOptions, slsOptions } from '../../sources/sls/sls-options.ts'
import type { SearchAddress } from '../../sources/sls-search/http-exchange.ts'
import type { SearchCredentialsProvider } from '../../sources/sls-search/search-api.ts'
import type { WorkerConfig } from '../worker-config.ts'

/** What has to be known, as the command line names it. */
export const logstoreOptions = ['endpoint', 'project', 'logstore'] as const
export type LogstoreOption = (typeof logstoreOptions)[number]
export type NamedLogstore = Readonly<Partial<Record<LogstoreOption, string>>>

export interface LogstorePlace extends Readonly<Record<LogstoreOption, string>> {
  readonly address: SearchAddress
  readonly credentials: SearchCredentialsProvider
}

export type LogstoreFinding =
  | { readonly status: 'found'; readonly place: LogstorePlace }
  | { readonly status: 'missing'; readonly options: readonly LogstoreOption[] }
  | { readonly status: 'invalid'; readonly option: LogstoreOption; readonly allowed: Text }

/** What is not named comes from the only source of the type `sls` that has what is named. */
export function findLogstore(config: WorkerConfig, named: NamedLogstore, nowMs: () => number): LogstoreFinding {
  const fitting = slsSources(config).filter(source =>
    logstoreOptions.every(option => named[option] === undefined || named[option] === source[option]),
  )
  const source = fitting.length === 1 ? fitting[0] : undefined
  const values = logstoreOptions.map((option): [LogstoreOption, string | undefined] => [
    option,
    named[option] ?? source?.[option],
  ])
  const missing = values.filter(([, value]) => value === undefined)
  if (missing.length > 0) return { status: 'missing', options: missing.map(([option]) => option) }
  for (const [option, value] of values) {
    const schema = slsOptions.shape[option]
    const allowed = optionMeta.get(schema)?.allowed ?? { en: '', zh: '' }
    if (!schema.safeParse(value).success) return { status: 'invalid', option, allowed }
  }
  // None is missing.
  const { endpoint, project, logstore } = Object.fromEntries(values) as Record<LogstoreOption, string>
  // Checked above.
  const address = projectAddress(readEndpoint(endpoint)!, project)
  return { status: 'found', place: { endpoint, project, logstore, address, credentials: credentialsOf(source, nowMs) } }
}

/** The definition's name tells its options' type. */
const slsSources = ({ settings }: WorkerConfig): readonly SlsOptions[] =>
  settings.sources.filter(({ type }) => type === 'sls').map(({ options }) => options as SlsOptions)

function credentialsOf(source: SlsOptions | undefined, nowMs: () => number): SearchCredentialsProvider {
  const { accessKeyId, accessKeySecret, securityToken = null } = source ?? {}
  if (accessKeyId === undefined || accessKeySecret === undefined) return chainCredentials({ nowMs })
  return staticCredentials({ accessKeyId, accessKeySecret, securityToken })
}

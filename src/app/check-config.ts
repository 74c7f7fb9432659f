// What `fcscope check-config` finds out without reaching for anything: every problem, or what the worker would do.
import { checkFunctions } from '../config/check-functions.ts'
import { problemSentences } from '../config/config-problem.ts'
import { shownSettings } from '../config/print-config.ts'
import { readConfigFile } from '../config/read-config-file.ts'
import { FcscopeError, type Text } from '../model/fcscope-error.ts'
import { type Environment, readWorkerConfig, type WorkerConfig, workerSchema } from './worker-config.ts'

export type WorkerConfigCheck =
  | { readonly status: 'ok'; readonly config: WorkerConfig; readonly summary: readonly Text[] }
  | { readonly status: 'invalid'; readonly problems: readonly Text[]; readonly isCut: boolean }

/** Problems of a functions.yaml that are told. */
const maxProblems = 100

/** Checks a configuration and the functions.yaml that it names. Fails with an FcscopeError when there is no such file. */
export function checkWorkerConfig(path: string, environment: Environment): WorkerConfigCheck {
  const { check, ...place } = readWorkerConfig(path, environment)
  if (check.status === 'invalid') {
    return { status: 'invalid', problems: problemSentences(path, check.problems), isCut: check.isCut }
  }
  const config: WorkerConfig = { ...place, settings: check.settings, expressions: check.expressions }
  const problems = functionsProblems(config.settings.functions)
  if (problems.length > 0)
    return { status: 'invalid', problems: problems.slice(0, maxProblems), isCut: problems.length > maxProblems }
  return { status: 'ok', config, summary: summarize(config) }
}

function functionsProblems(path: string | undefined): readonly Text[] {
  if (path === undefined) return []
  try {
    const check = checkFunctions(readConfigFile(path))
    return check.status === 'ok' ? [] : problemSentences(path, check.problems)
  } catch (error) {
    if (error instanceof FcscopeError) return [error.text]
    throw error
  }
}

/** Made of what `--config-print` shows, so that nothing secret gets in. */
function summarize(config: WorkerConfig): readonly Text[] {
  const shown = shownSettings(workerSchema, config)
  const at = (...path: readonly (string | number)[]): string => textAt(shown, path)
  const { sources, store, functions, web } = config.settings
  const rows: (readonly [Text, string])[] = sources.map(({ name, type }, i) => [
    { en: 'reads', zh: '读取' },
    [name === type ? name : `${name} (${type})`, ...['listen', 'paths'].map(key => at('sources', i, key))]
      .filter(word => word !== '')
      .join(' '),
  ])
  if (functions !== undefined) rows.push([{ en: 'functions', zh: '函数' }, at('functions')])
  const place = store.type === 'embedded' ? at('store', 'path') : `${at('store', 'url')} ${at('store', 'database')}`
  rows.push(
    [{ en: 'stores', zh: '存储' }, `${store.type} ${place}`],
    [{ en: 'state', zh: '状态' }, at('state', 'path')],
    [{ en: 'metrics', zh: '指标' }, at('metrics', 'listen')],
  )
  if (web !== undefined) rows.push([{ en: 'web', zh: '网页' }, at('web', 'listen')])
  return [
    { en: `ok: ${config.file}`, zh: `ok：${config.file}` },
    ...rows.map(([{ en, zh }, value]) => ({ en: `  ${en.padEnd(9)} ${value}`, zh: `  ${zh}  ${value}` })),
  ]
}

/** A value of the settings in a few words; empty when there is none. */
function textAt(root: unknown, path: readonly (string | number)[]): string {
  let value = root
  for (const step of path) {
    value =
      typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, step)?.value : undefined
  }
  if (!Array.isArray(value)) return value === undefined ? '' : String(value)
  return value.length > 2 ? `${value[0]} and ${value.length - 1} more` : value.join(' ')
}

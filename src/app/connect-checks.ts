// What `check-config --connect` tries to reach: one check for every part of a configuration that has something to reach.
import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { readListen } from '../lib/option-schema.ts'
import { ExitStatus, FcscopeError, type Text } from '../model/fcscope-error.ts'
import { StoreError } from '../model/store-connection.ts'
import type { OtlpMetricsOptions, OtlpOptions } from '../sinks/otlp/otlp-options.ts'
import { PathPatterns } from '../sources/file/path-patterns.ts'
import type { StoreSettings } from './open-store.ts'
import { type TopicSection, topicOf } from './topic-sections.ts'
import type { WorkerConfig } from './worker-config.ts'

/** Less than a check may take as a whole. */
const serverWaitMs = 8000

/** One thing to reach. */
export interface ConnectCheck {
  /** Its place in the file: `sources.logs`, `metrics.listen`. */
  readonly name: string
  /** Fails when it cannot be reached, with an FcscopeError if the reason is known. May not come back: the caller waits only so long. */
  run(): Promise<void>
}

/** The checks of a configuration, in the order of its sections. */
export function connectChecks({ settings }: WorkerConfig): readonly ConnectCheck[] {
  const { sources, store, state, deadLetters, attempts, traces, metrics, web } = settings
  const checks: ConnectCheck[] = sources.flatMap(({ name, definition, options }) => [
    ...textsOf(options['paths']).map(paths => ({
      name: `sources.${name}.paths`,
      run: () => findReadable(new PathPatterns(paths, textsOf(options['exclude'])[0] ?? [])),
    })),
    ...textsOf(options['listen']).map(([address]) => listenCheck(`sources.${name}.listen`, address)),
    ...(definition.check === undefined
      ? []
      : [{ name: `sources.${name}`, run: async () => definition.check?.(options, { source: name, nowMs: Date.now }) }]),
  ])
  checks.push(
    store.type === 'embedded' ? folderCheck('store.path', store.options.path) : serverCheck('store.url', store),
  )
  checks.push(folderCheck('state.path', state.path))
  if (deadLetters.type === 'folder') checks.push(folderCheck('deadLetters.path', deadLetters.options.path))
  else checks.push(topicCheck('deadLetters', settings))
  if (attempts !== undefined) checks.push(topicCheck('attempts', settings))
  if (traces !== undefined) checks.push(tracesCheck(traces))
  if (metrics.otlp !== undefined) checks.push(metricsCheck(metrics.otlp))
  checks.push(listenCheck('metrics.listen', metrics.listen))
  if (web !== undefined) checks.push(listenCheck('web.listen', web.listen))
  return checks
}

/** Options of sources are not typed here: one list for a text or a list of texts, none for anything else. */
function textsOf(option: unknown): readonly (readonly string[])[] {
  const texts = (Array.isArray(option) ? option : [option]).filter(item => typeof item === 'string')
  return texts.length === 0 ? [] : [texts]
}

const listenCheck = (name: string, address: string | undefined): ConnectCheck => ({
  name,
  run: () => tryListening(address ?? ''),
})

const folderCheck = (name: string, folder: string): ConnectCheck => ({ name, run: () => tryFolder(folder) })

const topicCheck = (section: TopicSection, settings: WorkerConfig['settings']): ConnectCheck => ({
  name: `${section}.topic`,
  run: async () => {
    const options = topicOf(settings, section)
    const { checkTopic } = await import('../sinks/kafka/check-topic.ts')
    if (options !== null) await checkTopic(section, options)
  },
})

const tracesCheck = (options: OtlpOptions): ConnectCheck => ({
  name: 'traces.url',
  run: async () => {
    const { probeBackend } = await import('../sinks/otlp/open-transport.ts')
    const { spanSignal, tracesName } = await import('../sinks/otlp/otlp-sink.ts')
    const how = { section: tracesName, signal: spanSignal, nowMs: Date.now }
    const fault = await probeBackend({ ...how, options: { ...options, timeoutMs: serverWaitMs } })
    if (fault !== null) throw unreachable(sameText(fault))
  },
})

const metricsCheck = (options: OtlpMetricsOptions): ConnectCheck => ({
  name: 'metrics.otlp.url',
  run: async () => {
    const { probeBackend } = await import('../sinks/otlp/open-transport.ts')
    const { metricSignal } = await import('../sinks/otlp/metric-request.ts')
    const how = { section: 'metrics.otlp', signal: metricSignal, nowMs: Date.now }
    const fault = await probeBackend({ ...how, options: { ...options, timeoutMs: serverWaitMs } })
    if (fault !== null) throw unreachable(sameText(fault))
  },
})

const sameText = (text: string): Text => ({ en: text, zh: text })

const serverCheck = (name: string, store: Extract<StoreSettings, { type: 'clickhouse' }>): ConnectCheck => ({
  name,
  run: () => tryServer(store),
})

/** Signs in and asks for the database, which need not be there yet. */
async function tryServer(store: Extract<StoreSettings, { type: 'clickhouse' }>): Promise<void> {
  const { openServerReader } = await import('../store/server-store.ts')
  const { url, database, username, password } = store.options
  try {
    const reader = await openServerReader({
      url,
      database,
      username,
      password: password ?? '',
      timeoutMs: serverWaitMs,
    })
    await reader?.close()
  } catch (error) {
    throw unreachable(serverFault(error), error)
  }
}

/** Without the address, which may be out of an expansion. */
function serverFault(error: unknown): Text {
  const cause = error instanceof FcscopeError ? error.cause : error
  const code = cause instanceof StoreError ? cause.clickhouseCode : null
  return code === null
    ? { en: 'ClickHouse does not answer', zh: 'ClickHouse 没有响应' }
    : {
        en: `ClickHouse refuses (code ${code}); check user name, password and database`,
        zh: `ClickHouse 拒绝访问（错误码 ${code}），请检查用户名、密码和数据库`,
      }
}

/** Patterns may match nothing yet; all of them together must match one file that can be read. */
async function findReadable(patterns: PathPatterns): Promise<void> {
  let refused = 0
  for (const path of patterns.expand().paths) {
    if (!(await stat(path).catch(() => null))?.isFile()) continue
    if (await isReadable(path)) return
    refused += 1
  }
  throw refused > 0
    ? unreachable({
        en: `none of ${refused} files can be read by this user`,
        zh: `${refused} 个文件均无法被当前用户读取`,
      })
    : unreachable({ en: 'no file is there', zh: '没有匹配的文件' })
}

const isReadable = (path: string): Promise<boolean> =>
  access(path, constants.R_OK).then(
    () => true,
    () => false,
  )

/** Opens the address for a moment, as the worker would. */
function tryListening(address: string): Promise<void> {
  const place = readListen(address)
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', cause => {
      const fault = listenFault('code' in cause ? String(cause.code) : cause.name)
      reject(new FcscopeError('FCS_LISTEN_FAILED', fault, { cause, exitStatus: ExitStatus.unreachable }))
    })
    server.listen({ host: place?.host, port: place?.port, exclusive: true }, () => server.close(() => resolve()))
  })
}

/** Without the address, which stands in the system's own words: it may be out of an expansion. */
function listenFault(code: string): Text {
  if (code !== 'EADDRINUSE') return { en: `nobody can listen there (${code})`, zh: `无法监听该地址（${code}）` }
  return {
    en: 'the address is in use; if a worker runs with this configuration, it is its own',
    zh: '地址已被占用；若已有 worker 使用该配置运行，则是它占用的',
  }
}

/** The folder, or the nearest one above it that is there, must take files. Nothing is made. */
async function tryFolder(folder: string): Promise<void> {
  let path = folder
  for (;;) {
    const found = await stat(path).catch(() => null)
    if (found?.isDirectory()) break
    if (found !== null)
      throw unreachable({ en: 'a file stands in the place of the folder', zh: '该路径是文件而不是文件夹' })
    path = dirname(path)
  }
  await access(path, constants.W_OK | constants.X_OK).catch(cause => {
    throw unreachable({ en: 'this user may not write there', zh: '当前用户没有写权限' }, cause)
  })
}

const unreachable = (text: Text, cause?: unknown): FcscopeError =>
  new FcscopeError('FCS_INPUT_UNREADABLE', text, { cause, exitStatus: ExitStatus.unreachable })

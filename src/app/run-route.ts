// `fcscope route` from start to end: opens the topic and the sources, runs until it is told to stop, and closes everything.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { readListen } from '../lib/option-schema.ts'
import { FcscopeError } from '../model/fcscope-error.ts'
import type { Ledger } from '../model/ledger.ts'
import { isPartitioned } from '../model/partitioned-source.ts'
import type { Source } from '../model/source.ts'
import { routeStarted, routeStopped } from '../telemetry/events/route.ts'
import { type MetricsServer, startMetricsServer } from './metrics-server.ts'
import { type OpenRoute, openRoute } from './open-route.ts'
import { RouteLocals } from './route-locals.ts'
import type { RouteOptions } from './route-options.ts'
import { RouteShared } from './route-shared.ts'
import { RouteTally } from './route-tally.ts'
import { runFailure } from './run-failure.ts'
import type { RunOptions } from './run-options.ts'
import type { WorkerSettings } from './worker-sections.ts'

/** So much of a source's input is one transaction at most. */
const maxBatchBytes = 4 * 1024 * 1024
/** A topic that has taken nothing for so long makes the process not ready. */
const failingMs = 15_000

/** Sources that are routed in the same way. */
interface Route {
  wake(): void
  stop(): void
  failing(forMs: number): readonly string[]
  start(): Promise<void>
  run(): Promise<void>
  close(): Promise<void>
}

/** Runs until it is stopped or its input has ended. Resolves with the ledger. */
export async function runRoute(run: RunOptions): Promise<Ledger> {
  const { settings } = run.config
  const options = routeOf(settings)
  let stopRequested = false
  let stop = (): void => {
    stopRequested = true
  }
  run.onStoppable(() => stop())
  const folder = join(settings.state.path, 'route')
  const closers: (() => Promise<void> | void)[] = []
  try {
    const open = await openRoute(options, run)
    closers.push(() => open.close())
    const running = new Running(run, options, { open, folder })
    closers.push(() => running.close())
    const server = await running.listen()
    closers.push(() => server.close())
    await running.start(server.address)
    stop = () => running.stop()
    if (stopRequested) stop()
    run.onStarted()
    return await running.run()
  } catch (error) {
    throw runFailure(error, { state: folder, store: '' })
  } finally {
    for (const close of closers.reverse()) await close()
  }
}

class Running {
  readonly #run: RunOptions
  readonly #options: RouteOptions
  readonly #open: OpenRoute
  readonly #tally: RouteTally
  readonly #sources: readonly Source[]
  readonly #routes: readonly Route[]
  readonly #beganMs: number
  #isReady = false

  constructor(run: RunOptions, options: RouteOptions, place: { open: OpenRoute; folder: string }) {
    this.#run = run
    this.#options = options
    this.#open = place.open
    this.#beganMs = run.nowMs()
    this.#tally = new RouteTally(run.nowMs)
    this.#sources = this.#createSources(place.folder)
    this.#routes = this.#createRoutes(place.folder)
  }

  #createSources(folder: string): readonly Source[] {
    const { config, once, log, nowMs } = this.#run
    return config.settings.sources.map(({ name, definition, options }) =>
      definition.create(options, {
        name,
        once,
        folder: makeFolder(join(folder, 'sources', name)),
        log,
        nowMs,
        wake: () => {
          for (const route of this.#routes) route.wake()
        },
      }),
    )
  }

  #createRoutes(folder: string): readonly Route[] {
    const { config, once, log, nowMs, random } = this.#run
    const parts = {
      settings: config.settings,
      options: this.#options,
      folder,
      route: this.#open,
      tally: this.#tally,
      maxBatchBytes,
      once,
      log,
      nowMs,
      random,
      onProgress: () => this.#tellProgress(),
    }
    const shared = this.#sources.filter(isPartitioned)
    const locals = this.#sources.filter(source => !isPartitioned(source))
    return [
      ...(locals.length > 0 ? [new RouteLocals(parts, locals)] : []),
      ...(shared.length > 0 ? [new RouteShared(parts, shared)] : []),
    ]
  }

  listen(): Promise<MetricsServer> {
    const { listen } = this.#run.config.settings.metrics
    // Checked with the configuration.
    const { host, port } = readListen(listen) ?? { host: '127.0.0.1', port: 0 }
    const { registry } = this.#tally.metrics
    return startMetricsServer({
      host,
      port,
      registry,
      observe: () => this.#observe(),
      notReady: () =>
        this.#isReady
          ? this.#routes.flatMap(route => route.failing(failingMs))
          : ['the worker is starting or stopping'],
    })
  }

  async start(address: string): Promise<void> {
    for (const route of this.#routes) await route.start()
    const { log, version } = this.#run
    const { topic } = this.#open
    routeStarted(log, {
      version,
      sources: this.#sources.map(({ name }) => name).join(','),
      topic: topic.name,
      key: this.#options.key,
      metrics: `http://${address}/metrics`,
    })
    this.#isReady = true
  }

  stop(): void {
    for (const route of this.#routes) route.stop()
  }

  async run(): Promise<Ledger> {
    const ended = await Promise.allSettled(
      this.#routes.map(route =>
        route.run().catch((error: unknown) => {
          // What the others have is brought to its end, and then everything ends.
          this.stop()
          throw error
        }),
      ),
    )
    this.#isReady = false
    for (const end of ended) if (end.status === 'rejected') throw end.reason
    const { ledger, bytes, messages } = this.#tally
    const seconds = Math.round((this.#run.nowMs() - this.#beganMs) / 100) / 10
    const { received: records, deadLettered } = ledger
    routeStopped(this.#run.log, { records, bytes, messages, deadLettered, seconds })
    return ledger
  }

  #observe(): void {
    const { metrics, ledger, bytes } = this.#tally
    for (const source of this.#sources) metrics.observeLag(source.name, source.lag(), bytes / ledger.received)
    metrics.observeEngine({ ledger, openAttempts: 0, beyondHorizon: 0 })
  }

  #tellProgress(): void {
    this.#run.onProgress?.(this.#tally.progress(this.#sources.map(source => source.lag())))
  }

  async close(): Promise<void> {
    for (const route of this.#routes) await route.close()
  }
}

/** Fails where the configuration does not say where to write, or would read what it writes. */
function routeOf({ route, sources }: WorkerSettings): RouteOptions {
  if (route === undefined) {
    throw new FcscopeError('FCS_CONFIG_INVALID', {
      en: 'route: found nothing; fcscope route needs it: a mapping with brokers and topic.',
      zh: 'route：未找到该节；fcscope route 需要它：含有 brokers 和 topic 的映射。',
    })
  }
  const isRead = sources.some(
    ({ options: { topics, brokers } }) => holds(topics, route.topic) && shares(brokers, route),
  )
  if (!isRead) return route
  throw new FcscopeError('FCS_CONFIG_INVALID', {
    en: `route.topic: a source reads ${route.topic}, so that it would be routed again and again; name another topic.`,
    zh: `route.topic：有数据源正在读取 ${route.topic}，会造成循环路由；请更换主题。`,
  })
}

/** Options of sources are not typed here. */
const holds = (list: unknown, text: string): boolean => Array.isArray(list) && list.includes(text)
const shares = (list: unknown, { brokers }: RouteOptions): boolean => brokers.some(broker => holds(list, broker))

function makeFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  return path
}

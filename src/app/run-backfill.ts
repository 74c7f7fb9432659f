// A back-fill from start to end: a worker that reads nothing but the rows of one range, and stores what is not there yet.
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Lang } from '../model/cause.ts'
import { FcscopeError } from '../model/fcscope-error.ts'
import type { StoreConnection } from '../model/store-connection.ts'
import { defineSource } from '../sources/shared/source-definition.ts'
import { openSearchCalls } from '../sources/sls-search/search-calls.ts'
import { SearchSource } from '../sources/sls-search/search-source.ts'
import { StoreBusy } from '../store/embedded-store.ts'
import { countAttempts, countLines } from '../store/range-counts.ts'
import { createLog, type Log, type LogSeverity } from '../telemetry/log.ts'
import { wantsAttempt } from './backfill/attempts-within.ts'
import { BackfillLines } from './backfill/backfill-lines.ts'
import { EdgeRequests } from './backfill/edge-requests.ts'
import type { LogstorePlace } from './backfill/logstore-place.ts'
import { partsOf, type RangePart, type ReadRange, readRange, type TimeSpan } from './backfill/range-parts.ts'
import { makeTemporaryState } from './backfill/temporary-state.ts'
import { openOwnStore, type StoreSettings } from './open-store.ts'
import type { RunOptions } from './run-options.ts'
import { runWorker } from './run-worker.ts'
import { storeFailure } from './store-failure.ts'
import { independentLetters } from './topic-sections.ts'
import type { WorkerConfig } from './worker-config.ts'

/** What is to be brought. */
export interface BackfillWish {
  readonly place: LogstorePlace
  readonly fromMs: number
  readonly toMs: number
  /** The longest that an attempt takes: so much is read beside the range. */
  readonly marginMs: number
  /** Null for all rows. */
  readonly query: string | null
  /** Requests that may be under way at once. */
  readonly inFlight: number
}

export interface BackfillOptions {
  readonly config: WorkerConfig
  readonly wish: BackfillWish
  readonly lang: Lang
  readonly version: string
  readonly logLevel: LogSeverity | 'silent'
  readonly isTerminal: boolean
  readonly write: (text: string) => void
  readonly nowMs: () => number
  readonly onStoppable: RunOptions['onStoppable']
  readonly onProgress: RunOptions['onProgress']
}

/** What came of it. */
export interface BackfillOutcome {
  /** Rows of the range, and those of its margins. */
  readonly rows: number
  readonly rowsBeside: number
  /** What the store did not have. */
  readonly newLines: number
  readonly newAttempts: number
  /** False when it was stopped before its end. */
  readonly isWhole: boolean
  readonly unaccounted: number
}

/** Rows wait for others so long at least: answers come with few at a time. */
const minLingerMs = 1000

type Part = TimeSpan & { readonly part: RangePart; readonly streamId: string }

/** Fails with an `FcscopeError`. Whatever ends it, it can be run again: nothing is stored twice. */
export async function runBackfill(options: BackfillOptions): Promise<BackfillOutcome> {
  const { config, wish, nowMs } = options
  const { store, state } = config.settings
  const sinceMs = nowMs()
  const range = readRange({ ...wish, nowMs: sinceMs })
  const parts = streamsOf(wish, range, sinceMs)
  const span = { fromMs: range.all.from * 1000, toMs: range.all.to * 1000 }
  const before = await askStore(store, connection => countAttempts(connection, span))
  const temporary = makeTemporaryState(state.path, sinceMs)
  try {
    const { source, unaccounted } = await run(options, { range, parts, statePath: temporary.path })
    const rows = new Map(parts.map(({ part }, at) => [part, source.rows[at] ?? 0]))
    const streamId = parts.find(({ part }) => part === 'within')?.streamId ?? ''
    const [newLines, after] = await askStore(store, connection =>
      Promise.all([countLines(connection, { streamId, sinceMs }), countAttempts(connection, span)]),
    )
    return {
      rows: rows.get('within') ?? 0,
      rowsBeside: (rows.get('before') ?? 0) + (rows.get('behind') ?? 0),
      newLines,
      newAttempts: Math.max(0, after - before),
      isWhole: source.isDone(),
      unaccounted,
    }
  } finally {
    temporary.remove()
  }
}

/** Ids that no other run has. */
function streamsOf({ place, query }: BackfillWish, range: ReadRange, timeMs: number): readonly Part[] {
  const { endpoint, project, logstore } = place
  return partsOf(range).map(span => {
    const identity = [endpoint, project, logstore, query, range.within, span.part, timeMs, process.pid]
    const id = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 16)
    return { ...span, streamId: /^0+$/.test(id) ? `${id.slice(1)}1` : id }
  })
}

async function run(
  options: BackfillOptions,
  how: { range: ReadRange; parts: readonly Part[]; statePath: string },
): Promise<{ source: SearchSource; unaccounted: number }> {
  const { config, wish, lang, logLevel, isTerminal, write, ...rest } = options
  const { range, parts, statePath } = how
  const log = quiet(createLog({ lang, level: logLevel, isTerminal, nowMs: rest.nowMs, write }))
  const edges = new EdgeRequests()
  let source: SearchSource | null = null
  const open = (made: SearchSource): SearchSource => {
    source = made
    return made
  }
  const ledger = await runWorker({
    ...rest,
    lang,
    log,
    once: true,
    random: Math.random,
    onStarted: () => {},
    config: configFor(config, { statePath, definition: definitionOf(wish, parts, open) }),
    backfill: {
      wantsAttempt: wantsAttempt({
        range,
        isFiltered: wish.query !== null,
        isBeside: ({ requestId }) => edges.isFull || (requestId !== null && edges.isBeside(requestId)),
      }),
      lineChoice: new BackfillLines(new Map(parts.map(({ streamId, part }) => [streamId, part])), edges),
    },
  })
  if (source === null) throw new RangeError('BUG: a worker without its source')
  return { source, unaccounted: ledger.unaccounted }
}

/** The worker's configuration but for what a back-fill must not share with a worker. */
function configFor(
  config: WorkerConfig,
  own: { readonly statePath: string; readonly definition: ReturnType<typeof definitionOf> },
): WorkerConfig {
  const { settings } = config
  const { batch, metrics, state } = settings
  return {
    ...config,
    settings: {
      ...settings,
      sources: [{ type: own.definition.type, name: 'backfill', definition: own.definition, options: {} }],
      state: { ...state, path: own.statePath },
      // The sources are not there to lend their connection.
      deadLetters: independentLetters(settings),
      // They were given out by the worker, as far as the topic has to know of them.
      attempts: undefined,
      // On any port that is free: nobody is told of it.
      metrics: { ...metrics, listen: '127.0.0.1:0' },
      batch: { ...batch, lingerMs: Math.max(batch.lingerMs, minLingerMs) },
    },
  }
}

function definitionOf(wish: BackfillWish, spans: readonly Part[], open: (source: SearchSource) => SearchSource) {
  const { place, query, inFlight } = wish
  const { endpoint, project, logstore, address, credentials } = place
  return defineSource({
    type: 'slsSearch',
    options: z.strictObject({}),
    create: (_, deps) =>
      open(
        new SearchSource({
          endpoint,
          project,
          logstore,
          spans,
          inFlight,
          deps,
          connect: () =>
            openSearchCalls({ address, project, logstore, query, credentials, inFlight, nowMs: deps.nowMs }),
          sleep: (ms, signal) => sleep(ms, undefined, { signal }),
          random: Math.random,
          monotonicMs: () => performance.now(),
        }),
      ),
  })
}

/** What is true of a worker that follows, and would mislead here. */
const unsaid: ReadonlySet<string> = new Set(['stateIsNew', 'workerStarted', 'workerStopped'])

const quiet = (log: Log): Log => ({
  write: (severity, event, text, fields) => {
    if (!unsaid.has(event)) log.write(severity, event, text, fields)
  },
})

/** Opens the store for a moment. Fails with `FCS_STORE_UNAVAILABLE`, also when a worker has it. */
async function askStore<T>(settings: StoreSettings, ask: (store: StoreConnection) => Promise<T>): Promise<T> {
  const store = await openOwnStore(settings).catch((error: unknown) => {
    throw withWorker(error)
  })
  try {
    return await ask(store)
  } catch (error) {
    throw storeFailure(error, store.label)
  } finally {
    await store.close()
  }
}

function withWorker(error: unknown): unknown {
  if (!(error instanceof FcscopeError) || !(error.cause instanceof StoreBusy)) return error
  const { code, text, cause, exitStatus } = error
  return new FcscopeError(
    code,
    {
      en: `${text.en} A back-fill and a worker can be at work at once on a ClickHouse server (store: {type: clickhouse, url: …}).`,
      zh: `${text.zh}若需与 worker 同时运行，请使用 ClickHouse 服务器（store: {type: clickhouse, url: …}）。`,
    },
    { cause, exitStatus },
  )
}

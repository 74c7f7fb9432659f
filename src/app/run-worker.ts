// The worker from start to end: opens everything, brings the state back, runs the loop, and closes everything in order.
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Delivery } from '../model/delivery.ts'
import { ExitStatus, FcscopeError } from '../model/fcscope-error.ts'
import type { Ledger } from '../model/ledger.ts'
import { isPartitioned } from '../model/partitioned-source.ts'
import type { Source, StoredStream } from '../model/source.ts'
import { Recovery } from '../pipeline/recover.ts'
import { type Remembered, WorkerState } from '../state/worker-state.ts'
import { stateIsNew, stateRecovered, workerStarted, workerStopped } from '../telemetry/events/worker.ts'
import { Assembly } from './assemble-worker.ts'
import { BillHours } from './bill/keep-bill-hours.ts'
import { deliverRest } from './deliver-rest.ts'
import { startMetricsServer } from './metrics-server.ts'
import { openOwnStore } from './open-store.ts'
import { runFailure } from './run-failure.ts'
import type { RunOptions } from './run-options.ts'
import { streamIdsOf } from './store-handover.ts'
import { startWorkerApi } from './worker-api.ts'
import { openWorkerStore, type WorkerStore } from './worker-store.ts'

/** Runs until it is stopped or its input has ended. Resolves with the ledger. */
export async function runWorker(options: RunOptions): Promise<Ledger> {
  const { config, log, nowMs } = options
  const { settings } = config
  const beganMs = nowMs()
  let stopRequested = false
  let stop = (): void => {
    stopRequested = true
  }
  options.onStoppable(() => stop())
  const state = WorkerState.open(settings.state.path)
  const closers: (() => Promise<void> | void)[] = [() => state.close()]
  let storeLabel = 'store'
  try {
    const store = await openWorkerStore({
      state,
      connection: await openOwnStore(settings.store),
      settings: settings.store,
    })
    storeLabel = store.connection.label
    closers.push(() => store.connection.close())
    if (store.isStateLost) stateIsNew(log, { store: store.connection.label, streams: store.streams.size })
    const remembered = state.remember()
    const assembly = new Assembly({ options, state, store, remembered })
    closers.push(() => assembly.close())
    await assembly.openTopics()
    const api = await startWorkerApi({ options, store: store.connection, assembly, beganMs })
    closers.push(() => api.close())
    const server = await startMetricsServer(assembly.metricsServer)
    closers.push(() => server.close())
    const stopExport = await startMetricExport(assembly, options, state.id)
    closers.push(stopExport)
    const locals = assembly.sources.filter(source => !isPartitioned(source))
    const others = assembly.sources.filter(isPartitioned)
    for (const source of locals) await begin(source, streamsOf(source.name, remembered, store), closers)
    await recover({ assembly, state, remembered, log, nowMs })
    // Once they are in their groups they must be able to read at once.
    for (const source of others) await begin(source, [], closers)
    workerStarted(log, {
      version: options.version,
      sources: settings.sources.map(({ name }) => name).join(','),
      store: store.connection.label,
      state: state.folder,
      metrics: `http://${server.address}/metrics`,
    })
    stop = () => assembly.worker.stop()
    if (stopRequested) stop()
    const { bill } = assembly.figures
    const { retentionDays } = settings.store.options
    const billHours = new BillHours({
      store: store.connection,
      bill,
      retentionDays,
      nowMs,
      isStopping: () => assembly.worker.isStopping,
      log,
    })
    closers.push(() => billHours.stop({ isLast: false }))
    billHours.start()
    assembly.setReady(true)
    options.onStarted()
    await assembly.worker.run()
    assembly.setReady(false)
    for (const source of locals) await source.stop()
    const [late] = await deliverRest({ queues: assembly.queues, worker: assembly.worker, nowMs })
    await assembly.noteStreams()
    if (late !== undefined) throw undelivered(late.name, store.connection.label)
    await billHours.stop({ isLast: assembly.worker.hasEnded })
    await assembly.worker.noteEnd()
    for (const source of others) await source.stop()
    const { ledger } = assembly
    const seconds = Math.round((nowMs() - beganMs) / 100) / 10
    workerStopped(log, { records: ledger.received, attempts: ledger.attempts, seconds })
    return ledger
  } catch (error) {
    throw runFailure(error, { state: state.folder, store: storeLabel })
  } finally {
    for (const close of closers.reverse()) await close()
  }
}

/** Where metrics are sent to a backend as well; resolves with what ends it. */
async function startMetricExport(
  assembly: Assembly,
  options: RunOptions,
  stateId: string,
): Promise<() => Promise<void>> {
  const { config, version, log, nowMs } = options
  const { otlp } = config.settings.metrics
  if (otlp === undefined) return async () => {}
  const { MetricExport } = await import('./metric-export.ts')
  const { registry, observe } = assembly.metricsServer
  const resource = { 'service.name': 'fcscope', 'service.version': version, 'service.instance.id': stateId }
  const onSent = (result: 'ok' | 'failed'): void => assembly.metrics.metricsSent(result)
  const started = await MetricExport.start({ options: otlp, registry, observe, resource, onSent, log, nowMs })
  return () => started.stop()
}

async function begin(
  source: Source,
  stored: readonly StoredStream[],
  closers: (() => Promise<void> | void)[],
): Promise<void> {
  closers.push(() => source.stop())
  await source.start(stored)
}

/** Engine, counters and deliveries as they were when the last batch was committed. */
async function recover(parts: {
  assembly: Assembly
  state: WorkerState
  remembered: Remembered
  log: RunOptions['log']
  nowMs: () => number
}): Promise<void> {
  const { assembly, state, remembered, log, nowMs } = parts
  const beganMs = nowMs()
  const { snapshot, batches, deliveries, counters } = remembered
  if (snapshot !== null) {
    const bytes = await state.readSnapshot(snapshot)
    if (bytes === null) throw damagedSnapshot(state.folder)
    assembly.engine.load(bytes)
  }
  const { engine, sources } = assembly
  const recovery = new Recovery({ engine, sources, log, clearRows: () => assembly.forgetBatch() })
  for (const { steps } of batches) await recovery.replay(steps)
  assembly.forgetBatch()
  // Partitions may be another's by now, and are read anew where they are not.
  engine.abandon(home => home !== '')
  assembly.metrics.load(counters)
  assembly.metrics.begin(assembly.ledger)
  assembly.attemptMetrics.load(counters)
  assembly.metrics.observeEngine(assembly.engine)
  removeOrphans(assembly.spillFolder, deliveries)
  assembly.deliverAgain(deliveries, streamIdsOf(assembly.places))
  if (remembered.lastBatch === 0) return
  const seconds = Math.round((nowMs() - beganMs) / 100) / 10
  stateRecovered(log, { batches: batches.length, bytes: recovery.bytes, seconds, deliveries: deliveries.length })
}

/** What the state says of a source's streams, behind what only the store knows. */
function streamsOf(name: string, remembered: Remembered, store: WorkerStore): readonly StoredStream[] {
  const own = remembered.streams.get(name) ?? []
  const known = new Set(own.map(({ streamId }) => streamId))
  return [...(store.streams.get(name) ?? []).filter(({ streamId }) => !known.has(streamId)), ...own]
}

function damagedSnapshot(folder: string): FcscopeError {
  return new FcscopeError(
    'FCS_STATE_UNUSABLE',
    {
      en: `${folder}: the engine's saved state is missing or damaged. Move this folder away and start again: everything is read again, and nothing is stored twice.`,
      zh: `${folder}：引擎的已存状态缺失或损坏。请移走该目录后重新启动：数据将重新读取，且不会重复存储。`,
    },
    { exitStatus: ExitStatus.unreachable },
  )
}

/** Files of batches that were not committed before a crash: they are made again. */
function removeOrphans(folder: string, deliveries: readonly Delivery[]): void {
  const named = new Set(deliveries.map(({ file }) => file))
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    if (!named.has(file)) rmSync(file, { force: true })
  }
}

function undelivered(sink: string, storeLabel: string): FcscopeError {
  const isStore = sink === 'store'
  const who = isStore ? { en: `${storeLabel}: the store`, zh: `${storeLabel}：存储` } : { en: sink, zh: `${sink} ` }
  return new FcscopeError(
    isStore ? 'FCS_STORE_UNAVAILABLE' : 'FCS_OUTPUT_FAILED',
    {
      en: `${who.en} took nothing for too long. What was read waits on disk and is delivered by the next run.`,
      zh: `${who.zh}长时间无法写入。已读取的数据暂存于磁盘，将在下次运行时投递。`,
    },
    { exitStatus: ExitStatus.unreachable },
  )
}

// The worker's store: brought to the schema of this version, and held against the state that says what it was given.
import { ExitStatus, FcscopeError } from '../model/fcscope-error.ts'
import type { StoredStream } from '../model/source.ts'
import { StoreError, type StoreWriter } from '../model/store-connection.ts'
import { isTransient } from '../state/state-error.ts'
import type { WorkerState } from '../state/worker-state.ts'
import { lastGeneration, lastPositions, readStreams } from '../store/known-streams.ts'
import { migrate } from '../store/migrate.ts'
import type { StoreSettings } from './open-store.ts'
import { StoredLines } from './stored-lines.ts'

export interface WorkerStore {
  readonly connection: StoreWriter
  /** The store has data that this state knows nothing of. */
  readonly isStateLost: boolean
  /** Until what a lost state had read is read again: the streams that the store was fed from, by source. */
  readonly streams: ReadonlyMap<string, readonly StoredStream[]>
  /** Keeps out what is stored already. */
  readonly stored: StoredLines
}

/** Fails with `FCS_STORE_MISMATCH` when the state belongs to another store, and with `FCS_STORE_UNAVAILABLE`. */
export async function openWorkerStore(parts: {
  state: WorkerState
  connection: StoreWriter
  settings: StoreSettings
}): Promise<WorkerStore> {
  const { state, connection } = parts
  try {
    return await bindStore(parts)
  } catch (error) {
    await connection.close()
    if (!(error instanceof StoreError)) throw error
    throw unusable(connection.label, error, state)
  }
}

async function bindStore(parts: {
  state: WorkerState
  connection: StoreWriter
  settings: StoreSettings
}): Promise<WorkerStore> {
  const { state, connection, settings } = parts
  const store = await migrate(connection, { retentionDays: settings.options.retentionDays })
  const known = state.meta('storeId')
  const hasDelivered = state.meta('lastBatch') !== null
  if (known !== null && known !== store.id && hasDelivered) throw mismatch(connection.label, state.folder)
  const isOwn = known === store.id && state.meta(catchingUp) !== 'true'
  const found = store.isNew || isOwn ? null : await findStored(connection)
  // Said before the state belongs to the store: a run that ends before it has caught up must not be the last that looks.
  if (found !== null) state.setMeta(catchingUp, 'true')
  if (known !== store.id) {
    state.setMeta('generation', String(found === null ? 0 : (await lastGeneration(connection)) + 1))
    state.setMeta('storeId', store.id)
  }
  if (found === null) {
    return { connection, isStateLost: false, streams: new Map(), stored: new StoredLines(connection, new Map(), null) }
  }
  const stored = new StoredLines(connection, found.last, () => noteCaughtUp(state))
  return { connection, isStateLost: known !== store.id, streams: found.streams, stored }
}

/** Streams that the store was fed from, and how far; null when it has no data. */
async function findStored(
  connection: StoreWriter,
): Promise<{ streams: Map<string, StoredStream[]>; last: Map<string, number> } | null> {
  const streams = await readStreams(connection)
  const last = await lastPositions(connection)
  return streams.size + last.size === 0 ? null : { streams, last }
}

/** Where a full disk keeps that from being noted, the next start looks once more. */
function noteCaughtUp(state: WorkerState): void {
  try {
    state.setMeta(catchingUp, 'false')
  } catch (error) {
    if (!isTransient(error)) throw error
  }
}

/** Said of a state that was lost: what is read may be in the store. */
const catchingUp = 'isCatchingUp'

function mismatch(label: string, folder: string): FcscopeError {
  return new FcscopeError('FCS_STORE_MISMATCH', {
    en: `${label} is not the store that the state in ${folder} was delivered to: it is new, or another one. Bring that store back or correct the store settings; or remove ${folder}, and what the sources still have is read and stored again.`,
    zh: `${label} 不是 ${folder} 中的状态所对应的存储：它是新建的，或是另一个存储。请恢复原存储或更正 store 配置；或者删除 ${folder}，数据源中仍有的数据将重新读取并存储。`,
  })
}

function unusable(label: string, cause: StoreError, state: WorkerState): FcscopeError {
  return new FcscopeError(
    'FCS_STORE_UNAVAILABLE',
    {
      en: `${label}: the store cannot be prepared (${cause.message}). Check it, then start again; the state in ${state.folder} is untouched.`,
      zh: `${label}：无法准备存储（${cause.message}）。请检查后重新启动；${state.folder} 中的状态未改动。`,
    },
    { cause, exitStatus: ExitStatus.unreachable },
  )
}

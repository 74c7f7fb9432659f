// Opens the store that the configuration names.
import { ExitStatus, FcscopeError } from '../model/fcscope-error.ts'
import type { StoreWriter } from '../model/store-connection.ts'
import { openEmbeddedStore, StoreBusy } from '../store/embedded-store.ts'
import type { WorkerConfig } from './worker-config.ts'

export type StoreSettings = WorkerConfig['settings']['store']

/** For one request to a server. */
const requestTimeoutMs = 120_000

/** Memory of the embedded engine, for queries and merges. */
const maxMemoryBytes = 3 * 1024 * 1024 * 1024

/** A query that reads the folder by itself has it for a moment: a worker that starts then waits for it. */
const lockWaitMs = 5000
const lockRetryMs = 100

// Each statement of the embedded engine holds a thread of this pool, up to seven at once, and files need threads as well. It counts
// when it is set before the first of them begins.
process.env['UV_THREADPOOL_SIZE'] ??= '12'

/**
 * Opens the store for writing. Fails with `FCS_STORE_UNAVAILABLE`; for an embedded store that another process has open with a
 * {@link StoreBusy}.
 */
export async function openStore(
  { type, options }: StoreSettings,
  how: { readonly isForReading?: boolean } = {},
): Promise<StoreWriter> {
  if (type === 'embedded') return openEmbeddedStore({ path: options.path, maxMemoryBytes, ...how })
  const { openServerStore } = await import('../store/server-store.ts')
  const { url, database, username, password } = options
  return openServerStore({ url, database, username, password: password ?? '', timeoutMs: requestTimeoutMs })
}

/** The same for a worker, which cannot do with somebody else's. */
export async function openOwnStore(settings: StoreSettings): Promise<StoreWriter> {
  try {
    return await retryWhileBusy(() => openStore(settings))
  } catch (error) {
    if (!(error instanceof StoreBusy)) throw error
    const path = settings.type === 'embedded' ? settings.options.path : ''
    throw new FcscopeError(
      'FCS_STORE_UNAVAILABLE',
      {
        en: `${path}: another process has this store open. Stop that worker or query, or name another folder in store.path.`,
        zh: `${path}：该存储正被另一个进程使用。请停止相应的 worker 或查询，或在 store.path 中指定其他目录。`,
      },
      { cause: error, exitStatus: ExitStatus.unreachable },
    )
  }
}

async function retryWhileBusy<T>(open: () => Promise<T>): Promise<T> {
  for (let waitedMs = 0; ; waitedMs += lockRetryMs) {
    try {
      return await open()
    } catch (error) {
      if (!(error instanceof StoreBusy) || waitedMs >= lockWaitMs) throw error
      await new Promise(resolve => setTimeout(resolve, lockRetryMs))
    }
  }
}

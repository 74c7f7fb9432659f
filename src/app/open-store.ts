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

/**
 * Opens the store for writing. Fails with `FCS_STORE_UNAVAILABLE`; for an embedded store that another process has open with a
 * {@link StoreBusy}.
 */
export async function openStore({ type, options }: StoreSettings): Promise<StoreWriter> {
  if (type === 'embedded') return openEmbeddedStore({ path: options.path, maxMemoryBytes })
  const { openServerStore } = await import('../store/server-store.ts')
  const { url, database, username, password } = options
  return openServerStore({ url, database, username, password: password ?? '', timeoutMs: requestTimeoutMs })
}

/** The same for a worker, which cannot do with somebody else's. */
export async function openOwnStore(settings: StoreSettings): Promise<StoreWriter> {
  try {
    return await openStore(settings)
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

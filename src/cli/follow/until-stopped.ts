// Commands that go on until Ctrl-C, on a store that may be away for a while.
import type { WorkerConfig } from '../../app/worker-config.ts'
import { ExitStatus, type Text } from '../../model/fcscope-error.ts'
import type { Arguments, Context } from '../command.ts'
import { printStoreConfig, readStoreConfig } from '../store-command.ts'

export interface Following {
  readonly config: WorkerConfig
  /** Aborted when it is time to stop. */
  readonly signal: AbortSignal
  /** Tells that nobody can be asked now; `reason` is null where no worker runs. */
  readonly onWaiting: (reason: string | null) => void
}

/** Runs `work` until it ends by itself or is stopped; the status says which. */
export async function untilStopped(
  args: Arguments,
  context: Context,
  work: (following: Following) => Promise<void>,
): Promise<ExitStatus> {
  const config = await readStoreConfig(args, context)
  if (context.isConfigPrint) return printStoreConfig(config, context)
  const { detachStandardInput } = await import('../../app/standard-input.ts')
  const { storeFailure } = await import('../../app/store-failure.ts')
  detachStandardInput()
  const stopping = new AbortController()
  context.onInterrupt(() => stopping.abort())
  try {
    await work({ config, signal: stopping.signal, onWaiting: reason => tellWaiting(reason, context) })
  } catch (error) {
    throw storeFailure(error, storeName(config))
  }
  return stopping.signal.aborted ? ExitStatus.interrupted : ExitStatus.done
}

const storeName = ({ settings: { store } }: WorkerConfig): string =>
  store.type === 'embedded' ? store.options.path : store.options.url

/** Why nothing comes, in one line. */
export function waitingText(reason: string | null): Text {
  return reason === null
    ? { en: 'no worker runs; waiting for one.', zh: '没有 worker 在运行，等待其启动。' }
    : { en: `the store cannot be asked now; waiting (${reason})`, zh: `暂时无法查询存储，等待中（${reason}）` }
}

function tellWaiting(reason: string | null, context: Context): void {
  if (context.logLevel === 'silent' || context.logLevel === 'error') return
  context.writeStderr(`fcscope: ${waitingText(reason)[context.lang]}\n`)
}

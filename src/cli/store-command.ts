// What commands that read the store have in common: its configuration, its opening and closing, and what is said when it fails.
import type { StoreReader } from '../app/open-store-reader.ts'
import type { WorkerConfig } from '../app/worker-config.ts'
import { ExitStatus } from '../model/fcscope-error.ts'
import type { Arguments, Context } from './command.ts'
import { configPath } from './config-option.ts'

/** The configuration that the arguments name, or the usual one, or the defaults. */
export async function readStoreConfig(args: Arguments, context: Context): Promise<WorkerConfig> {
  const { loadStoreConfig } = await import('../app/store-config.ts')
  return loadStoreConfig(configPath(args), { folder: process.cwd(), environment: context.environment })
}

/** `--config-print` for such a command. */
export async function printStoreConfig(config: WorkerConfig, context: Context): Promise<ExitStatus> {
  const { printWorkerConfig } = await import('../app/worker-config.ts')
  await context.stdout.write(Buffer.from(printWorkerConfig(config)))
  return ExitStatus.done
}

/** Runs `work` on the open store, and closes it. */
export async function withStore(
  args: Arguments,
  context: Context,
  work: (store: StoreReader, config: WorkerConfig) => Promise<ExitStatus>,
): Promise<ExitStatus> {
  const config = await readStoreConfig(args, context)
  if (context.isConfigPrint) return printStoreConfig(config, context)
  const { detachStandardInput } = await import('../app/standard-input.ts')
  detachStandardInput()
  const { openStoreReader } = await import('../app/open-store-reader.ts')
  const { storeFailure } = await import('../app/store-failure.ts')
  const store = await openStoreReader(config)
  try {
    return await work(store, config)
  } catch (error) {
    throw storeFailure(error, store.connection.label)
  } finally {
    await store.connection.close()
  }
}

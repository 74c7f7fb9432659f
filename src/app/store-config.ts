// The configuration of commands that read the store: a file, or the defaults.
import { defaultWorkerConfig, type Environment, loadWorkerConfig, type WorkerConfig } from './worker-config.ts'

/** `path`: null takes the defaults (contract §6), with paths below `folder`. Fails as `loadWorkerConfig` does. */
export const loadStoreConfig = (path: string | null, at: { folder: string; environment: Environment }): WorkerConfig =>
  path === null ? defaultWorkerConfig(at.folder) : loadWorkerConfig(path, at.environment)

// The configuration of the worker: from a file or from nothing into checked settings, and back into text.
import type { CheckedConfig } from '../config/check-config.ts'
import { defineConfig } from '../config/config-sections.ts'
import { type ConfigReading, configOf, loadConfig, readConfig } from '../config/load-config.ts'
import { printConfig } from '../config/print-config.ts'
import { plannedSections, workerRules, workerSections } from './worker-sections.ts'

/** What `-c FILE` may hold. */
export const workerSchema = defineConfig({ sections: workerSections, planned: plannedSections, rules: workerRules })

/** The checked configuration; `settings` is what the parts are made from. */
export type WorkerConfig = CheckedConfig<typeof workerSections>
export type WorkerConfigReading = ConfigReading<typeof workerSections>

export type Environment = Readonly<Record<string, string | undefined>>

/** Fails with an FcscopeError: FCS_INPUT_MISSING, FCS_INPUT_UNREADABLE, or FCS_CONFIG_INVALID with every problem. */
export const loadWorkerConfig = (path: string, environment: Environment): WorkerConfig =>
  loadConfig(path, workerSchema, environment)

/** The same with the problems as values, for whoever tells them one by one. */
export const readWorkerConfig = (path: string, environment: Environment): WorkerConfigReading =>
  readConfig(path, workerSchema, environment)

/**
 * The configuration when there is no file: the defaults, and `values`, written as in a file, in their place. Paths are taken from
 * `folder`. Without `sources` among the values there are none.
 */
export const defaultWorkerConfig = (folder: string, values: Readonly<Record<string, unknown>> = {}): WorkerConfig =>
  configOf(values, workerSchema, folder)

/** What `--config-print` shows: YAML that can be loaded again, without secrets. */
export const printWorkerConfig = (config: WorkerConfig): string => printConfig(workerSchema, config)

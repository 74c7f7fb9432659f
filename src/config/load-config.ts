// A configuration from a file.
import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type CheckedConfig, type ConfigCheck, checkConfig, checkValues } from './check-config.ts'
import { configError } from './config-problem.ts'
import type { ConfigSchema, Sections } from './config-sections.ts'
import type { ExpansionSources } from './expand-text.ts'
import { readConfigFile } from './read-config-file.ts'

type Environment = ExpansionSources['environment']

/** What a file was found to be. */
export interface ConfigReading<S extends Sections> {
  readonly file: string
  readonly folder: string
  readonly check: ConfigCheck<S>
}

/** Reads and checks a file. Throws an FcscopeError (FCS_INPUT_…) only when there is nothing to check. */
export function readConfig<S extends Sections>(
  path: string,
  schema: ConfigSchema<S>,
  environment: Environment,
): ConfigReading<S> {
  const file = resolve(path)
  const text = readConfigFile(path)
  const folder = folderOf(file)
  return { file, folder, check: checkConfig(text, schema, { environment, folder }) }
}

/** The configuration in a file. Throws an FcscopeError: as {@link readConfig}, or FCS_CONFIG_INVALID with every problem. */
export function loadConfig<S extends Sections>(
  path: string,
  schema: ConfigSchema<S>,
  environment: Environment,
): CheckedConfig<S> {
  const { file, folder, check } = readConfig(path, schema, environment)
  if (check.status === 'invalid') throw configError(path, check.problems)
  return { file, folder, settings: check.settings, expressions: check.expressions }
}

/**
 * The configuration of a program that was given no file: defaults and what the program itself puts in their place. It may do
 * without the parts that a file must name. What is wrong with `values` is a bug.
 */
export function configOf<S extends Sections>(
  values: Readonly<Record<string, unknown>>,
  schema: ConfigSchema<S>,
  folder: string,
): CheckedConfig<S> {
  const check = checkValues(values, schema, { environment: {}, folder, mayLackParts: true })
  if (check.status === 'invalid') throw new Error(check.findings.map(({ text }) => text.en).join('. '))
  return { file: null, folder: resolve(folder), settings: check.settings, expressions: check.expressions }
}

/** A pipe (`-c <(…)`) is in no folder that means anything: then it is the working directory. */
const folderOf = (file: string): string => (statSync(file).isFile() ? dirname(file) : resolve('.'))

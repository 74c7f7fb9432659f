// functions.yaml from a file.
import type { FunctionConfig } from '../model/function-config.ts'
import { checkFunctions } from './check-functions.ts'
import { configError } from './config-problem.ts'
import { readConfigFile } from './read-config-file.ts'

/**
 * The entries of a functions.yaml (docs/functions-yaml.md) in their order. Throws an FcscopeError: FCS_INPUT_MISSING or
 * FCS_INPUT_UNREADABLE for the file, FCS_CONFIG_INVALID with every problem in it.
 */
export function loadFunctions(path: string): readonly FunctionConfig[] {
  const check = checkFunctions(readConfigFile(path))
  if (check.status === 'invalid') throw configError(path, check.problems)
  return check.functions
}

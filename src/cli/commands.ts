// The list of commands, in the order of the help. Each is loaded when it is needed.
import type { Command } from './command.ts'

type Loader = () => Promise<Command>

export const commandLoaders: Readonly<Record<string, Loader>> = {
  run: async () => (await import('./run.ts')).runCommand,
  route: async () => (await import('./route.ts')).routeCommand,
  parse: async () => (await import('./parse.ts')).parseCommand,
  reconstruct: async () => (await import('./reconstruct.ts')).reconstructCommand,
  trace: async () => (await import('./trace.ts')).traceCommand,
  errors: async () => (await import('./errors.ts')).errorsCommand,
  tail: async () => (await import('./tail.ts')).tailCommand,
  top: async () => (await import('./top.ts')).topCommand,
  query: async () => (await import('./query.ts')).queryCommand,
  'dead-letters': async () => (await import('./dead-letters.ts')).deadLettersCommand,
  'bill price': async () => (await import('./bill/price.ts')).billPriceCommand,
  'bill estimate': async () => (await import('./bill/estimate.ts')).billEstimateCommand,
  'bill reconcile': async () => (await import('./bill/reconcile.ts')).billReconcileCommand,
  'bill what-if': async () => (await import('./bill/what-if.ts')).billWhatIfCommand,
  'functions import': async () => (await import('./functions/import.ts')).functionsImportCommand,
  backfill: async () => (await import('./backfill.ts')).backfillCommand,
  generate: async () => (await import('./generate.ts')).generateCommand,
  'check-config': async () => (await import('./check-config.ts')).checkConfigCommand,
  completion: async () => (await import('./completion.ts')).completionCommand,
  start: async () => (await import('./start.ts')).startCommand,
}

/** Takes what names a command from the front of the words: `bill price` is one command. */
export function splitCommand(words: readonly string[]): { readonly name: string; readonly rest: readonly string[] } {
  const [first = '', second] = words
  const both = `${first} ${second}`
  return Object.hasOwn(commandLoaders, both)
    ? { name: both, rest: words.slice(2) }
    : { name: first, rest: words.slice(1) }
}

/** Second words of the commands that begin with `word`. */
export const groupOf = (word: string): readonly string[] =>
  Object.keys(commandLoaders).flatMap(name => (name.startsWith(`${word} `) ? [name.slice(word.length + 1)] : []))

/** Null when there is no such command. */
export const loadCommand = async (name: string): Promise<Command | null> =>
  Object.hasOwn(commandLoaders, name) ? ((await commandLoaders[name]?.()) ?? null) : null

/** All commands that a user should know of. */
export async function loadVisibleCommands(): Promise<readonly Command[]> {
  const commands = await Promise.all(Object.values(commandLoaders).map(load => load()))
  return commands.filter(command => !command.isHidden)
}

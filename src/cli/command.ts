// What a command of the command line is: its words, its options, and what it runs. Parsing, help and shell completion are made from it.
import type { Lang } from '../model/cause.ts'
import type { ExitStatus, Text } from '../model/fcscope-error.ts'
import type { Output } from '../model/output.ts'

/** One option, `--name` or `--name VALUE`. */
export interface Option {
  /** Without the dashes. */
  readonly name: string
  /** One letter, for `-h`. */
  readonly short?: string
  readonly text: Text
  /** Absent for an option that is just there or not. */
  readonly value?: {
    /** As help shows it: `FILE`, `N`. */
    readonly placeholder: string
    /** The only values allowed, where the list is closed. */
    readonly choices?: readonly string[]
    /** Names a file: completion offers files. */
    readonly isFile?: boolean
  }
}

/** What the user typed for one command, taken apart and checked against its {@link Option}s. */
export interface Arguments {
  /** What is no option: files, or what {@link Command.operands} says. */
  readonly operands: readonly string[]
  has(name: string): boolean
  /** The option's value; the last one when it was given several times. */
  value(name: string): string | undefined
  /** All of them, in the order of the command line. */
  values(name: string): readonly string[]
}

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** What a command may know of the world around it. Only src/main.ts fills it. */
export interface Context {
  readonly lang: Lang
  readonly logLevel: LogLevel
  readonly stdout: Output
  readonly isStdoutTerminal: boolean
  readonly isStdinTerminal: boolean
  /** True where colour is allowed on stdout: a terminal, and no `NO_COLOR`. */
  readonly colour: boolean
  /** True where something may be drawn and redrawn on stderr. */
  readonly isStderrTerminal: boolean
  /** Messages to the user; everything that is not data. Ends no line by itself. */
  writeStderr(text: string): void
  /** Every command that a user should know of, for whoever writes about them. */
  loadCommands(): Promise<readonly Command[]>
  /** `--config-print`: show the effective configuration and do nothing else. Only ever true for {@link Command.hasConfig}. */
  readonly isConfigPrint: boolean
  /** The environment's variables, for expansions in configuration files. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /**
   * From here on the first SIGINT or SIGTERM calls `stop` instead of ending the program; a second SIGINT ends it at once. `stop`
   * must be safe twice.
   */
  onInterrupt(stop: () => void): void
  /** Milliseconds that only grow, for progress. */
  nowMs(): number
  /** The time of day, as unix milliseconds. */
  unixMs(): number
}

/** A command. `run` is thin: it checks values, imports what does the work when it is needed, and gives the exit status. */
export interface Command {
  readonly name: string
  readonly summary: Text
  /** What follows the options in the usage line: `[FILE…|-]`; empty for nothing. */
  readonly usage: string
  /** `files`: any number of paths; `none`; or the closed list of which exactly one must be given. */
  readonly operands: 'files' | 'none' | readonly string[]
  readonly options: readonly Option[]
  /** Shown at the end of the help. */
  readonly examples: readonly { readonly line: string; readonly text: Text }[]
  /** Paragraphs below the options, for formats and the like. */
  readonly notes?: readonly Text[]
  /** Reads a configuration file, and so understands `--config-print`. */
  readonly hasConfig?: boolean
  /** Left out of help and completion. */
  readonly isHidden?: boolean
  run(args: Arguments, context: Context): Promise<ExitStatus>
}

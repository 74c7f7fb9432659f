// From words to an exit status: finds the command, hands it its arguments, and says what went wrong.
import { isatty } from 'node:tty'
import type { Lang } from '../model/cause.ts'
import { ExitStatus, FcscopeError } from '../model/fcscope-error.ts'
import { type Output, OutputClosed } from '../model/output.ts'
import type { Command, Context, LogLevel } from './command.ts'
import { commandLoaders, groupOf, loadCommand, loadVisibleCommands, splitCommand } from './commands.ts'
import { chooseLang, chooseLogLevel, globalOptions } from './global-options.ts'
import { type ParsedArguments, parseArguments } from './parse-arguments.ts'
import { createStdout } from './stdout.ts'
import { didYouMean, usageError } from './usage-error.ts'

/** What only the process edge may ask for. */
export interface Edge {
  readonly environment: NodeJS.ProcessEnv
  readonly unixMs: () => number
  readonly onInterrupt: (stop: () => void) => void
}

/** Runs the command that `words` name. Never rejects. */
export async function runCommandLine(words: readonly string[], edge: Edge): Promise<ExitStatus> {
  const lang = chooseLang(words, edge.environment)
  const stdout = createStdout(1)
  let logLevel: LogLevel = 'info'
  try {
    const program = parseArguments(words, { command: null, options: globalOptions, stopsAtOperand: true })
    logLevel = chooseLogLevel(program.value('log-level'))
    const { name, rest } = splitCommand(program.rest)
    if (name === '' || program.has('version') || program.has('help')) {
      return await answerProgram(program, stdout, lang)
    }
    if (name === 'help') return await answerHelp(splitCommand(rest).name, stdout, lang)
    if (groupOf(name).length > 0 && (rest[0] === '--help' || rest[0] === '-h'))
      return await answerHelp(name, stdout, lang)
    const command = await findCommand(name)
    const args = parseArguments(rest, { command: name, options: [...command.options, ...globalOptions] })
    logLevel = chooseLogLevel(args.value('log-level') ?? program.value('log-level'))
    if (args.has('help')) return await answerHelp(name, stdout, lang)
    if (args.has('version')) return await answerVersion(stdout)
    checkOperands(command, args.operands)
    const isConfigPrint = args.has('config-print') || program.has('config-print')
    if (isConfigPrint) checkHasConfig(command)
    return await command.run(args, createContext(edge, { lang, logLevel, stdout, isConfigPrint }))
  } catch (error) {
    return report(error, { lang, logLevel })
  }
}

async function answerProgram(program: ParsedArguments, stdout: Output, lang: Lang): Promise<ExitStatus> {
  if (program.has('version')) return answerVersion(stdout)
  if (program.has('help')) return answerHelp(splitCommand(program.rest).name, stdout, lang)
  throw usageError(null, { en: 'No command given.', zh: '未指定命令。' })
}

/** Of a command, of the commands that begin with a word, or with an empty name of the program. */
async function answerHelp(name: string, stdout: Output, lang: Lang): Promise<ExitStatus> {
  const { commandHelp, groupHelp, programHelp } = await import('./help.ts')
  const text =
    name === ''
      ? await programHelp(lang)
      : groupOf(name).length > 0
        ? await groupHelp(name, lang)
        : commandHelp(await findCommand(name), lang)
  await stdout.write(Buffer.from(text))
  return ExitStatus.done
}

async function answerVersion(stdout: Output): Promise<ExitStatus> {
  const { readVersion } = await import('./version.ts')
  await stdout.write(Buffer.from(`${readVersion()}\n`))
  return ExitStatus.done
}

async function findCommand(name: string): Promise<Command> {
  const command = await loadCommand(name)
  if (command !== null) return command
  const group = groupOf(name)
  if (group.length > 0) throw oneOf(name, group)
  const near = didYouMean(name, Object.keys(commandLoaders))
  throw usageError(null, { en: `Unknown command ${name}.${near.en}`, zh: `未知命令 ${name}。${near.zh}` })
}

function checkOperands(command: Command, operands: readonly string[]): void {
  const allowed = command.operands
  if (allowed === 'files') return
  if (allowed === 'none') {
    if (operands.length === 0) return
    throw usageError(command.name, {
      en: `${command.name} takes no arguments, but got '${operands[0]}'.`,
      zh: `${command.name} 不接受参数，但收到了 '${operands[0]}'。`,
    })
  }
  if (operands.length === 1 && allowed.includes(operands[0] ?? '')) return
  throw oneOf(command.name, allowed)
}

function oneOf(name: string, allowed: readonly string[]): FcscopeError {
  const list = allowed.join(', ')
  return usageError(name, { en: `${name} needs one of ${list}.`, zh: `${name} 需要以下参数之一：${list}。` })
}

function checkHasConfig(command: Command): void {
  if (command.hasConfig) return
  throw usageError(command.name, {
    en: `--config-print shows a configuration, and ${command.name} has none.`,
    zh: `--config-print 用于显示配置，而 ${command.name} 没有配置。`,
  })
}

function createContext(edge: Edge, choices: Pick<Context, 'lang' | 'logLevel' | 'stdout' | 'isConfigPrint'>): Context {
  const { environment, unixMs, onInterrupt } = edge
  const isStdoutTerminal = isatty(1)
  return {
    ...choices,
    environment,
    unixMs,
    onInterrupt,
    isStdoutTerminal,
    isStdinTerminal: isatty(0),
    colour: isStdoutTerminal && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb',
    isStderrTerminal: isatty(2) && environment['TERM'] !== 'dumb',
    loadCommands: loadVisibleCommands,
    writeStderr: text => process.stderr.write(text),
    nowMs: () => performance.now(),
  }
}

/** One line that says what is wrong, where, and what to do; the stack only for `--log-level debug`. */
function report(error: unknown, how: { lang: Lang; logLevel: LogLevel }): ExitStatus {
  if (error instanceof OutputClosed) return ExitStatus.done
  const isExpected = error instanceof FcscopeError
  const line = isExpected ? `${error.text[how.lang]} [${error.code}]` : bugLine(error, how.lang)
  process.stderr.write(`fcscope: ${line.replaceAll('\n', ' ')}\n`)
  if (how.logLevel === 'debug') process.stderr.write(`${stackOf(error)}\n`)
  return isExpected ? error.exitStatus : ExitStatus.badAnswer
}

function bugLine(error: unknown, lang: Lang): string {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return lang === 'zh'
    ? `内部错误：${message}。请用 --log-level debug 重新运行并报告该问题。`
    : `internal error: ${message}. Please run it again with --log-level debug and report it.`
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? (error.stack ?? '') : `${error.stack}\ncaused by: ${stackOf(error.cause)}`
}

// Signs that more than one rule looks for: a cause of its own, and an explanation that weakens a vaguer one.
import type { Failure } from './cause-rule.ts'
import { opening, quote } from './failure-texts.ts'

// Patterns run over texts that anybody may have written: no nested or unbounded repetition in any of them.

const missingModule =
  /No module named|ModuleNotFoundError|Cannot find (?:module|package)|ERR_MODULE_NOT_FOUND|ImportModuleError|Unable to import module|\bImportError\b|ClassNotFoundException|NoClassDefFoundError|Could not find or load main class|Could not load file or assembly|cannot open shared object file|Class ['"][^'"\n]{1,100}['"] not found|HandlerNotFound/
const badSyntax =
  /UserCodeSyntaxError|SyntaxError|IndentationError|\bTabError\b|\bParseError\b|PHP Parse error|syntax error near/
/** Parsers of data and of queries throw errors of the same names. */
const badData = /JSON|XML|HTML|SQL|Unexpected end of input/i
const memoryExhausted =
  /heap out of memory|OutOfMemoryError|\bMemoryError\b|Cannot allocate memory|\bENOMEM\b|std::bad_alloc|Allowed memory size of|out of memory|OOM-?Killed/i
const killed = /(?:^|[\s:])Killed(?:$|[\s.])/m
const unreachablePeer =
  /\bE(?:CONNREFUSED|TIMEDOUT|HOSTUNREACH|NETUNREACH|CONNRESET|AI_AGAIN)\b|\bENOTFOUND\b|connection refused|connection (?:attempt )?timed out|timed out connecting|connect(?:ion)? ?timeout|could not connect|can't connect|no route to host|Name or service not known|Temporary failure in name resolution|i\/o timeout|Communications link failure|NewConnectionError/i
const windowsLineEnd =
  /(?:\b(?:ba|z|da|k|c)?sh|\b(?:env|python[\d.]{0,4}|node|php|ruby|perl))(?:\\r|\r|\^M)(?=['’"]?:)|\$'[^'\n]{0,60}\\r'/
const exception =
  /(?:Error|Exception)(?:: |:?$)|Traceback \(most recent call last\)|\bpanic: |\buncaught|unhandled ?(?:promise ?)?rejection|Fatal error: /im
const exitCall =
  /process\.exit|\bos\.(?:Exit|_exit)\b|\blog\.Fatal|\bsys\.exit|System\.exit|Environment\.Exit|Runtime\.exit|\bSystemExit\b|\bexit status \d|exited with (?:exit )?code \d|\bexit code:? \d|\b(?:exit|die)\(-?\d{0,3}\)/

/** Printed by the container's own start, not by the function. */
const loaderPanic = /standard_init_linux|exec user process|exec format error/i

/** The quote in which a module, class or library is missing. */
export const missingModuleQuote = ({ texts }: Failure): string | undefined => quote(texts.own, missingModule)
/** The quote in which memory ran out. */
export const memoryQuote = ({ texts }: Failure): string | undefined => quote(texts.own, memoryExhausted)
/** The quote in which a shell reports that a process was killed. */
export const killedQuote = ({ texts }: Failure): string | undefined => quote(texts.own, killed)
/** The quote in which a program says that it ends itself. */
export const exitCallQuote = ({ texts }: Failure): string | undefined => quote(texts.own, exitCall)
/** The quote in which something else could not be reached. */
export const unreachablePeerQuote = ({ texts }: Failure): string | undefined => quote(texts.own, unreachablePeer)
/** The quote in which a carriage return became part of an interpreter's or command's name. */
export const windowsLineEndQuote = ({ texts }: Failure): string | undefined => quote(texts.all, windowsLineEnd)

/** The quote in which the function's own code cannot be read. */
export function badSyntaxQuote({ signals, texts }: Failure): string | undefined {
  const types = new Set<string>()
  for (const { detail } of signals.errors) {
    if (detail.type === null || !badSyntax.test(detail.type)) continue
    if (!badData.test(detail.message)) return opening(detail.message) ?? opening(detail.type)
    types.add(detail.type)
  }
  // A type alone does not show that its message speaks of data.
  const others = types.size === 0 ? texts.own : texts.own.filter(text => !types.has(text))
  return quote(others, badSyntax, badData)
}

/** The quote of an exception: an error body that the function's runtime wrote, or a line that looks like one. */
export function exceptionQuote({ signals, texts }: Failure): string | undefined {
  const body = signals.errors.findLast(({ detail }) => detail.sentence === null && detail.type !== null)
  if (body?.detail.type) return opening(body.detail.message) ?? opening(body.detail.type)
  return quote(texts.own, exception, loaderPanic)
}

/** True when the exception is only how something more specific came to light. */
export const isExplained = (failure: Failure): boolean =>
  missingModuleQuote(failure) !== undefined ||
  badSyntaxQuote(failure) !== undefined ||
  memoryQuote(failure) !== undefined ||
  unreachablePeerQuote(failure) !== undefined ||
  windowsLineEndQuote(failure) !== undefined

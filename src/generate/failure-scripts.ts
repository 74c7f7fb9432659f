// Plays the records by which a failure shows: exceptions, sentences of the platform, bodies of failed starts.
import type { CauseCode } from '../model/cause.ts'
import { formatAppLine, goErrorLine } from './app-lines.ts'
import {
  dictBody,
  type Exception,
  exceptionDetail,
  exportLines,
  javaFrames,
  jsonBody,
  pickException,
  pickStartFailure,
  sentenceDetail,
  startFailureBody,
  startFailureDetail,
  tracebackLines,
} from './failures.ts'
import type { Script } from './script.ts'

/** What an exception leaves behind: its cause, and PHP's body that comes after the End. */
export interface PlayedException {
  readonly cause: CauseCode
  playBody(): void
}

/** Logs an exception as the runtime does. One that the function caught is logged by its own logger, which knows no bodies. */
export function playException(script: Script, isUncaught: boolean): PlayedException {
  const { runtime } = script.instance.profile
  const { random } = script.stage
  script.advance(random.between(1, 20))
  const exception = pickException(languageOf(runtime), random)
  const played: PlayedException = {
    cause: exception.cause,
    playBody: () =>
      script.body('errorJson', exportLines(exception).join('\n'), {
        error: exceptionDetail(exception),
        cause: exception.cause,
      }),
  }
  if (runtime === 'java11') playJavaStack(script, exception)
  else if (!isUncaught && runtime === 'python3')
    script.log('error', ['work failed', ...tracebackLines(exception)].join('\n'))
  else if (!isUncaught) script.log('error', `work failed, trying again: ${exception.type} ${exception.message}`)
  else if (runtime !== 'php7.2') playBodyLine(script, exception)
  return played
}

function languageOf(runtime: string): 'node' | 'python' | 'php' | 'java' | 'go' | 'dotnet' {
  if (runtime === 'python3') return 'python'
  if (runtime === 'php7.2') return 'php'
  if (runtime === 'java11') return 'java'
  if (runtime === 'go1') return 'go'
  return runtime === 'dotnetcore3.1' ? 'dotnet' : 'node'
}

/** One write with all frames; without an error body in it. */
function playJavaStack(script: Script, exception: Exception): void {
  script.log('error', [`${exception.type}: ${exception.message}`, ...javaFrames].join('\n'))
}

function playBodyLine(script: Script, exception: Exception): void {
  const { runtime } = script.instance.profile
  const meaning = { error: exceptionDetail(exception), cause: exception.cause }
  if (runtime === 'go1' && script.requestId !== null) {
    const text = goErrorLine(script.atMs, script.requestId, jsonBody(exception))
    script.appLine('error', text, { ...meaning, requestId: script.requestId })
    return
  }
  const message = runtime === 'python3' ? dictBody(exception) : jsonBody(exception)
  const isConsole = script.stage.format === 'console'
  const text = formatAppLine({
    runtime,
    level: 'error',
    requestId: script.requestId,
    atMs: script.atMs,
    message,
    isConsole,
  })
  script.appLine('error', text, { ...meaning, requestId: script.requestId })
}

/** The platform kills a function at its time-out. Rows often show it without a word in the log. */
export function playTimeout(script: Script, how: { startMs: number; memoryUsageMB: number }): void {
  const { timeoutSeconds } = script.instance.profile
  script.advance(how.startMs + timeoutSeconds * 1000 + 2 - script.atMs)
  if (script.stage.format === 'sls' && script.stage.random.chance(0.5)) return
  const message = `Function timed out after ${timeoutSeconds} seconds (maxMemoryUsage: ${how.memoryUsageMB.toFixed(2)}MB)`
  const error = sentenceDetail('timedOut', message, {
    code: 'FunctionTimeoutError',
    durationMs: timeoutSeconds * 1000,
    maxMemoryUsedMB: how.memoryUsageMB,
  })
  playSentenceOrBody(script, message, { error, cause: 'executionTimeout' })
}

/** `Process exited unexpectedly …`, with its brackets, as the sentence alone or as a body. */
export function playSentence(
  script: Script,
  how: { startMs: number; memoryUsageMB: number; chance: number; cause: CauseCode | null },
): void {
  script.advance(script.stage.random.between(5, 50))
  if (!script.stage.random.chance(how.chance) && script.stage.format === 'sls') return
  const durationMs = script.atMs - how.startMs
  const message = `Process exited unexpectedly before completing request (duration: ${durationMs}ms, maxMemoryUsage: ${how.memoryUsageMB.toFixed(2)}MB)`
  const error = sentenceDetail('processExited', message, { durationMs, maxMemoryUsedMB: how.memoryUsageMB })
  playSentenceOrBody(script, message, how.cause === null ? { error } : { error, cause: how.cause })
}

function playSentenceOrBody(script: Script, message: string, meaning: Parameters<Script['body']>[2]): void {
  const roll = script.stage.random.below(4)
  if (roll < 2) script.body('errorText', message, meaning)
  else if (roll === 2) script.body('errorJson', JSON.stringify({ errorMessage: message }), meaning)
  else if (script.stage.format !== 'console')
    script.body('errorJson', JSON.stringify({ errorMessage: message }, null, 4), meaning)
  else script.body('errorText', message, meaning)
}

/** A custom runtime that cannot start: a body without any Start before it, on an instance that serves nothing else. */
export function playStartFailure(script: Script): void {
  const failure = pickStartFailure(script.stage.random)
  script.advance(script.stage.random.between(300, 4000))
  script.body('errorJson', startFailureBody(failure), { error: startFailureDetail(failure), cause: failure.cause })
}

// Plays one invoke attempt: Start, lines, what goes wrong, End, and what follows it.
import type { CauseCode } from '../model/cause.ts'
import type { OutcomeName } from '../model/outcome.ts'
import { goPlainLine, nginxLine } from './app-lines.ts'
import type { AttemptPlan } from './attempt-plan.ts'
import { makeMessage, makePlainLine, pickLevel } from './chatter.ts'
import type { Figures } from './emission.ts'
import { playException, playSentence, playStartFailure, playTimeout } from './failure-scripts.ts'
import { isCustomRuntime, type Runtime } from './functions.ts'
import { twoDecimals } from './metrics-fields.ts'
import { markerText, type Script } from './script.ts'

/** What the metrics row will say, and what became of the instance. */
export interface AttemptResult {
  readonly startMs: number
  readonly endMs: number
  readonly errorType: string | null
  readonly statusCode: number
  readonly memoryUsageMB: number
  readonly killsInstance: boolean
}

export function playAttempt(script: Script, plan: AttemptPlan): AttemptResult {
  const startMs = script.atMs
  const memoryUsageMB = twoDecimals(script.instance.profile.memoryMB * (0.1 + 0.7 * script.stage.random.float()))
  const result = (more: Partial<AttemptResult> = {}): AttemptResult => ({
    startMs,
    endMs: script.atMs,
    errorType: null,
    statusCode: 200,
    memoryUsageMB,
    killsInstance: false,
    ...more,
  })
  const { fault } = plan
  if (fault === 'startFailed') {
    playStartFailure(script)
    return result({ errorType: 'FunctionUnhandledError', statusCode: 412, killsInstance: true })
  }
  const start = fault === 'missingStart' ? null : playStart(script, plan)
  // Nothing but a row tells of a connection that the server closed while idle: the request never reached the program.
  if (fault !== 'keepAlive') playLines(script, plan)
  switch (fault) {
    case 'timeout':
      playTimeout(script, { startMs, memoryUsageMB })
      return result({ errorType: 'FunctionTimeoutError', killsInstance: true })
    case 'suspectedOutOfMemory':
      playTimeout(script, { startMs, memoryUsageMB: script.instance.profile.memoryMB })
      return result({
        errorType: 'FunctionTimeoutError',
        memoryUsageMB: script.instance.profile.memoryMB,
        killsInstance: true,
      })
    case 'outOfMemory':
      playSentence(script, {
        startMs,
        memoryUsageMB: script.instance.profile.memoryMB,
        chance: 0.4,
        cause: null,
      })
      return result({
        errorType: 'FunctionOOMError',
        memoryUsageMB: script.instance.profile.memoryMB,
        killsInstance: true,
      })
    case 'processExited':
      script.log('error', exitWords[script.instance.profile.runtime], { cause: 'exitCalled' })
      playSentence(script, { startMs, memoryUsageMB, chance: 1, cause: 'exitCalled' })
      return result({ errorType: 'FunctionUnhandledError', statusCode: 502, killsInstance: true })
    case 'keepAlive':
      playSentence(script, { startMs, memoryUsageMB, chance: 0.5, cause: idleCause(script) })
      return result({ statusCode: 502 })
    case 'missingEnd':
      return result({ killsInstance: script.stage.random.chance(0.5) })
    default:
      return playEnding(script, plan, { start, result })
  }
}

/** That the instance was idle before can only be seen where records have times. */
const idleCause = (script: Script): CauseCode => (script.stage.format === 'text' ? 'exitCalled' : 'keepAliveClosed')

/** What programs say before they leave. */
const exitWords: Readonly<Record<Runtime, string>> = {
  nodejs14: 'no database, calling process.exit(1)',
  nodejs18: 'no database, calling process.exit(1)',
  python3: 'no database, calling os._exit(1)',
  'php7.2': 'no database, calling exit(1)',
  java11: 'no database, calling System.exit(1)',
  go1: 'log.Fatal: no database: exit status 1',
  'dotnetcore3.1': 'no database, calling Environment.Exit(1)',
  custom: 'no database, calling process.exit(1)',
  container: 'no database, calling sys.exit(1)',
}

type MakeResult = (more?: Partial<AttemptResult>) => AttemptResult

/** Everything that has an End. */
function playEnding(
  script: Script,
  plan: AttemptPlan,
  more: { start: { sortMs: number } | null; result: MakeResult },
): AttemptResult {
  const { fault } = plan
  const failsNow = fault === 'unhandledError' || fault === 'handledError' || (fault === 'retry' && !plan.isLast)
  const exception = failsNow || fault === 'caughtError' ? playException(script, failsNow) : null
  const outcome = outcomeOf(script, plan, failsNow)
  const startMs = more.result().startMs
  const figures = outcome === 'canceled' ? canceledFigures(script, startMs) : null
  // Queued with its early place from the start: the queue must not see places change.
  if (plan.isLate && more.start !== null) script.heldMs = more.start.sortMs - 0.5
  const end = playEnd(script, plan, { outcome, figures })
  script.heldMs = null
  if (exception !== null && failsNow) end.cause = exception.cause
  if (outcome === 'canceled') end.cause = 'clientTimeout'
  const result = more.result({
    errorType: failsNow ? 'FunctionUnhandledError' : null,
    statusCode: outcome === 'canceled' ? 499 : 200,
  })
  if (exception !== null && failsNow && script.instance.profile.runtime === 'php7.2') exception.playBody()
  playSummary(script, result, figures)
  if (fault === 'lateLines') playLateLines(script)
  else if (script.instance.profile.hasHooks && script.stage.random.chance(0.3)) playPreFreeze(script)
  return result
}

function playStart(script: Script, plan: AttemptPlan): { sortMs: number } {
  const { profile } = script.instance
  const { random, format } = script.stage
  // FC 3.0 rows may begin with an empty line.
  const text =
    format === 'sls' && !profile.splitsRecords && random.chance(0.1)
      ? `\n${markerText('invoke', 'Start', script.requestId)}`
      : undefined
  const start = script.marker('invoke', 'Start', text === undefined ? {} : { text })
  if (printsMarkers(script, plan)) {
    script.marker('invoke', 'Start', { text: `FC Invoke Start RequestId:${script.requestId ?? ''}` })
  }
  script.heldMs = null
  if (plan.isCold && profile.runtime.startsWith('nodejs') && !plan.isLate)
    script.plain('load code for handler:index.handler')
  return start
}

const printsMarkers = (script: Script, plan: AttemptPlan): boolean =>
  plan.fault === 'duplicateMarkers' || (script.instance.profile.printsMarkers && plan.fault === null && !plan.isLate)

function playLines(script: Script, plan: AttemptPlan): void {
  const { random } = script.stage
  const { runtime } = script.instance.profile
  const count = random.between(1, 7)
  // Lines without an id can only be told where nothing is left open for them to belong to.
  const isAllAnonymous = plan.fault === 'noRequestId'
  const isAllNamed = plan.isLate || plan.fault === 'missingStart'
  for (let i = 0; i < count; i += 1) {
    script.advance(1 + 40 * random.float() ** 3 * 10)
    const roll = random.float()
    if (!isAllNamed && (isAllAnonymous || roll < 0.15)) {
      script.plain(runtime === 'go1' ? goPlainLine(script.atMs, makePlainLine(random)) : makePlainLine(random))
    } else if (!isAllNamed && roll < 0.2 && (runtime === 'java11' || runtime === 'custom')) {
      script.log(pickLevel(random), makeMessage(random), { isAnonymous: true })
    } else {
      script.log(pickLevel(random), makeMessage(random))
      if (runtime === 'python3' && script.stage.format === 'text' && roll > 0.95) script.add('text', '')
    }
  }
  script.advance(1 + 100 * random.float())
}

function outcomeOf(script: Script, plan: AttemptPlan, failsNow: boolean): OutcomeName {
  if (plan.fault === 'canceled') return 'canceled'
  if (plan.fault === 'handledError') return 'handledError'
  // PHP never says so on its End marker.
  return failsNow && script.instance.profile.runtime !== 'php7.2' ? 'unhandledError' : 'ok'
}

function canceledFigures(script: Script, startMs: number): Figures {
  const durationMs = script.atMs - startMs
  const maxMemoryUsedMB = twoDecimals(10 + 40 * script.stage.random.float())
  return { durationMs, billedMs: null, memoryMB: null, maxMemoryUsedMB }
}

function playEnd(script: Script, plan: AttemptPlan, how: { outcome: OutcomeName; figures: Figures | null }) {
  const { random, format } = script.stage
  const { profile } = script.instance
  const id = script.requestId
  const marker = markerText('invoke', 'End', id, how.outcome)
  if (printsMarkers(script, plan)) script.marker('invoke', 'End', { text: customEnd(script) })
  if (how.figures !== null) {
    const brackets = ` (duration: ${how.figures.durationMs}ms, maxMemoryUsage: ${how.figures.maxMemoryUsedMB?.toFixed(2)}MB)`
    return script.marker('invoke', 'End', { outcome: how.outcome, text: marker + brackets, figures: how.figures })
  }
  // With `logBeginRule: DefaultRegex` an undated marker is glued to the dated line before it.
  if (
    profile.runtime === 'python3' &&
    format === 'sls' &&
    !script.splits &&
    !plan.isLate &&
    id !== null &&
    random.chance(0.05)
  ) {
    const line = script.appLine('info', `${new Date(script.atMs).toISOString()} ${id} [INFO] bye\n${marker}`, {
      requestId: id,
      outcome: how.outcome,
    })
    line.hasGluedEnd = true
    return line
  }
  return script.marker('invoke', 'End', {
    outcome: how.outcome,
    text: profile.runtime === 'php7.2' ? `\\n${marker}` : marker,
  })
}

/** How programs print the End marker themselves. */
function customEnd(script: Script): string {
  const marker = markerText('invoke', 'End', script.requestId)
  const roll = script.stage.random.below(4)
  if (roll === 0) return `"${marker}"`
  if (roll === 1 && script.stage.format !== 'console') return nginxLine(script.atMs, marker)
  if (roll === 2) return `${marker} - Total time: 1.234s`
  return marker
}

/** Only text has summaries: the platform prints them to tail logs and consoles, never to the Logstore. */
function playSummary(script: Script, result: AttemptResult, canceled: Figures | null): void {
  const { random, format } = script.stage
  if (format !== 'text') return
  const durationMs = canceled?.durationMs ?? twoDecimals(result.endMs - result.startMs + random.float())
  const maxMemoryUsedMB = canceled?.maxMemoryUsedMB ?? result.memoryUsageMB
  const { memoryMB } = script.instance.profile
  const billedMs = Math.ceil(durationMs)
  script.add('text', '')
  if (script.stage.isLocalRun) {
    script.localSummary({ durationMs: null, billedMs, memoryMB, maxMemoryUsedMB: Math.ceil(maxMemoryUsedMB) })
    return
  }
  script.add(
    'summary',
    `Duration: ${durationMs.toFixed(2)} ms, Billed Duration: ${billedMs} ms, Memory Size: ${memoryMB} MB, Max Memory Used: ${maxMemoryUsedMB.toFixed(2)} MB`,
    { figures: { durationMs, billedMs, memoryMB, maxMemoryUsedMB } },
  )
}

/** Work that the function left running. */
function playLateLines(script: Script): void {
  const { random } = script.stage
  for (let i = random.between(1, 3); i > 0; i -= 1) {
    script.advance(random.between(1, 400))
    if (random.chance(0.5) || isCustomRuntime(script.instance.profile))
      script.log('warn', `late ${makeMessage(random)}`)
    else script.plain(`late ${makePlainLine(random)}`)
  }
}

function playPreFreeze(script: Script): void {
  const id = script.requestId ?? ''
  script.advance(2)
  script.marker('preFreeze', 'Start', { text: `FC prefreeze Start RequestId:${id}` })
  script.advance(1)
  script.log('info', 'flushing metrics')
  script.advance(3)
  script.marker('preFreeze', 'End', { text: `FC prefreeze End RequestId:${id}` })
}

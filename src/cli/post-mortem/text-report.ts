// A post-mortem as text for a terminal or a mail.
import type {
  AttemptRecord,
  AttemptStack,
  FailureHistory,
  LineExcerpt,
  Neighbourhood,
  PostMortem,
  Timeline,
  TraceLine,
} from '../../model/post-mortem.ts'
import { clock, dateTime, dayOf, grouped, memory, milliseconds, percent } from '../figures.ts'
import { levelPaint, oneLine, padded, paint, printable, type Style, statusPaint, widthOf } from '../paint.ts'
import { historySentence } from './history-facts.ts'
import { type MergedCause, mergeCauses } from './merge-causes.ts'
import { sentenceOf } from './sentence.ts'
import { shownStack } from './shown-stack.ts'
import { bytesMore, framesMore, linesBetween, relationWords, stepWords, words } from './words.ts'

const barWidth = 40
const maxTextLength = 300
const maxStackLines = 6

/** Everything, ready to print. */
export function textReport(postMortem: PostMortem, style: Style): string {
  const { attempts, timelines, stacks, history, neighbourhoods, lines, unattached } = postMortem
  const day = dayOf(attempts.find(({ startTime }) => startTime !== null)?.startTime ?? null)
  const sections = [
    header(postMortem, style),
    attemptsSection({ attempts, stacks }, { day, style }),
    causesSection(attempts, style),
    historySection(history, style),
    timelineSection(timelines, { day, style }),
    neighboursSection(neighbourhoods, { day, style }),
    linesSection(words.lines[style.lang], lines, { day, style }),
    unattached.total === 0 ? '' : linesSection(words.unattached[style.lang], unattached, { day, style }),
  ]
  return sections.filter(section => section !== '').join('\n')
}

interface Place {
  /** Times of this day go without it. */
  readonly day: string
  readonly style: Style
}

function header(postMortem: PostMortem, style: Style): string {
  const [first] = postMortem.attempts
  const parts = [postMortem.requestId, first?.functionName, first?.qualifier ?? first?.versionId, first?.serviceName]
  const title = parts.filter(part => typeof part === 'string' && part !== '').map(part => oneLine(String(part), 100))
  return `${paint(title.join(' · '), 'bold', style)}\n${sentenceOf(postMortem)[style.lang]}\n`
}

const heading = (text: string, style: Style): string => `${paint(text, 'bold', style)}\n`

function attemptsSection({ attempts, stacks }: Pick<PostMortem, 'attempts' | 'stacks'>, { day, style }: Place): string {
  const count = grouped(attempts.length)
  const stackOf = ({ attempt, phase }: AttemptRecord): AttemptStack | undefined =>
    stacks.find(stack => stack.attempt === attempt && stack.phase === phase)
  const rows = attempts.map(attempt => attemptText(attempt, stackOf(attempt), { day, style })).join('')
  return `${heading(`${words.attempts[style.lang]} (${count})`, style)}${rows}  ${paint(words.utc[style.lang], 'dim', style)}\n`
}

function attemptText(attempt: AttemptRecord, stack: AttemptStack | undefined, { day, style }: Place): string {
  const { status, errorCode, startTime, endTime, durationMs, maxMemoryUsedMB, memoryMB, phase } = attempt
  const uncertainty = attempt.durationUncertaintyMs > 0 ? ` ± ${milliseconds(attempt.durationUncertaintyMs)}` : ''
  const head = [
    `#${attempt.attempt} ${phase}`,
    paint(errorCode === null ? status : `${status} (${oneLine(errorCode, 60)})`, statusPaint(status), style),
    `${dateTime(startTime)} → ${clock(endTime, dayOf(startTime) || day)}`,
    `${milliseconds(durationMs)}${uncertainty}`,
    `${words.memory[style.lang]} ${memory(maxMemoryUsedMB, memoryMB)}`,
  ]
  const details = [
    originText(attempt, style),
    idsText(attempt, style),
    startText(attempt, style),
    errorText(attempt, style),
    stack === undefined ? '' : stackText(stack, style),
    linesText(attempt, style),
  ]
  return `  ${head.join('  ')}\n${details.map(detail => (detail === '' ? '' : `     ${detail}\n`)).join('')}`
}

function originText(attempt: AttemptRecord, { lang }: Style): string {
  const { instanceID, triggerType, httpMethod, httpPath, httpStatus, billedMs } = attempt
  const http = [httpMethod, httpPath, httpStatus === null ? null : `→ ${httpStatus}`].filter(part => part !== null)
  return [
    instanceID === null ? '' : `${words.instance[lang]} ${oneLine(instanceID, 100)}`,
    triggerType === null ? '' : `${words.trigger[lang]} ${oneLine(triggerType, 40)}`,
    oneLine(http.join(' '), 120),
    billedMs === null ? '' : `${words.billed[lang]} ${milliseconds(billedMs)}`,
  ]
    .filter(part => part !== '')
    .join(', ')
}

/** To go on in a tracing backend. */
const idsText = ({ traceId, spanId, parentSpanId }: AttemptRecord, { lang }: Style): string =>
  [
    `${words.trace[lang]} ${traceId}`,
    `${words.span[lang]} ${spanId}`,
    parentSpanId === null ? '' : `${words.caller[lang]} ${parentSpanId}`,
  ]
    .filter(part => part !== '')
    .join(', ')

/** The lengths of the steps are in the timeline. */
function startText({ coldStart }: AttemptRecord, { lang }: Style): string {
  return coldStart === null ? '' : coldStart ? words.coldStart[lang] : words.warmStart[lang]
}

function errorText({ errorType, errorMessage }: AttemptRecord, style: Style): string {
  const text = [errorType, errorMessage].filter(part => part !== null && part !== '').join(': ')
  return text === '' ? '' : `${words.error[style.lang]} ${paint(oneLine(text, maxTextLength), 'red', style)}`
}

function stackText(stack: AttemptStack, style: Style): string {
  const { lines, leftOut } = shownStack(stack, maxStackLines)
  const label = words.stack[style.lang]
  const rows = lines.map(({ text, isOwn }) => paint(oneLine(text, maxTextLength), isOwn ? 'bold' : 'dim', style))
  const more = leftOut > 0 ? [paint(framesMore(grouped(leftOut))[style.lang], 'dim', style)] : []
  return `${label} ${[...rows, ...more].join(`\n     ${' '.repeat(widthOf(label))} `)}`
}

function linesText({ lines, levels, flags, closedBy }: AttemptRecord, { lang }: Style): string {
  const byLevel = Object.entries(levels).flatMap(([level, count]) => (count > 0 ? [`${grouped(count)} ${level}`] : []))
  return [
    `${words.lines[lang]} ${grouped(lines)}${byLevel.length === 0 ? '' : ` (${byLevel.join(', ')})`}`,
    `${words.closedBy[lang]} ${closedBy}`,
    flags.length === 0 ? '' : `${words.flags[lang]} ${flags.join(', ')}`,
  ]
    .filter(part => part !== '')
    .join('; ')
}

function causesSection(attempts: readonly AttemptRecord[], style: Style): string {
  const causes = mergeCauses(attempts)
  if (causes.length === 0) return `${words.noCauses[style.lang]}\n`
  const rows = causes.map((cause, index) => causeText(cause, index + 1, style)).join('')
  return `${heading(words.causes[style.lang], style)}${rows}`
}

function historySection(history: FailureHistory | null, style: Style): string {
  if (history === null) return ''
  const { lang } = style
  const fingerprint = paint(`${words.fingerprint[lang]} ${history.fingerprint}`, 'dim', style)
  return `${heading(words.same[lang], style)}  #${history.attempt}  ${historySentence(history)[lang]}\n      ${fingerprint}\n`
}

function causeText(cause: MergedCause, number: number, style: Style): string {
  const { lang } = style
  const width = Math.max(...[words.seen, words.remedy, words.docs].map(text => widthOf(text[lang])))
  const row = (label: string, text: string): string => `     ${padded(label, width)}  ${text}\n`
  const title = paint(`${number}. ${oneLine(cause.code, 60)}`, number === 1 ? 'red' : null, style)
  return [
    `  ${title} (${percent(cause.confidence)})\n`,
    ...cause.evidence.map(text => row(words.seen[lang], oneLine(text, maxTextLength))),
    row(words.remedy[lang], oneLine(cause.remedy, 2000)),
    row(words.docs[lang], oneLine(cause.docs, 200)),
  ].join('')
}

function timelineSection(timelines: readonly Timeline[], { style }: Place): string {
  if (timelines.length === 0) return ''
  const hasPlaced = timelines.some(({ steps }) => steps.some(({ isPlaced }) => isPlaced))
  const note = hasPlaced ? `  ${paint(`░ ${words.placed[style.lang]}`, 'dim', style)}\n` : ''
  return `${heading(words.timeline[style.lang], style)}${timelines.map(timeline => timelineText(timeline, style)).join('')}${note}`
}

function timelineText({ attempt, phase, startTime, totalMs, steps }: Timeline, style: Style): string {
  const scale = totalMs > 0 ? barWidth / totalMs : 0
  const width = Math.max(...steps.map(({ name }) => widthOf(stepWords[name][style.lang])))
  const rows = steps.map(({ name, offsetMs, durationMs, isPlaced }) => {
    const from = Math.min(barWidth - 1, Math.floor(offsetMs * scale))
    const length = Math.max(1, Math.min(barWidth - from, Math.round(durationMs * scale)))
    const bar = `${' '.repeat(from)}${(isPlaced ? '░' : '█').repeat(length)}`
    return `     ${padded(stepWords[name][style.lang], width)}  ${padded(bar, barWidth)}  ${milliseconds(durationMs)}\n`
  })
  return `  #${attempt} ${phase}  ${dateTime(startTime)}  ${milliseconds(totalMs)}\n${rows.join('')}`
}

function neighboursSection(neighbourhoods: readonly Neighbourhood[], { day, style }: Place): string {
  if (neighbourhoods.length === 0) return ''
  const { lang } = style
  const width = Math.max(...Object.values(relationWords).map(text => widthOf(text[lang])))
  const rows = neighbourhoods.map(({ instanceID, attempt, neighbours }) => {
    const list = neighbours.map(({ relation, requestId, phase, status, startTime, endTime, durationMs }) => {
      const times = `${padded(`${clock(startTime, day)} → ${clock(endTime, day)}`, 27)}  ${milliseconds(durationMs).padStart(9)}`
      const name = `${oneLine(requestId ?? '–', 100)}${phase === 'invoke' ? '' : ` ${phase}`}`
      return `     ${padded(relationWords[relation][lang], width)}  ${paint(padded(status, 14), statusPaint(status), style)}  ${times}  ${name}\n`
    })
    const none = neighbours.length === 0 ? `     ${words.noNeighbours[lang]}\n` : ''
    return `  #${attempt}  ${oneLine(instanceID, 100)}\n${list.join('')}${none}`
  })
  return `${heading(words.neighbours[lang], style)}${rows.join('')}`
}

function linesSection(title: string, excerpt: LineExcerpt, place: Place): string {
  const { style } = place
  const head = heading(`${title} (${grouped(excerpt.total)})`, style)
  if (excerpt.total === 0) return `${head}  ${words.noLines[style.lang]}\n`
  const text = (lines: readonly TraceLine[]): string => lines.map(line => lineText(line, place)).join('')
  const between = linesBetween(grouped(excerpt.leftOut))[style.lang]
  const gap = excerpt.leftOut > 0 ? `  ${paint(between, 'dim', style)}\n` : ''
  return `${head}${text(excerpt.first)}${gap}${text(excerpt.last)}`
}

/** Where a record has several lines, the others stand below the first. */
function lineText({ time, level, message, bytesLeftOut }: TraceLine, { day, style }: Place): string {
  const cut = bytesLeftOut > 0 ? bytesMore(grouped(bytesLeftOut))[style.lang] : ''
  const lead = `  ${paint(time === null ? ' '.repeat(12) : clock(time, day), 'dim', style)} `
  const name = (level ?? '').padEnd(5)
  const body = `${printable(message).trimEnd()}${cut}`.split('\n').join('\n'.padEnd(22))
  return `${lead}${paint(name, levelPaint(level), style)} ${paint(body, levelPaint(level), style)}\n`
}

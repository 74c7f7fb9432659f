// A post-mortem as one page that needs nothing else: no script, nothing from outside. Its content is whatever a program printed.
import { createHash } from 'node:crypto'
import type { Lang } from '../../model/cause.ts'
import type { Text } from '../../model/fcscope-error.ts'
import type {
  AttemptRecord,
  FailureHistory,
  LineExcerpt,
  Neighbourhood,
  PostMortem,
  TraceLine,
} from '../../model/post-mortem.ts'
import { dateTime, grouped, memory, milliseconds, percent } from '../figures.ts'
import { levelPaint, statusPaint } from '../paint.ts'
import { historySentence } from './history-facts.ts'
import { type Html, html } from './html.ts'
import { pageStyle } from './html-style.ts'
import { timelineHtml } from './html-timeline.ts'
import { mergeCauses } from './merge-causes.ts'
import { sentenceOf } from './sentence.ts'
import { shownStack } from './shown-stack.ts'
import { bytesMore, framesMore, linesBetween, relationWords, words } from './words.ts'

export interface PageFacts {
  readonly lang: Lang
  readonly isRedacted: boolean
  readonly version: string
  /** RFC 3339. */
  readonly madeAt: string
}

/** Of one stack. */
const maxStackLines = 20

/** Only the style that is in the page, by its hash; no script, no image, no font, no form. */
const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(pageStyle).digest('base64')}'; base-uri 'none'; form-action 'none'`

/** The whole page. */
export function htmlReport(postMortem: PostMortem, facts: PageFacts): string {
  const { lang } = facts
  const { requestId, attempts, timelines, history, neighbourhoods, lines, unattached } = postMortem
  const [first] = attempts
  const name = [first?.functionName, first?.qualifier ?? first?.versionId, first?.serviceName]
    .filter(Boolean)
    .join(' · ')
  const page = html`<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${requestId} – fcscope trace</title>
<style>STYLE</style>
</head>
<body>
<h1>${requestId}</h1>
<p class="soft">${name}</p>
<p class="lead">${sentenceOf(postMortem)[lang]}</p>
${attemptsHtml(postMortem, lang)}
${causesHtml(attempts, lang)}
${historyHtml(history, lang)}
${timelineHtml(timelines, lang)}
${neighbours(neighbourhoods, lang)}
${linesHtml(words.lines[lang], lines, lang)}
${unattached.total > 0 && linesHtml(words.unattached[lang], unattached, lang)}
<p class="soft">${footer(postMortem, facts)}</p>
</body>
</html>
`
  // The style must stand there as it is: its hash is in the policy. No escaped text can hold a raw tag.
  return `<!doctype html>\n${page.markup.replace('<style>STYLE</style>', () => `<style>${pageStyle}</style>`)}`
}

function footer({ origin }: PostMortem, { lang, isRedacted, version, madeAt }: PageFacts): string {
  const names = origin.names.join(', ')
  const redacted: Text = isRedacted
    ? { en: 'Obvious secrets and personal data are masked.', zh: '明显的密钥和个人信息已遮盖。' }
    : { en: 'NOT REDACTED: it may hold secrets and personal data.', zh: '未脱敏：可能包含密钥和个人信息。' }
  const made: Text = {
    en: `Made by fcscope ${version} at ${dateTime(madeAt)} from ${names}. Times are UTC.`,
    zh: `由 fcscope ${version} 于 ${dateTime(madeAt)} 根据 ${names} 生成。时间均为 UTC。`,
  }
  return `${made[lang]} ${redacted[lang]}`
}

const statusClass = (status: AttemptRecord['status']): string =>
  ({ green: 'ok', yellow: 'warn', red: 'bad' })[String(statusPaint(status))] ?? ''

function attemptsHtml({ attempts, stacks }: PostMortem, lang: Lang): Html {
  const panels = attempts.map(attempt => {
    const { status, errorCode, startTime, endTime, durationMs, maxMemoryUsedMB, memoryMB, coldStart } = attempt
    const facts: [label: string, value: string][] = [
      [words.timeline[lang], `${dateTime(startTime)} → ${dateTime(endTime)}, ${milliseconds(durationMs)}`],
      [words.memory[lang], memory(maxMemoryUsedMB, memoryMB)],
      [words.instance[lang], attempt.instanceID ?? '–'],
      [words.trace[lang], attempt.traceId],
      [words.span[lang], attempt.spanId],
      [words.caller[lang], attempt.parentSpanId ?? ''],
      [words.coldStart[lang], coldStart === null ? '–' : coldStart ? words.coldStart[lang] : words.warmStart[lang]],
      ['HTTP', [attempt.httpMethod, attempt.httpPath, attempt.httpStatus].filter(part => part !== null).join(' ')],
      [words.billed[lang], milliseconds(attempt.billedMs)],
      [words.closedBy[lang], attempt.closedBy],
      [words.flags[lang], attempt.flags.join(', ')],
      [words.error[lang], [attempt.errorType, attempt.errorMessage].filter(Boolean).join(': ')],
    ]
    const rows = facts
      .filter(([, value]) => value !== '')
      .map(([label, value]) => html`<tr><th>${label}</th><td class="wide">${value}</td></tr>`)
    return html`<div class="panel"><strong class="${statusClass(status)}">#${attempt.attempt} ${attempt.phase}: ${status}</strong>
${errorCode !== null && html` <code>${errorCode}</code>`}<div class="scroll"><table>${rows}</table></div>${stackHtml(stacks, attempt, lang)}</div>`
  })
  return html`<h2>${words.attempts[lang]} (${attempts.length})</h2>${panels}`
}

function stackHtml(stacks: PostMortem['stacks'], of: AttemptRecord, lang: Lang): Html | null {
  const stack = stacks.find(({ attempt, phase }) => attempt === of.attempt && phase === of.phase)
  if (stack === undefined) return null
  const { lines, leftOut } = shownStack(stack, maxStackLines)
  const rows = lines.map(({ text, isOwn }) => html`<li class="${isOwn ? 'own' : 'soft'}"><code>${text}</code></li>`)
  const more = leftOut > 0 && html`<li class="soft">${framesMore(grouped(leftOut))[lang]}</li>`
  return html`<p class="soft">${words.stack[lang]}</p><ol class="stack">${rows}${more}</ol>`
}

function historyHtml(history: FailureHistory | null, lang: Lang): Html | null {
  if (history === null) return null
  return html`<h2>${words.same[lang]}</h2><div class="panel">#${history.attempt} ${historySentence(history)[lang]}
<p class="soft">${words.fingerprint[lang]} <code>${history.fingerprint}</code></p></div>`
}

function causesHtml(attempts: readonly AttemptRecord[], lang: Lang): Html {
  const causes = mergeCauses(attempts)
  if (causes.length === 0) return html`<p>${words.noCauses[lang]}</p>`
  const panels = causes.map(
    ({
      code,
      confidence,
      evidence,
      remedy,
      docs,
    }) => html`<div class="panel"><strong>${code}</strong> <span class="soft">${percent(confidence)}</span>
<ul>${evidence.map(text => html`<li><code>${text}</code></li>`)}</ul>
<p>${remedy}</p><p class="soft"><code>${docs}</code></p></div>`,
  )
  return html`<h2>${words.causes[lang]}</h2>${panels}`
}

function neighbours(neighbourhoods: readonly Neighbourhood[], lang: Lang): Html | null {
  if (neighbourhoods.length === 0) return null
  const tables = neighbourhoods.map(({ instanceID, attempt, neighbours: list }) => {
    const rows = list.map(
      ({
        relation,
        requestId,
        phase,
        status,
        startTime,
        durationMs,
      }) => html`<tr><td>${relationWords[relation][lang]}</td>
<td class="${statusClass(status)}">${status}</td><td>${dateTime(startTime)}</td><td>${milliseconds(durationMs)}</td><td>${requestId}${phase !== 'invoke' && ` ${phase}`}</td></tr>`,
    )
    const body = list.length === 0 ? html`<p>${words.noNeighbours[lang]}</p>` : html`<table>${rows}</table>`
    return html`<div class="panel scroll"><p class="soft">#${attempt} ${instanceID}</p>${body}</div>`
  })
  return html`<h2>${words.neighbours[lang]}</h2>${tables}`
}

function linesHtml(title: string, { total, leftOut, first, last }: LineExcerpt, lang: Lang): Html {
  const gap = leftOut > 0 && html`<li class="soft">${linesBetween(grouped(leftOut))[lang]}</li>`
  const list = html`<ol class="log">${first.map(line => lineHtml(line, lang))}${gap}${last.map(line => lineHtml(line, lang))}</ol>`
  return html`<h2>${title} (${grouped(total)})</h2>${total === 0 ? html`<p>${words.noLines[lang]}</p>` : list}`
}

function lineHtml({ time, level, message, bytesLeftOut }: TraceLine, lang: Lang): Html {
  const cut = bytesLeftOut > 0 ? bytesMore(grouped(bytesLeftOut))[lang] : ''
  const kind = { red: 'bad', yellow: 'warn' }[String(levelPaint(level))] ?? ''
  return html`<li class="${kind}"><time>${dateTime(time)}</time><span class="level">${level}</span><span class="text">${message.replace(/\r\n?/g, '\n').trimEnd()}${cut}</span></li>`
}

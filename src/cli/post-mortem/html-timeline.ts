// The steps of attempts as bars.
import type { Lang } from '../../model/cause.ts'
import type { Timeline } from '../../model/post-mortem.ts'
import { dateTime, milliseconds } from '../figures.ts'
import { type Html, html } from './html.ts'
import { stepWords, words } from './words.ts'

const rowHeight = 22
const labelWidth = 130
const barWidth = 620
const figureWidth = 110

/** One drawing per attempt. */
export function timelineHtml(timelines: readonly Timeline[], lang: Lang): Html | null {
  if (timelines.length === 0) return null
  const hasPlaced = timelines.some(({ steps }) => steps.some(({ isPlaced }) => isPlaced))
  return html`<h2>${words.timeline[lang]}</h2>
${timelines.map(timeline => drawing(timeline, lang))}
${hasPlaced && html`<p class="soft">▨ ${words.placed[lang]}</p>`}`
}

function drawing({ attempt, phase, startTime, totalMs, steps }: Timeline, lang: Lang): Html {
  const width = labelWidth + barWidth + figureWidth
  const height = steps.length * rowHeight + 4
  const scale = totalMs > 0 ? barWidth / totalMs : 0
  const rows = steps.map(({ name, offsetMs, durationMs, isPlaced }, row) => {
    const y = row * rowHeight
    const x = labelWidth + round(offsetMs * scale)
    const length = Math.max(2, round(durationMs * scale))
    const text = `${stepWords[name][lang]} ${milliseconds(durationMs)}`
    return html`<line class="track" x1="${labelWidth}" x2="${labelWidth + barWidth}" y1="${y + 20}" y2="${y + 20}"/>
<text x="0" y="${y + 15}">${stepWords[name][lang]}</text>
<rect class="${isPlaced ? 'placed' : 'known'}" x="${x}" y="${y + 4}" width="${length}" height="14" rx="2"><title>${text}</title></rect>
<text x="${labelWidth + barWidth + 8}" y="${y + 15}">${milliseconds(durationMs)}</text>`
  })
  const label = `#${attempt} ${phase} ${dateTime(startTime)}, ${milliseconds(totalMs)}`
  return html`<div class="panel scroll"><p class="soft">${label}</p>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${rows}</svg></div>`
}

const round = (value: number): number => Math.round(value * 10) / 10

// All rows of a window, or none: pages are asked for by their offsets, so a row that comes meanwhile shifts the others. What was
// read counts when it is as much as was counted.
import { searchChanged } from '../../telemetry/events/sls-search.ts'
import type { Log } from '../../telemetry/log.ts'
import { type PageReply, pageRows } from './search-api.ts'
import { SearchError } from './search-error.ts'
import type { SearchPatience } from './search-patience.ts'
import type { Window } from './window-plan.ts'

/** As often a window is read whose rows change; the last time is some 25 s after the first. */
const maxReadings = 8

export interface ReadWindowParts {
  readonly search: Pick<SearchPatience, 'count' | 'page' | 'pause'>
  /** Requests that may be under way for this window. */
  readonly inFlight: number
  /** Rows of a window that is held in memory, in bytes. */
  readonly maxBytes: number
  readonly log: Log
}

/** Pages in order. Null when they are more than `maxBytes`. Rejects with a {@link SearchError}. */
export async function readWindow(window: Window, parts: ReadWindowParts): Promise<readonly PageReply[] | null> {
  const { search, log } = parts
  let expected = window.rows
  for (let readings = 0; readings < maxReadings; readings += 1) {
    const reading = await readPages(window, expected, parts)
    if (reading === 'tooLarge') return null
    const { pages, isAsCounted } = reading
    if (isAsCounted) return pages
    const found = pages.reduce((sum, { rows }) => sum + rows, 0)
    searchChanged(log, { from: timeText(window.from), to: timeText(window.to), expected, found })
    await search.pause(readings)
    expected = await search.count(window)
  }
  const message = `the rows from ${timeText(window.from)} to ${timeText(window.to)} change whenever they are read`
  throw new SearchError({ kind: 'unstable', code: 'Unstable', status: 200, requestId: '', message })
}

interface Reading {
  readonly pages: readonly PageReply[]
  readonly isAsCounted: boolean
}

/** So many at a time; each takes the next page that nobody has. The last page has fewer rows than others, or none. */
async function readPages(window: Window, expected: number, parts: ReadWindowParts): Promise<Reading | 'tooLarge'> {
  const { search, inFlight, maxBytes } = parts
  const count = Math.floor(expected / pageRows) + 1
  const pages: PageReply[] = []
  let next = 0
  let bytes = 0
  let isAsCounted = true
  const takeTurns = async (): Promise<void> => {
    while (next < count && bytes <= maxBytes) {
      const number = next
      next += 1
      const page = await search.page(window, number * pageRows)
      pages[number] = page
      bytes += page.bytes.length
      if (page.rows === Math.min(pageRows, expected - number * pageRows)) continue
      // What is behind is of no use.
      isAsCounted = false
      next = count
    }
  }
  await Promise.all(Array.from({ length: Math.min(inFlight, count) }, takeTurns))
  if (bytes > maxBytes) return 'tooLarge'
  return { pages: pages.filter(page => page !== undefined), isAsCounted }
}

const timeText = (seconds: number): string => new Date(seconds * 1000).toISOString()

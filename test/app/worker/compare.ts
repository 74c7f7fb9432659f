// Holds what a worker stored and counted against the truth, and says readably where the two differ.
import assert from 'node:assert/strict'
import type { fates } from '../../../src/model/ledger.ts'
import type { AttemptJson } from '../run-batch.ts'
import type { MetricsPage } from './metrics-page.ts'
import type { Stored, StoredLine } from './stored.ts'
import type { ParsedJson, Truth } from './truth.ts'

/** Differences shown before the rest is only counted. */
const maxShown = 12

/** Every attempt and every line exactly once, as the batch commands have them. */
export function assertStored(stored: Stored, truth: Truth, about: string): void {
  fail(about, [...compareAttempts(stored.attempts, truth.attempts), ...compareLines(stored.lines, truth)])
}

/** Every attempt exactly once, as the batch commands have it. */
export function assertAttempts(found: readonly AttemptJson[], expected: readonly AttemptJson[], about: string): void {
  fail(about, compareAttempts(found, expected))
}

/** Every record and every attempt counted once. */
export function assertCounted(page: MetricsPage, truth: Truth, about: string): void {
  fail(about, compareCounters(page, truth))
}

function fail(about: string, differences: readonly string[]): void {
  if (differences.length === 0) return
  assert.fail(`${about}: ${differences.length} differences, the first:\n${differences.slice(0, maxShown).join('\n')}`)
}

function compareAttempts(found: readonly AttemptJson[], expected: readonly AttemptJson[]): string[] {
  const left = groupBy(found.map(comparable), identityOf)
  const differences: string[] = []
  for (const [identity, wanted] of groupBy(expected.map(comparable), identityOf)) {
    const got = left.get(identity) ?? []
    left.delete(identity)
    if (got.length !== wanted.length) {
      differences.push(`attempt ${identity}: ${wanted.length} expected, ${got.length} stored`)
      continue
    }
    const texts = got.map(attempt => JSON.stringify(attempt)).sort()
    for (const [index, text] of wanted
      .map(attempt => JSON.stringify(attempt))
      .sort()
      .entries()) {
      if (texts[index] !== text) differences.push(...fieldsThatDiffer(identity, text, texts[index] ?? '{}'))
    }
  }
  for (const identity of left.keys()) differences.push(`attempt ${identity}: stored, and not in the truth`)
  return differences
}

/**
 * Without what only a follower knows (how often it was corrected), and, where there is no request id, without the tracing ids:
 * they follow from where the records stood, which rotation changes.
 */
function comparable(attempt: AttemptJson): AttemptJson {
  const { startTime, endTime, sources, requestId } = attempt
  const time = (value: unknown): string | null => (typeof value === 'string' ? new Date(value).toISOString() : null)
  const nameless = requestId === null ? { traceId: '', spanId: '' } : {}
  return {
    ...attempt,
    ...nameless,
    startTime: time(startTime),
    endTime: time(endTime),
    sources: sortKeys(sources as Record<string, unknown>),
    revision: 1,
  }
}

const sortKeys = (object: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)))

const identityOf = ({ requestId, phase, attempt, instanceID }: AttemptJson): string =>
  requestId === null ? `without an id on ${instanceID} ${phase}` : `${requestId} ${phase} ${attempt}`

function fieldsThatDiffer(identity: string, expected: string, found: string): string[] {
  const wanted: Record<string, unknown> = JSON.parse(expected)
  const got: Record<string, unknown> = JSON.parse(found)
  return Object.keys({ ...wanted, ...got })
    .filter(field => JSON.stringify(wanted[field]) !== JSON.stringify(got[field]))
    .map(
      field =>
        `attempt ${identity} ${field}: expected ${JSON.stringify(wanted[field])}, stored ${JSON.stringify(got[field])}`,
    )
}

/** Four looks, each at all lines: what they say, when, whose id they carry, and how many each attempt has, by its ids of tracing. */
function compareLines(found: readonly StoredLine[], { lines, attempts }: Truth): string[] {
  const stored = found.map(line => ({ ...line, Body: withoutMarkers(line.Body) }))
  const timed = stored.filter(({ timeSource }) => timeSource !== null)
  const own = (line: ParsedJson): string => JSON.stringify([line.message, line.requestId])
  const withId = new Set(lines.filter(({ requestId }) => requestId !== null).map(own))
  const ofAttempts = new Map<string, number>()
  for (const { requestId, traceId, spanId, lines: count } of attempts) {
    if (requestId !== null && count > 0) ofAttempts.set(`${requestId} ${traceId} ${spanId}`, count)
  }
  return [
    ...compareCounts('line', count(stored, storedWords), count(lines, parsedWords)),
    ...compareCounts(
      'time of line',
      count(timed, ({ Body, Timestamp }) => JSON.stringify([Body, Date.parse(Timestamp)])),
      count(
        lines.filter(({ time }) => time !== null),
        ({ message, time }) => JSON.stringify([message, Date.parse(time ?? '')]),
      ),
    ),
    ...compareCounts(
      'line with an id',
      count(
        stored.filter(({ Body, requestId }) => withId.has(JSON.stringify([Body, requestId]))),
        ({ Body, requestId }) => JSON.stringify([Body, requestId]),
      ),
      count(
        lines.filter(({ requestId }) => requestId !== null),
        own,
      ),
      'atLeast',
    ),
    ...compareCounts(
      'lines of attempt',
      count(
        stored.filter(({ requestId }) => requestId !== ''),
        ({ requestId, TraceId, SpanId }) => `${requestId} ${TraceId} ${SpanId}`,
      ),
      ofAttempts,
    ),
  ]
}

/** A marker that is glued to a line stays with what is stored; `parse` tells it apart. */
const withoutMarkers = (body: string): string =>
  body
    .split('\n')
    .filter(line => !/FC \w+ (?:Start|End) RequestId:/.test(line))
    .join('\n')

const storedWords = (line: StoredLine): string =>
  JSON.stringify([line.Body, line.kind, line.level, line.functionName, line.instanceID])
const parsedWords = (line: ParsedJson): string =>
  JSON.stringify([line.message, line.kind, line.level, line.functionName ?? '', line.instanceID ?? ''])

/** `atLeast`: a line without an id that says the same may have been found to belong to that request. */
function compareCounts(
  what: string,
  found: ReadonlyMap<string, number>,
  expected: ReadonlyMap<string, number>,
  how: 'exactly' | 'atLeast' = 'exactly',
): string[] {
  const differences: string[] = []
  for (const key of new Set([...expected.keys(), ...found.keys()])) {
    const wanted = expected.get(key) ?? 0
    const got = found.get(key) ?? 0
    if (got !== wanted && !(how === 'atLeast' && got > wanted)) {
      differences.push(`${what} ${key}: ${wanted} expected, ${got} stored`)
    }
  }
  return differences
}

function compareCounters(page: MetricsPage, { attempts, ledger }: Truth): string[] {
  const invocations = attempts.filter(({ phase }) => phase === 'invoke')
  const names = ['function_name', 'service_name', 'qualifier']
  const functionOf = ({ functionName, serviceName, qualifier }: AttemptJson): string =>
    [functionName, serviceName, qualifier].map(name => name ?? '').join(' ')
  const numbers = {
    records: page.sum('fcscope_records_total'),
    unaccounted: page.sum('fcscope_unaccounted_records'),
    deadLettered: page.sum('fcscope_dead_letters_total'),
    invocations: page.sumsBy('faas_invocations_total', names),
    attempts: page.sumsBy('fc_attempts_total', ['phase']),
  }
  const wanted = {
    records: ledger.received,
    unaccounted: 0,
    deadLettered: ledger.deadLettered,
    invocations: Object.fromEntries(count(invocations, functionOf)),
    attempts: Object.fromEntries(count(attempts, ({ phase }) => phase)),
  }
  const differences = Object.entries(wanted).flatMap(([name, value]) => differ(name, numbers[name as never], value))
  for (const fate of ['ignored', 'deadLettered'] satisfies (typeof fates)[number][]) {
    differences.push(...differ(`records ${fate}`, page.sum('fcscope_records_total', { fate }), ledger[fate]))
  }
  return differences
}

function differ(what: string, found: unknown, expected: unknown): string[] {
  try {
    assert.deepEqual(found, expected)
    return []
  } catch {
    return [`counter ${what}: expected ${JSON.stringify(expected)}, counted ${JSON.stringify(found)}`]
  }
}

function count<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) {
    const key = keyOf(item)
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

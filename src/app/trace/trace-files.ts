// Gathers what files hold of a request, without a store. They are read twice: what an attempt has around it, and what its lines are,
// is known only once it was found.
import { nearestNeighbours } from '../../model/neighbours.ts'
import type { AttemptRecord, Neighbour, Neighbourhood, RequestCandidate, TraceFacts } from '../../model/post-mortem.ts'
import { phases } from '../../model/record-kind.ts'
import type { BatchRows } from '../../pipeline/engine.ts'
import { checkInputs } from '../../sources/file/check-inputs.ts'
import type { LineBounds } from '../../store/trace/line-queries.ts'
import { Excerpt } from './excerpt.ts'
import { FileHistory, historySubject } from './failure-history.ts'
import { type FileOptions, type FileVisitor, type SeenAttempt, visitFiles } from './file-engine.ts'
import { LineBlockRows } from './line-block-rows.ts'

/** Attempts that are kept of what an abbreviated id may mean, and of what was on an instance. */
const maxKept = 20_000

/** A request's attempts, and where its lines stand. */
export class Found implements FileVisitor {
  readonly attempts = new Map<string, AttemptRecord>()
  /** Places of lines that got their owner later, by request. */
  readonly owned = new Map<string, Set<string>>()
  /** First and last position of a request's lines, by request and stream. */
  readonly places = new Map<string, Map<string, { from: number; to: number }>>()
  /** The newest time of any line, unix ms; null where none has one. */
  newestMs: number | null = null
  readonly #prefix: string

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  wants({ requestId }: { readonly requestId: string | null }): boolean {
    return requestId?.startsWith(this.#prefix) === true && this.attempts.size < maxKept
  }

  attempt(key: string, attempt: AttemptRecord | null): void {
    if (attempt === null) this.attempts.delete(key)
    else this.attempts.set(key, attempt)
  }

  rows({ lines, owners }: BatchRows): void {
    const rows = new LineBlockRows(lines)
    while (rows.next()) {
      if (rows.hasTime && rows.timeMs > (this.newestMs ?? Number.NEGATIVE_INFINITY)) this.newestMs = rows.timeMs
      const { requestId } = rows
      if (!requestId.startsWith(this.#prefix)) continue
      const places = getOrMake(this.places, requestId, () => new Map())
      const { position } = rows
      const known = getOrMake(places, rows.streamId, () => ({ from: position, to: position }))
      known.from = Math.min(known.from, position)
      known.to = Math.max(known.to, position)
    }
    for (const { requestId, place } of owners) {
      if (requestId === null || !requestId.startsWith(this.#prefix)) continue
      getOrMake(this.owned, requestId, () => new Set()).add(place.join(' '))
    }
  }
}

/** Reads the files once: everything whose id is, or begins with, `prefix`. Fails with `FCS_INPUT_MISSING` and the like. */
export async function findInFiles(options: FileOptions, prefix: string): Promise<Found> {
  checkInputs(options.inputs)
  const found = new Found(prefix)
  await visitFiles(options, found)
  return found
}

/** The requests that were found. */
export function candidatesIn(found: Found): readonly RequestCandidate[] {
  const candidates = new Map<string, RequestCandidate>()
  for (const { requestId, functionName, startTime } of found.attempts.values()) {
    if (requestId !== null && !candidates.has(requestId))
      candidates.set(requestId, { requestId, functionName, startTime })
  }
  return [...candidates.values()].toSorted((one, other) => (one.requestId < other.requestId ? -1 : 1))
}

/** Reads the files a second time. */
export async function traceInFiles(
  options: FileOptions,
  found: Found,
  { requestId, bounds }: { requestId: string; bounds: LineBounds },
): Promise<TraceFacts> {
  const attempts = [...found.attempts.values()].filter(attempt => attempt.requestId === requestId).toSorted(byNumber)
  const around = new Around({ attempts, found, requestId, bounds })
  await visitFiles(options, around)
  return {
    requestId,
    origin: { kind: 'files', names: options.inputs },
    attempts,
    initializers: around.initializers(),
    neighbourhoods: around.neighbourhoods(),
    history: around.history.build(),
    lines: around.lines.build(bounds.lines),
    unattached: around.unattached.build(bounds.lines),
  }
}

/** What surrounds the attempts of one request. */
class Around implements FileVisitor {
  readonly lines = new Excerpt()
  readonly unattached = new Excerpt()
  readonly history: FileHistory
  readonly #attempts: readonly AttemptRecord[]
  readonly #requestId: string
  readonly #bounds: LineBounds
  readonly #owned: ReadonlySet<string>
  readonly #places: ReadonlyMap<string, { from: number; to: number }>
  readonly #instances: ReadonlySet<string>
  readonly #others = new Map<string, AttemptRecord>()

  constructor(parts: {
    attempts: readonly AttemptRecord[]
    found: Found
    requestId: string
    bounds: LineBounds
  }) {
    this.#attempts = parts.attempts
    this.history = new FileHistory(historySubject(parts.attempts))
    this.#requestId = parts.requestId
    this.#bounds = parts.bounds
    this.#owned = parts.found.owned.get(parts.requestId) ?? new Set()
    this.#places = parts.found.places.get(parts.requestId) ?? new Map()
    this.#instances = new Set(parts.attempts.flatMap(({ instanceID }) => instanceID ?? []))
  }

  wants(attempt: SeenAttempt): boolean {
    return this.#isOther(attempt) || this.history.wants(attempt)
  }

  #isOther({ requestId, instanceID }: Pick<SeenAttempt, 'requestId' | 'instanceID'>): boolean {
    const isOther = requestId !== this.#requestId && instanceID !== null && this.#instances.has(instanceID)
    return isOther && this.#others.size < maxKept
  }

  attempt(key: string, attempt: AttemptRecord | null): void {
    this.history.take(key, attempt)
    if (attempt === null) this.#others.delete(key)
    else if (this.#isOther(attempt)) this.#others.set(key, attempt)
  }

  rows({ lines, owners }: BatchRows): void {
    const rows = new LineBlockRows(lines)
    while (rows.next()) {
      const place = { timeMs: rows.timeMs, streamId: rows.streamId, position: rows.position }
      const { requestId } = rows
      const isOwn =
        requestId === this.#requestId || (rows.isWaiting && this.#owned.has(`${place.streamId} ${place.position}`))
      if (isOwn) this.lines.add(place, rows.line(this.#bounds.bytes))
      else if (requestId === '' && this.#isNear(rows)) this.unattached.add(place, rows.line(this.#bounds.bytes))
    }
    // Of those that nobody had, these belong to somebody now.
    for (const { place } of owners) this.unattached.drop(place[0], place[1])
  }

  /** On an instance in the time of its attempt, or between lines of an attempt whose instance is not known. */
  #isNear(rows: LineBlockRows): boolean {
    const { instanceID } = rows
    if (instanceID !== null) {
      return this.#attempts.some(attempt => attempt.instanceID === instanceID && isWithin(attempt, rows.timeMs))
    }
    const place = this.#places.get(rows.streamId)
    if (place === undefined || rows.position < place.from || rows.position > place.to) return false
    return this.#attempts.some(attempt => attempt.instanceID === null && attempt.functionName === rows.functionName)
  }

  initializers(): readonly AttemptRecord[] {
    const cold = this.#attempts.filter(({ coldStart }) => coldStart === true)
    return cold.flatMap(attempt => {
      // On older platforms the hook has the id of the request that met it.
      const hooks = [...this.#others.values(), ...this.#attempts].filter(
        ({ phase, instanceID, startTime }) =>
          phase === 'initialize' && instanceID === attempt.instanceID && isNotAfter(startTime, attempt.startTime),
      )
      return hooks.toSorted(byStart).slice(-1)
    })
  }

  neighbourhoods(): readonly Neighbourhood[] {
    return this.#attempts.flatMap(attempt => {
      const { instanceID, startTime, phase } = attempt
      if (phase !== 'invoke' || instanceID === null || startTime === null) return []
      return [{ instanceID, attempt: attempt.attempt, neighbours: this.#neighboursOf(attempt) }]
    })
  }

  /** Only what a neighbour is told of. */
  #neighboursOf(attempt: AttemptRecord): readonly Neighbour[] {
    const others = [...this.#others.values()].filter(({ instanceID }) => instanceID === attempt.instanceID)
    const told = others.map(({ requestId, attempt: number, phase, status, startTime, endTime, durationMs }) => {
      return { requestId, attempt: number, phase, status, startTime, endTime, durationMs }
    })
    return nearestNeighbours(attempt, told)
  }
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

const byNumber = (one: AttemptRecord, other: AttemptRecord): number =>
  phases.indexOf(one.phase) - phases.indexOf(other.phase) || one.attempt - other.attempt

const byStart = (one: { startTime: string | null }, other: { startTime: string | null }): number =>
  (one.startTime ?? '').localeCompare(other.startTime ?? '')

const isNotAfter = (one: string | null, other: string | null): boolean =>
  one !== null && other !== null && Date.parse(one) <= Date.parse(other)

const isWithin = ({ startTime, endTime }: AttemptRecord, timeMs: number): boolean =>
  startTime !== null && timeMs >= Date.parse(startTime) && timeMs <= Date.parse(endTime ?? startTime)

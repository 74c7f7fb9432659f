// The engine's whole state as bytes, and back: what a worker needs to go on after a crash without reading everything again.
// Attempts are copied as they lie in memory; lists are links between their slots, so that they come back by themselves.
import { deserialize, serialize } from 'node:v8'
import { bytesOf, joinSections, splitSections, wordsOf } from '../lib/sections.ts'
import type { ErrorLine } from '../model/error-line.ts'
import type { RecordOrigin } from '../model/record-origin.ts'
import type { AttemptFlow, SavedFlow } from './attempt-flow.ts'
import { Cell, Figure, none, slotShift } from './attempt-layout.ts'
import { AttemptNotes } from './attempt-notes.ts'
import { recordWords } from './attempt-room.ts'
import type { Attempts } from './attempts.ts'
import { Frame, sequenceDouble } from './engine-frame.ts'
import { MetricsFacts, type SavedFacts } from './metrics-facts.ts'
import type { SavedStream, StreamState } from './stream-state.ts'
import type { SavedStreams, Streams } from './streams.ts'
import type { TroubleRing } from './trouble-ring.ts'

/** Grows when what is saved changes its shape; a snapshot of another version cannot be read. */
const snapshotVersion = 5

/** Words of the frame that change as records come in. */
const savedWords = [
  Frame.oldestOpen,
  Frame.youngestOpen,
  Frame.oldestClosed,
  Frame.youngestClosed,
  Frame.attemptsOpen,
  Frame.attemptsClosed,
  Frame.freeSlot,
  Frame.freshSlot,
  Frame.tick,
] as const

/** The parts of an engine that have state. */
export interface EngineParts {
  readonly attempts: Attempts
  readonly streams: Streams
  readonly ring: TroubleRing
  readonly flow: AttemptFlow
}

/** The parts that are columns of numbers stand beside it, in the order of {@link saveEngine}. */
interface Snapshot {
  readonly version: number
  readonly words: readonly number[]
  readonly sequence: number
  readonly streams: SavedStreams
  /** Streams that only attempts, or the intake of text, still know. */
  readonly otherStreams: readonly SavedStream[]
  readonly origins: readonly RecordOrigin[]
  readonly notes: readonly (readonly [number, AttemptNotes])[]
  readonly facts: readonly (readonly [number, SavedFacts])[]
  /** Error lines that attempts refer to, by slot. */
  readonly trouble: readonly (readonly [number, readonly ErrorLine[]])[]
  readonly longIds: readonly (readonly [number, string])[]
  readonly crowded: number
  readonly lastPublished: number
  readonly touched: readonly number[]
  readonly flow: SavedFlow
}

/** The engine as bytes; the engine stays as it is. `textStreams`: the streams of text that are being read. */
export function saveEngine(parts: EngineParts, textStreams: Iterable<StreamState>): Buffer {
  const { attempts, streams, ring, flow } = parts
  const { table, frame, ids } = attempts
  const { words, doubles } = frame
  const freshSlot = words[Frame.freshSlot]!
  const tenants = new Tenants(attempts, ring)
  const savedStreams = streams.save()
  const snapshot: Snapshot = {
    version: snapshotVersion,
    words: savedWords.map(word => words[word]!),
    sequence: doubles[sequenceDouble]!,
    streams: savedStreams,
    otherStreams: tenants.streamsBeside(savedStreams, textStreams),
    origins: tenants.origins,
    notes: tenants.notes,
    facts: tenants.facts,
    trouble: tenants.trouble,
    longIds: ids.saveLongIds(),
    crowded: attempts.crowded,
    lastPublished: attempts.lastPublished,
    touched: [...attempts.touched],
    flow: flow.save(),
  }
  const cells = bytesOf(table.cells.subarray(0, freshSlot))
  return joinSections([serialize(snapshot), cells, bytesOf(tenants.streamOfSlot), bytesOf(tenants.originOfSlot)])
}

/** What is known of the slots beyond their records. */
class Tenants {
  /** Number of each slot's stream, -1 where the kernel's number in the record is enough. */
  readonly streamOfSlot: Int32Array
  /** Index in `origins` of each slot, -1 for the stream's own. */
  readonly originOfSlot: Int32Array
  readonly origins: RecordOrigin[] = []
  readonly notes: (readonly [number, AttemptNotes])[] = []
  readonly facts: (readonly [number, SavedFacts])[] = []
  readonly trouble: (readonly [number, readonly ErrorLine[]])[] = []
  readonly #streams = new Map<number, StreamState>()
  readonly #originIndex = new Map<RecordOrigin, number>()

  constructor(attempts: Attempts, ring: TroubleRing) {
    const { table, frame } = attempts
    const count = frame.words[Frame.freshSlot]! >> slotShift
    this.streamOfSlot = new Int32Array(count).fill(-1)
    this.originOfSlot = new Int32Array(count).fill(-1)
    for (let at = 0; at < count; at++) {
      const stream = table.streams[at]
      if (stream !== undefined) {
        this.streamOfSlot[at] = stream.number
        this.#streams.set(stream.number, stream)
      }
      const origin = table.origins[at]
      if (origin !== undefined) this.originOfSlot[at] = this.#indexOf(origin)
      const notes = table.notes[at]
      if (notes !== undefined) this.notes.push([at, notes])
      const facts = table.facts[at]
      if (facts !== undefined) this.facts.push([at, facts])
      const figure = (at << slotShift) >> 1
      const first = table.figures[figure + Figure.firstTrouble]!
      const last = table.figures[figure + Figure.lastTrouble]!
      if (first !== 0) this.trouble.push([at, ring.linesOf(first, last)])
    }
  }

  #indexOf(origin: RecordOrigin): number {
    let index = this.#originIndex.get(origin)
    if (index === undefined) {
      index = this.origins.push(origin) - 1
      this.#originIndex.set(origin, index)
    }
    return index
  }

  streamsBeside(saved: SavedStreams, textStreams: Iterable<StreamState>): readonly SavedStream[] {
    for (const stream of textStreams) this.#streams.set(stream.number, stream)
    for (const { stream } of saved.rows) this.#streams.delete(stream.number)
    return [...this.#streams.values()].map(stream => stream.save())
  }
}

/** What became of a snapshot. */
export type LoadResult =
  | { readonly status: 'loaded'; readonly textStreams: readonly StreamState[] }
  /** Written by another version of the program. */
  | { readonly status: 'otherVersion' }
  /** More attempts than this engine has room for: `maxOpen` was made smaller. */
  | { readonly status: 'tooLarge' }

/** Puts a snapshot into an engine that has not seen a record yet. */
export function loadEngine(parts: EngineParts, bytes: Uint8Array): LoadResult {
  const [head, cellBytes, streamBytes, originBytes] = splitSections(bytes) ?? []
  if (head === undefined || cellBytes === undefined || streamBytes === undefined || originBytes === undefined) {
    return { status: 'otherVersion' }
  }
  // Written by saveEngine: its version says that the shape is right, and a checksum around it that the bytes are.
  const snapshot = deserialize(head) as Snapshot
  if (snapshot.version !== snapshotVersion) return { status: 'otherVersion' }
  const cells = wordsOf(cellBytes)
  const { attempts, streams, flow } = parts
  const { table, frame, ids } = attempts
  if (cells.length > frame.words[Frame.slotEnd]!) return { status: 'tooLarge' }
  for (const [index, word] of savedWords.entries()) frame.words[word] = snapshot.words[index]!
  frame.doubles[sequenceDouble] = snapshot.sequence
  table.cells.set(cells)
  table.growTenants()
  streams.load(snapshot.streams)
  const byNumber = new Map<number, StreamState>()
  for (const stream of streams.all()) byNumber.set(stream.number, stream)
  const others = snapshot.otherStreams.map(saved => streams.restore(saved))
  for (const stream of others) byNumber.set(stream.number, stream)
  loadTenants(parts, snapshot, { byNumber, streamOfSlot: wordsOf(streamBytes), originOfSlot: wordsOf(originBytes) })
  ids.loadLongIds(snapshot.longIds)
  indexIds(attempts)
  attempts.crowded = snapshot.crowded
  attempts.lastPublished = snapshot.lastPublished
  attempts.touched.push(...snapshot.touched)
  flow.load(snapshot.flow)
  return { status: 'loaded', textStreams: others.filter(stream => stream.ordered) }
}

function loadTenants(
  parts: EngineParts,
  snapshot: Snapshot,
  columns: { byNumber: ReadonlyMap<number, StreamState>; streamOfSlot: Int32Array; originOfSlot: Int32Array },
): void {
  const { table } = parts.attempts
  const { byNumber, streamOfSlot, originOfSlot } = columns
  for (let at = 0; at < streamOfSlot.length; at++) {
    table.streams[at] = byNumber.get(streamOfSlot[at]!)
    table.origins[at] = snapshot.origins[originOfSlot[at]!]
  }
  for (const [at, notes] of snapshot.notes) table.notes[at] = Object.assign(new AttemptNotes(), notes)
  for (const [at, facts] of snapshot.facts) table.facts[at] = MetricsFacts.load(facts)
  const { ring } = parts
  for (const [at, lines] of snapshot.trouble) {
    const figure = (at << slotShift) >> 1
    const [first, last] = ring.keepLines(lines)
    table.figures[figure + Figure.firstTrouble] = first
    table.figures[figure + Figure.lastTrouble] = last
  }
}

/** The index of ids is made anew: this engine's hashes have another seed. */
function indexIds(attempts: Attempts): void {
  const { table, frame, ids } = attempts
  const { cells } = table
  const isFree = new Uint8Array(frame.words[Frame.freshSlot]! >> slotShift)
  for (let slot = frame.words[Frame.freeSlot]!; slot !== none; slot = cells[slot + Cell.nextClosed]!)
    isFree[slot >> slotShift] = 1
  for (let slot = 0; slot < frame.words[Frame.freshSlot]!; slot += recordWords) {
    if (isFree[slot >> slotShift] === 0) ids.indexAgain(slot)
  }
}

// Hot path: what has been given out already, so that giving it out again becomes a revision, and nothing is counted twice.
// Entries are numbers in typed arrays, found by the attempt's span id (64 bits of hash). There are two generations: when the
// young one is full it becomes the old one, and what was in the old one is forgotten.
import { type BusyHours, hullOf, noHours } from '../model/busy-hours.ts'

/** What the store and the counters need to know of an attempt that is to be given out. */
export interface Verdict {
  /** 0: there is nothing to give out; else the revision. */
  revision: number
  /** Unix ms, whole seconds, of the first revision. */
  firstStoredMs: number
  /** Status given out last, as a number; -1 when there is none. */
  lastStatus: number
  /** True when an earlier revision was a failure already. */
  wasFailure: boolean
  /** True when its figures were counted already; see {@link GivenOut.markMeasured}. */
  wasMeasured: boolean
  /** It was given out for good before, and its records came too late to change it. */
  isBeyondHorizon: boolean
  /** The hours in which earlier revisions were. */
  priorHours: BusyHours
  /** Others may have given it out since, in other hours. */
  isDoubtful: boolean
}

/** An attempt that is about to be given out. */
export interface Candidate {
  /** The span id's two words. */
  readonly high: number
  readonly low: number
  /** Hash of everything that is given out, two words; asked for only when it may be given out again, or was before. */
  signature(): readonly [number, number]
  readonly status: number
  readonly isFailure: boolean
  readonly isFinal: boolean
  readonly nowMs: number
  /** A number of what it came from, for {@link GivenOut.doubt}. */
  readonly home: number
  readonly hours: BusyHours
}

const entryWords = 8
const Word = { high: 0, low: 1, signatureHigh: 2, signatureLow: 3, meta: 4, storedAt: 5, home: 6, hours: 7 } as const

/** Bits of an entry's meta word. */
const revisionMask = 0xffff
const statusShift = 16
const statusMask = 0xff
const isFinalBit = 1 << 24
const isFailureBit = 1 << 25
const isDeletedBit = 1 << 26
const isMeasuredBit = 1 << 27
/** Somebody else may have given it out since. */
const isDoubtfulBit = 1 << 28

/** Entries of one generation; a power of two. */
export const generationEntries = 262_144

/** Open addressing over `2 * entries` places. An entry whose meta word is 0 is free. */
class Generation {
  readonly words: Int32Array
  readonly #mask: number
  count = 0

  constructor(entries: number) {
    this.words = new Int32Array(entries * 2 * entryWords)
    this.#mask = entries * 2 - 1
  }

  /** Where the entry begins; a free one when it is not there. */
  find(high: number, low: number): number {
    const { words } = this
    let at = (low ^ (high >>> 7)) & this.#mask
    for (;;) {
      const word = at * entryWords
      if (words[word + Word.meta] === 0) return word
      if (words[word + Word.high] === high && words[word + Word.low] === low) return word
      at = (at + 1) & this.#mask
    }
  }
}

/** Two generations in a snapshot: the words of all entries that are taken, the old one's first. */
export interface SavedGivenOut {
  readonly old: Int32Array
  readonly young: Int32Array
}

/** The memory of what was given out. */
export class GivenOut {
  readonly #entries: number
  #young: Generation
  #old: Generation
  readonly #verdict: Verdict = {
    revision: 0,
    firstStoredMs: 0,
    lastStatus: -1,
    wasFailure: false,
    wasMeasured: false,
    isBeyondHorizon: false,
    priorHours: noHours,
    isDoubtful: false,
  }
  /** Where the entry of the last verdict begins. */
  #last = 0

  constructor(entries = generationEntries) {
    this.#entries = entries
    this.#young = new Generation(entries)
    this.#old = new Generation(entries)
  }

  /** Decides about an attempt and remembers it. The verdict is valid until the next call. */
  decide(candidate: Candidate): Verdict {
    const { high, low } = candidate
    const at = this.#bringUp(high, low)
    this.#last = at
    const { words } = this.#young
    const meta = words[at + Word.meta]!
    const verdict = this.#verdict
    verdict.isBeyondHorizon = false
    if (meta === 0) return this.#first(candidate, at)
    verdict.firstStoredMs = (words[at + Word.storedAt]! >>> 0) * 1000
    verdict.lastStatus = (meta & isDeletedBit) === 0 ? (meta >>> statusShift) & statusMask : -1
    verdict.wasFailure = (meta & isFailureBit) !== 0
    verdict.wasMeasured = (meta & isMeasuredBit) !== 0
    verdict.revision = 0
    verdict.isDoubtful = (meta & isDoubtfulBit) !== 0
    verdict.priorHours = words[at + Word.hours]!
    if ((meta & isFinalBit) !== 0) {
      verdict.isBeyondHorizon = true
      return verdict
    }
    const [signatureHigh, signatureLow] = candidate.signature()
    const isSame =
      (meta & (isDeletedBit | isDoubtfulBit)) === 0 &&
      words[at + Word.signatureHigh] === signatureHigh &&
      words[at + Word.signatureLow] === signatureLow
    const revision = (meta & revisionMask) + (isSame ? 0 : 1)
    words[at + Word.signatureHigh] = signatureHigh
    words[at + Word.signatureLow] = signatureLow
    // Merges may drop revisions before anybody has looked at them: the last one speaks for them all.
    words[at + Word.hours] = hullOf(verdict.priorHours, candidate.hours)
    words[at + Word.meta] =
      metaOf(candidate, Math.min(revision, revisionMask), verdict.wasFailure) | (meta & isMeasuredBit)
    if (!isSame) verdict.revision = revision
    return verdict
  }

  /** An attempt that is none any more; its verdict's revision is 0 when it was never given out. */
  withdraw(high: number, low: number): Verdict {
    const at = this.#bringUp(high, low)
    const { words } = this.#young
    const meta = words[at + Word.meta]!
    const verdict = this.#verdict
    verdict.isBeyondHorizon = false
    verdict.revision = 0
    verdict.wasMeasured = false
    if (meta === 0 || (meta & isDeletedBit) !== 0) return verdict
    verdict.revision = (meta & revisionMask) + 1
    verdict.lastStatus = (meta >>> statusShift) & statusMask
    verdict.firstStoredMs = (words[at + Word.storedAt]! >>> 0) * 1000
    verdict.priorHours = words[at + Word.hours]!
    verdict.isDoubtful = (meta & isDoubtfulBit) !== 0
    verdict.wasMeasured = (meta & isMeasuredBit) !== 0
    words[at + Word.meta] =
      ((meta & ~revisionMask) | Math.min(verdict.revision, revisionMask) | isDeletedBit) & ~isFinalBit
    return verdict
  }

  /**
   * An attempt that was given out as it is will not change any more. True when that was all there is to know of it; false, and nothing
   * has happened, when it has to be decided about once more: its figures were not counted, or it is not known here.
   */
  finish(high: number, low: number): boolean {
    const at = this.#bringUp(high, low)
    const { words } = this.#young
    const meta = words[at + Word.meta]!
    if ((meta & (isMeasuredBit | isFinalBit | isDeletedBit | isDoubtfulBit)) !== isMeasuredBit) return false
    words[at + Word.meta] = meta | isFinalBit
    return true
  }

  #first(candidate: Candidate, at: number): Verdict {
    const young = this.#young
    const { words } = young
    words[at + Word.high] = candidate.high
    words[at + Word.low] = candidate.low
    words[at + Word.home] = candidate.home
    words[at + Word.hours] = candidate.hours
    // What is final is never compared again.
    if (!candidate.isFinal) {
      const [signatureHigh, signatureLow] = candidate.signature()
      words[at + Word.signatureHigh] = signatureHigh
      words[at + Word.signatureLow] = signatureLow
    }
    const seconds = Math.floor(candidate.nowMs / 1000)
    words[at + Word.storedAt] = seconds
    words[at + Word.meta] = metaOf(candidate, 1, false)
    young.count += 1
    const verdict = this.#verdict
    verdict.revision = 1
    verdict.firstStoredMs = seconds * 1000
    verdict.lastStatus = -1
    verdict.wasFailure = false
    verdict.wasMeasured = false
    verdict.priorHours = noHours
    verdict.isDoubtful = false
    return verdict
  }

  /** Notes that the figures of the attempt that was decided about last have been counted. */
  markMeasured(): void {
    this.#young.words[this.#last + Word.meta]! |= isMeasuredBit
  }

  /**
   * What came from these homes is somebody else's for a time: it is given out again when it is read again, whatever it says, with the next
   * revision and the first time it had. What was counted of it is still known.
   */
  doubt(homes: ReadonlySet<number>): void {
    this.#doubt(home => homes.has(home))
  }

  #doubt(isDoubtful: (home: number) => boolean): void {
    for (const { words } of [this.#old, this.#young]) {
      for (let at = 0; at < words.length; at += entryWords) {
        const meta = words[at + Word.meta]!
        if (meta === 0 || !isDoubtful(words[at + Word.home]!)) continue
        words[at + Word.meta] = (meta & ~isFinalBit) | isDoubtfulBit
      }
    }
  }

  /** The place of an entry in the young generation, where it is copied to if only the old one knows it. */
  #bringUp(high: number, low: number): number {
    if (this.#young.count >= this.#entries) {
      this.#old = this.#young
      this.#young = new Generation(this.#entries)
    }
    const young = this.#young
    const at = young.find(high, low)
    if (young.words[at + Word.meta] !== 0) return at
    if (this.#old.count === 0) return at
    const before = this.#old.find(high, low)
    if (this.#old.words[before + Word.meta] === 0) return at
    young.words.set(this.#old.words.subarray(before, before + entryWords), at)
    young.count += 1
    return at
  }

  save(): SavedGivenOut {
    return { old: takenOf(this.#old), young: takenOf(this.#young) }
  }

  /** Homes have other numbers then, and may have been somebody else's: what came from any is in doubt. */
  load(saved: SavedGivenOut): void {
    this.#old = generationOf(saved.old, this.#entries)
    this.#young = generationOf(saved.young, this.#entries)
    this.#doubt(home => home !== 0)
  }
}

function metaOf(candidate: Candidate, revision: number, wasFailure: boolean): number {
  return (
    revision |
    (candidate.status << statusShift) |
    (candidate.isFinal ? isFinalBit : 0) |
    (candidate.isFailure || wasFailure ? isFailureBit : 0)
  )
}

function takenOf(generation: Generation): Int32Array {
  const taken = new Int32Array(generation.count * entryWords)
  let to = 0
  for (let at = 0; at < generation.words.length; at += entryWords) {
    if (generation.words[at + Word.meta] === 0) continue
    // Shorter than what a view of some words and its copy would take.
    for (let word = 0; word < entryWords; word++) taken[to++] = generation.words[at + word]!
  }
  return taken
}

function generationOf(taken: Int32Array, entries: number): Generation {
  const generation = new Generation(entries)
  for (let from = 0; from < taken.length && generation.count < entries; from += entryWords) {
    const at = generation.find(taken[from + Word.high]!, taken[from + Word.low]!)
    generation.words.set(taken.subarray(from, from + entryWords), at)
    generation.count += 1
  }
  return generation
}

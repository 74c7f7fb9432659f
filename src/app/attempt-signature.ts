// Hot path: tells whether an attempt that is given out again says anything new: a hash of every field, from the fields. As JSON, with
// a hash of its bytes, it took eight times as long.
import {
  type Attempt,
  attemptFlags,
  closers,
  type Sources,
  sourcedFields,
  statuses,
  valueSources,
} from '../model/attempt.ts'
import type { Cause } from '../model/cause.ts'
import type { SettledAttempt } from '../model/settled-attempt.ts'

const numbersOf = <K extends string>(names: readonly K[]): ReadonlyMap<K, number> =>
  new Map(names.map((name, index) => [name, index + 1]))
const statusNumbers = numbersOf(statuses)
const closerNumbers = numbersOf(closers)
const flagNumbers = numbersOf(attemptFlags)
const sourceNumbers = numbersOf(valueSources)

/** What no double is: a NaN of its own. */
const nothing = [0x7ff80000, 0x6e756c6c] as const

/**
 * A function that hashes one attempt at a time into two words. What the attempt's identity says already, its request id, phase, number
 * and the ids of tracing that follow from them, is left out: attempts are compared with those of the same identity only. So are error
 * lines: there is another one only where their number has changed.
 */
export function createSignature(): (settled: SettledAttempt) => readonly [number, number] {
  const hash = new FieldHash()
  return ({ attempt, traceContext }) => {
    hash.begin()
    hash.text(traceContext)
    addTexts(hash, attempt)
    addFigures(hash, attempt)
    addCounts(hash, attempt)
    addSources(hash, attempt.sources)
    addCauses(hash, attempt.causes)
    return hash.words()
  }
}

function addTexts(hash: FieldHash, attempt: Attempt): void {
  hash.text(attempt.functionName)
  hash.text(attempt.serviceName)
  hash.text(attempt.qualifier)
  hash.text(attempt.versionId)
  hash.text(attempt.instanceID)
  hash.text(attempt.invocationType)
  hash.text(attempt.triggerType)
  hash.text(attempt.resourceMode)
  hash.text(attempt.errorCode)
  hash.text(attempt.errorType)
  hash.text(attempt.errorMessage)
  hash.text(attempt.errorStack)
  hash.text(attempt.httpMethod)
  hash.text(attempt.httpPath)
  hash.text(attempt.cu)
}

function addFigures(hash: FieldHash, attempt: Attempt): void {
  const { coldStart } = attempt
  hash.word(coldStart === null ? 0 : coldStart ? 2 : 1)
  hash.number(attempt.httpStatus)
  hash.number(attempt.startTimeMs)
  hash.number(attempt.endTimeMs)
  hash.number(attempt.durationMs)
  hash.number(attempt.durationUncertaintyMs)
  hash.number(attempt.billedMs)
  hash.number(attempt.memoryMB)
  hash.number(attempt.maxMemoryUsedMB)
  hash.number(attempt.coldStartMs)
  hash.number(attempt.prepareCodeMs)
  hash.number(attempt.runtimeInitMs)
  hash.number(attempt.initializeMs)
  hash.number(attempt.scheduleMs)
}

function addCounts(hash: FieldHash, { status, closedBy, flags, lines, linesAfterEnd, levels }: Attempt): void {
  hash.word(statusNumbers.get(status)!)
  hash.word(closerNumbers.get(closedBy)!)
  let flagBits = 0
  for (let i = 0; i < flags.length; i++) flagBits |= 1 << flagNumbers.get(flags[i]!)!
  hash.word(flagBits)
  hash.word(lines)
  hash.word(linesAfterEnd)
  hash.word(levels.fatal)
  hash.word(levels.error)
  hash.word(levels.warn)
  hash.word(levels.info)
  hash.word(levels.debug)
  hash.word(levels.trace)
  hash.word(levels.other)
}

function addSources(hash: FieldHash, sources: Sources): void {
  for (let i = 0; i < sourcedFields.length; i++) {
    const source = sources[sourcedFields[i]!]
    hash.word(source === undefined ? 0 : sourceNumbers.get(source)!)
  }
}

function addCauses(hash: FieldHash, causes: readonly Cause[]): void {
  hash.word(causes.length)
  for (let i = 0; i < causes.length; i++) {
    // The remedy and its address follow from the code.
    const { code, confidence, evidence } = causes[i]!
    hash.text(code)
    hash.number(confidence)
    hash.word(evidence.length)
    for (let at = 0; at < evidence.length; at++) hash.text(evidence[at]!)
  }
}

// Two lanes that do not wait for each other.
function mixHigh(high: number, word: number): number {
  const mixed = Math.imul(high ^ word, 0xcc9e2d51)
  return (mixed << 15) | (mixed >>> 17)
}

function mixLow(low: number, word: number): number {
  const mixed = Math.imul(low + word, 0x1b873593)
  return (mixed << 13) | (mixed >>> 19)
}

/** Two words that depend on everything that was added, and on its order. */
class FieldHash {
  #high = 0
  #low = 0
  readonly #double = new Float64Array(1)
  readonly #halves = new Int32Array(this.#double.buffer)

  begin(): void {
    this.#high = 0x9e3779b1
    this.#low = 0x85ebca6b
  }

  word(word: number): void {
    this.#high = mixHigh(this.#high, word)
    this.#low = mixLow(this.#low, word)
  }

  number(value: number | null): void {
    if (value === null) {
      this.word(nothing[0])
      this.word(nothing[1])
      return
    }
    this.#double[0] = value
    this.word(this.#halves[0]!)
    this.word(this.#halves[1]!)
  }

  text(text: string | null): void {
    if (text === null) {
      this.word(-1)
      return
    }
    const { length } = text
    let high = mixHigh(this.#high, length)
    let low = mixLow(this.#low, length)
    for (let at = 0; at < length; at += 2) {
      const word = at + 1 < length ? (text.charCodeAt(at) << 16) | text.charCodeAt(at + 1) : text.charCodeAt(at)
      high = mixHigh(high, word)
      low = mixLow(low, word)
    }
    this.#high = high
    this.#low = low
  }

  words(): readonly [number, number] {
    return [this.#high ^ (this.#high >>> 16), this.#low ^ (this.#low >>> 13)]
  }
}

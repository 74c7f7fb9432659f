// Hot path: W3C trace and span ids from identities. A hash of four 32-bit lanes (MurmurHash3 x86_128's constants and
// finaliser), because 64-bit arithmetic means BigInt in JavaScript. It eats words of four bytes, as ids lie in an attempt's
// record; the kernel for ordinary lines has the same hash, and a test holds the two against each other.

/** Words of a trace id, and of a span id. */
export const traceIdWords = 4
export const spanIdWords = 2

/** Character codes of the two hex digits of a byte. One `fromCharCode` of all digits is twice as fast as joining strings. */
const highDigits = Uint8Array.from({ length: 256 }, (_, byte) => (byte >>> 4).toString(16).charCodeAt(0))
const lowDigits = Uint8Array.from({ length: 256 }, (_, byte) => (byte & 15).toString(16).charCodeAt(0))

const seed = 0x74726163

/**
 * The trace id of a request whose id is `length` bytes, packed little-endian into the words from `words[at]` on, the last one
 * filled up with zeros. Written to `into[to .. to + 4)`; never all zero, the same for the same id on every replay.
 */
export function deriveTraceWords(
  words: Int32Array,
  at: number,
  length: number,
  into: Int32Array | Uint32Array,
  to: number,
): void {
  let h1 = seed
  let h2 = seed ^ 0x239b961b
  let h3 = seed ^ 0xab0e9789
  let h4 = seed ^ 0x38b34ae5
  const end = at + ((length + 3) >> 2)
  // Every step moves through all four lanes, so that short ids are mixed as well as long ones.
  for (let i = at; i < end; i++) {
    const unit = words[i]!
    h1 = Math.imul(h1 ^ Math.imul(unit, 0x239b961b), 0xab0e9789)
    h1 = (((h1 << 15) | (h1 >>> 17)) + h2) | 0
    h2 = Math.imul(h2 ^ Math.imul(unit, 0x38b34ae5), 0xa1e38b93)
    h2 = (((h2 << 17) | (h2 >>> 15)) + h3) | 0
    h3 = ((h3 ^ h1) << 13) | ((h3 ^ h1) >>> 19)
    h3 = (Math.imul(h3, 5) + h4 + 0x96cd1c35) | 0
    h4 = ((h4 ^ h2) << 18) | ((h4 ^ h2) >>> 14)
    h4 = (Math.imul(h4, 5) + h1 + 0x32ac3b17) | 0
  }
  h1 ^= length
  h2 ^= length
  h3 ^= length
  h4 ^= length
  h1 = mixed((h1 + h2 + h3 + h4) | 0)
  h2 = mixed((h2 + h1) | 0)
  h3 = mixed((h3 + h2) | 0)
  h4 = mixed((h4 + h3) | 0)
  h1 = (h1 + h4) | 0
  into[to] = h1
  into[to + 1] = h2
  into[to + 2] = h3
  into[to + 3] = (h1 | h2 | h3 | h4) === 0 ? 1 : h4
}

/**
 * The span id of one attempt of the request whose trace id is at `trace[at]`, in one phase of an instance's life. Written to
 * `into[to .. to + 2)`; never all zero.
 */
export function deriveSpanWords(
  trace: Int32Array | Uint32Array,
  at: number,
  span: { readonly phase: number; readonly attempt: number },
  into: Int32Array | Uint32Array,
  to: number,
): void {
  const which = Math.imul(span.attempt, 4) + span.phase + 1
  const high = mixed(trace[at]! ^ Math.imul(which, 0x9e3779b1))
  const low = mixed((trace[at + 2]! ^ Math.imul(which, 0x85ebca6b)) + high)
  into[to] = high
  into[to + 1] = (high | low) === 0 ? 1 : low
}

function mixed(value: number): number {
  let h = value
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** Words in memory order as lower-case hex: the bytes of an id are those of its words, little-endian. */
export function hexOfWords(words: Int32Array | Uint32Array, at: number, count: number): string {
  const a = words[at]!
  const b = words[at + 1]!
  if (count === spanIdWords) return hex64(a, b)
  return hex128(a, b, words[at + 2]!, words[at + 3]!)
}

/** The words of as many hex digits as `into` has room for, as {@link hexOfWords} writes them. What is not hex gives zeros. */
export function wordsOfHex(hex: string, into: Int32Array): void {
  for (let i = 0; i < into.length; i++) {
    const word = Number.parseInt(hex.slice(i * 8, i * 8 + 8), 16)
    into[i] = (word >>> 24) | ((word >>> 8) & 0xff00) | ((word << 8) & 0xff0000) | (word << 24)
  }
}

const scratch = new Int32Array(traceIdWords + spanIdWords)
/** Text that stands in for an id is short; what is longer is cut, and its length still counts. */
const maxTextBytes = 1024
const textWords = new Int32Array(maxTextBytes / 4)
const textBytes = Buffer.from(textWords.buffer)

/** {@link deriveTraceWords} of a text in UTF-8. */
export function deriveTraceWordsOfText(text: string, into: Int32Array | Uint32Array, to: number): void {
  const written = textBytes.write(text, 0, maxTextBytes, 'utf8')
  textBytes.fill(0, written, (written + 3) & ~3)
  deriveTraceWords(textWords, 0, written, into, to)
}

/** The trace id of a request id as 32 hex digits. */
export function deriveTraceId(requestId: string): string {
  deriveTraceWordsOfText(requestId, scratch, 0)
  return hexOfWords(scratch, 0, traceIdWords)
}

/** The span id of one attempt as 16 hex digits. */
export function deriveSpanId(requestId: string, span: { readonly phase: number; readonly attempt: number }): string {
  deriveTraceWordsOfText(requestId, scratch, 0)
  deriveSpanWords(scratch, 0, span, scratch, traceIdWords)
  return hexOfWords(scratch, traceIdWords, spanIdWords)
}

function hex64(a: number, b: number): string {
  // biome-ignore format: one word a line
  return String.fromCharCode(
    highDigits[a & 255]!, lowDigits[a & 255]!, highDigits[(a >>> 8) & 255]!, lowDigits[(a >>> 8) & 255]!, highDigits[(a >>> 16) & 255]!, lowDigits[(a >>> 16) & 255]!, highDigits[a >>> 24]!, lowDigits[a >>> 24]!,
    highDigits[b & 255]!, lowDigits[b & 255]!, highDigits[(b >>> 8) & 255]!, lowDigits[(b >>> 8) & 255]!, highDigits[(b >>> 16) & 255]!, lowDigits[(b >>> 16) & 255]!, highDigits[b >>> 24]!, lowDigits[b >>> 24]!,
  )
}

function hex128(a: number, b: number, c: number, d: number): string {
  // biome-ignore format: one word a line
  return String.fromCharCode(
    highDigits[a & 255]!, lowDigits[a & 255]!, highDigits[(a >>> 8) & 255]!, lowDigits[(a >>> 8) & 255]!, highDigits[(a >>> 16) & 255]!, lowDigits[(a >>> 16) & 255]!, highDigits[a >>> 24]!, lowDigits[a >>> 24]!,
    highDigits[b & 255]!, lowDigits[b & 255]!, highDigits[(b >>> 8) & 255]!, lowDigits[(b >>> 8) & 255]!, highDigits[(b >>> 16) & 255]!, lowDigits[(b >>> 16) & 255]!, highDigits[b >>> 24]!, lowDigits[b >>> 24]!,
    highDigits[c & 255]!, lowDigits[c & 255]!, highDigits[(c >>> 8) & 255]!, lowDigits[(c >>> 8) & 255]!, highDigits[(c >>> 16) & 255]!, lowDigits[(c >>> 16) & 255]!, highDigits[c >>> 24]!, lowDigits[c >>> 24]!,
    highDigits[d & 255]!, lowDigits[d & 255]!, highDigits[(d >>> 8) & 255]!, lowDigits[(d >>> 8) & 255]!, highDigits[(d >>> 16) & 255]!, lowDigits[(d >>> 16) & 255]!, highDigits[d >>> 24]!, lowDigits[d >>> 24]!,
  )
}

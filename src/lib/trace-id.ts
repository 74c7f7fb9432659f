// Hot path: W3C trace and span ids from identities. A hash of four 32-bit lanes (MurmurHash3 x86_128's constants and
// finaliser), because 64-bit arithmetic means BigInt in JavaScript; the lanes are a typed array of the module, because a result object
// per call, or boxed numbers, would cost more than the hash.

/** Character codes of the two hex digits of a byte. One `fromCharCode` of all digits is twice as fast as joining strings. */
const highDigits = Uint8Array.from({ length: 256 }, (_, byte) => (byte >>> 4).toString(16).charCodeAt(0))
const lowDigits = Uint8Array.from({ length: 256 }, (_, byte) => (byte & 15).toString(16).charCodeAt(0))

/** The hash of the last call. */
const lanes = new Int32Array(4)

/** The trace id of a request: 32 lower-case hex digits, never all zero, the same for the same request on every replay. */
export function deriveTraceId(requestId: string): string {
  hash(requestId, 0x74726163)
  if ((lanes[0]! | lanes[1]! | lanes[2]! | lanes[3]!) === 0) lanes[3] = 1
  return hex128(lanes[0]!, lanes[1]!, lanes[2]!, lanes[3]!)
}

/** The span id of an identity (see docs/semantics.md): 16 lower-case hex digits, never all zero. */
export function deriveSpanId(identity: string): string {
  hash(identity, 0x7370616e)
  if ((lanes[0]! | lanes[1]!) === 0) lanes[1] = 1
  return hex64(lanes[0]!, lanes[1]!)
}

function hash(text: string, seed: number): void {
  let h1 = seed
  let h2 = seed ^ 0x239b961b
  let h3 = seed ^ 0xab0e9789
  let h4 = seed ^ 0x38b34ae5
  const length = text.length
  // Two code units a step; every step moves through all four lanes, so that short ids are mixed as well as long ones.
  for (let i = 0; i < length; i += 2) {
    const unit = text.charCodeAt(i) | ((i + 1 < length ? text.charCodeAt(i + 1) : 0) << 16)
    h1 = Math.imul(h1 ^ Math.imul(unit, 0x239b961b), 0xab0e9789)
    h1 = (((h1 << 15) | (h1 >>> 17)) + h2) | 0
    h2 = Math.imul(h2 ^ Math.imul(unit, 0x38b34ae5), 0xa1e38b93)
    h2 = (((h2 << 17) | (h2 >>> 15)) + h3) | 0
    h3 = ((h3 ^ h1) << 13) | ((h3 ^ h1) >>> 19)
    h3 = (Math.imul(h3, 5) + h4 + 0x96cd1c35) | 0
    h4 = ((h4 ^ h2) << 18) | ((h4 ^ h2) >>> 14)
    h4 = (Math.imul(h4, 5) + h1 + 0x32ac3b17) | 0
  }
  finish(h1 ^ length, h2 ^ length, h3 ^ length, h4 ^ length)
}

function finish(a: number, b: number, c: number, d: number): void {
  let h1 = (a + b + c + d) | 0
  let h2 = mixed((b + h1) | 0)
  let h3 = mixed((c + h2) | 0)
  let h4 = mixed((d + h3) | 0)
  h1 = mixed((h1 + h4) | 0)
  h2 = (h2 + h1) | 0
  h3 = (h3 + h2) | 0
  h4 = (h4 + h3) | 0
  lanes[0] = (h1 + h4) | 0
  lanes[1] = h2
  lanes[2] = h3
  lanes[3] = h4
}

function mixed(value: number): number {
  let h = value
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

function hex64(a: number, b: number): string {
  // biome-ignore format: one word a line
  return String.fromCharCode(
    highDigits[a >>> 24]!, lowDigits[a >>> 24]!, highDigits[(a >>> 16) & 255]!, lowDigits[(a >>> 16) & 255]!, highDigits[(a >>> 8) & 255]!, lowDigits[(a >>> 8) & 255]!, highDigits[a & 255]!, lowDigits[a & 255]!,
    highDigits[b >>> 24]!, lowDigits[b >>> 24]!, highDigits[(b >>> 16) & 255]!, lowDigits[(b >>> 16) & 255]!, highDigits[(b >>> 8) & 255]!, lowDigits[(b >>> 8) & 255]!, highDigits[b & 255]!, lowDigits[b & 255]!,
  )
}

function hex128(a: number, b: number, c: number, d: number): string {
  // biome-ignore format: one word a line
  return String.fromCharCode(
    highDigits[a >>> 24]!, lowDigits[a >>> 24]!, highDigits[(a >>> 16) & 255]!, lowDigits[(a >>> 16) & 255]!, highDigits[(a >>> 8) & 255]!, lowDigits[(a >>> 8) & 255]!, highDigits[a & 255]!, lowDigits[a & 255]!,
    highDigits[b >>> 24]!, lowDigits[b >>> 24]!, highDigits[(b >>> 16) & 255]!, lowDigits[(b >>> 16) & 255]!, highDigits[(b >>> 8) & 255]!, lowDigits[(b >>> 8) & 255]!, highDigits[b & 255]!, lowDigits[b & 255]!,
    highDigits[c >>> 24]!, lowDigits[c >>> 24]!, highDigits[(c >>> 16) & 255]!, lowDigits[(c >>> 16) & 255]!, highDigits[(c >>> 8) & 255]!, lowDigits[(c >>> 8) & 255]!, highDigits[c & 255]!, lowDigits[c & 255]!,
    highDigits[d >>> 24]!, lowDigits[d >>> 24]!, highDigits[(d >>> 16) & 255]!, lowDigits[(d >>> 16) & 255]!, highDigits[(d >>> 8) & 255]!, lowDigits[(d >>> 8) & 255]!, highDigits[d & 255]!, lowDigits[d & 255]!,
  )
}

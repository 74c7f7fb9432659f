// Hot path: W3C trace and span ids from identities. A hash of four 32-bit lanes (MurmurHash3 x86_128's constants and
// finaliser), because 64-bit arithmetic means BigInt in JavaScript; module-level lanes, because a result object per call
// would cost more than the hash.

const hexBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

let lane1 = 0
let lane2 = 0
let lane3 = 0
let lane4 = 0

/** The trace id of a request: 32 lower-case hex digits, never all zero, the same for the same request on every replay. */
export function deriveTraceId(requestId: string): string {
  hash(requestId, 0x74726163)
  if ((lane1 | lane2 | lane3 | lane4) === 0) lane4 = 1
  return hex32(lane1) + hex32(lane2) + hex32(lane3) + hex32(lane4)
}

/** The span id of an identity (see docs/semantics.md): 16 lower-case hex digits, never all zero. */
export function deriveSpanId(identity: string): string {
  hash(identity, 0x7370616e)
  if ((lane1 | lane2) === 0) lane2 = 1
  return hex32(lane1) + hex32(lane2)
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
    h1 = ((h1 << 15) | (h1 >>> 17)) + h2
    h2 = Math.imul(h2 ^ Math.imul(unit, 0x38b34ae5), 0xa1e38b93)
    h2 = ((h2 << 17) | (h2 >>> 15)) + h3
    h3 = ((h3 ^ h1) << 13) | ((h3 ^ h1) >>> 19)
    h3 = (Math.imul(h3, 5) + h4 + 0x96cd1c35) | 0
    h4 = ((h4 ^ h2) << 18) | ((h4 ^ h2) >>> 14)
    h4 = (Math.imul(h4, 5) + h1 + 0x32ac3b17) | 0
  }
  finish(h1 ^ length, h2 ^ length, h3 ^ length, h4 ^ length)
}

function finish(a: number, b: number, c: number, d: number): void {
  let h1 = (a + b + c + d) | 0
  let h2 = mixed(b + h1)
  let h3 = mixed(c + h2)
  let h4 = mixed(d + h3)
  h1 = mixed(h1 + h4)
  h2 = (h2 + h1) | 0
  h3 = (h3 + h2) | 0
  h4 = (h4 + h3) | 0
  lane1 = (h1 + h4) | 0
  lane2 = h2
  lane3 = h3
  lane4 = h4
}

function mixed(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

function hex32(value: number): string {
  // biome-ignore format: four table look-ups, one a byte
  return hexBytes[value >>> 24]! + hexBytes[(value >>> 16) & 255]! + hexBytes[(value >>> 8) & 255]! + hexBytes[value & 255]!
}

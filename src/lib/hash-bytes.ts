// A fast hash of bytes into 64 bits, for telling whether something changed; not against whoever wants two to be alike.

/** Two words that depend on every byte of `bytes[0 .. length)`. */
export function hashBytes(bytes: Uint8Array, length: number): readonly [number, number] {
  let high = 0x9e3779b1 ^ length
  let low = 0x85ebca6b
  for (let at = 0; at < length; at++) {
    high = Math.imul(high ^ bytes[at]!, 0x01000193)
    low = Math.imul(low ^ (high >>> 15) ^ bytes[at]!, 0xc2b2ae35)
  }
  return [high ^ (high >>> 16), low ^ (low >>> 13)]
}

// Hot path: the scanner's question "where does `FC` stand first?" for callers that have no scanner.

/** Position of the first byte pair `FC` inside [start, end); -1 when there is none. */
export function findCandidate(buf: Uint8Array, start: number, end: number): number {
  // Every pair covers one of any two neighbouring places, so every second byte tells enough.
  for (let p = start + 1; p < end; p += 2) {
    const byte = buf[p]!
    if (byte === 67) {
      if (buf[p - 1] === 70) return p - 1
    } else if (byte === 70 && p + 1 < end && buf[p + 1] === 67) return p
  }
  return -1
}

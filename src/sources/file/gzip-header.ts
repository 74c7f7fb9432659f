// The head of a gzip member (RFC 1952 §2.3): only its length matters here.

// 0: 1f 8b · 2: method (8 = deflate) · 3: flags · 4: mtime · 8: extra flags · 9: operating system
const fixedBytes = 10
const flag = { headerCrc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const

/** Length of the head in `bytes[start .. end)`; `more` when it goes on behind `end`, `bad` when this is no gzip member. */
export function gzipHeaderLength(bytes: Uint8Array, start: number, end: number): number | 'more' | 'bad' {
  const magic = [0x1f, 0x8b, 8]
  for (let i = 0; i < magic.length && start + i < end; i++) if (bytes[start + i] !== magic[i]) return 'bad'
  if (end - start < fixedBytes) return 'more'
  const flags = bytes[start + 3] ?? 0
  if ((flags & flag.reserved) !== 0) return 'bad'
  let at = start + fixedBytes
  if ((flags & flag.extra) !== 0) at += 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0)
  for (const text of [flag.name, flag.comment]) {
    if ((flags & text) === 0 || at > end) continue
    const zero = bytes.subarray(0, end).indexOf(0, at)
    if (zero === -1) return 'more'
    at = zero + 1
  }
  if ((flags & flag.headerCrc) !== 0) at += 2
  return at > end ? 'more' : at - start
}

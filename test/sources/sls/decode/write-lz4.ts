// A small LZ4 block compressor: the format's rules, and the longest match that one hash finds.
const MIN_MATCH = 4
/** The last match begins so many bytes before the end, and the last bytes are literals. */
const MATCH_LIMIT = 12
const LAST_LITERALS = 5
const WINDOW = 65_535

export function compressLz4(raw: Uint8Array): Buffer {
  const out: number[] = []
  const seen = new Map<number, number>()
  const wordAt = (at: number): number =>
    (raw[at]! | (raw[at + 1]! << 8) | (raw[at + 2]! << 16) | (raw[at + 3]! << 24)) >>> 0
  let anchor = 0
  let at = 0
  while (at < raw.length - MATCH_LIMIT) {
    const before = seen.get(wordAt(at))
    seen.set(wordAt(at), at)
    if (before === undefined || at - before > WINDOW) {
      at += 1
      continue
    }
    let length = MIN_MATCH
    while (at + length < raw.length - LAST_LITERALS && raw[at + length] === raw[before + length]) length += 1
    putSequence(out, raw.subarray(anchor, at), length)
    const offset = at - before
    out.splice(out.length - extraBytes(length), 0, offset & 255, offset >> 8)
    at += length
    anchor = at
  }
  putSequence(out, raw.subarray(anchor), null)
  return Buffer.from(out)
}

/** Token, literals, and the rest of the match's length; the offset belongs before that rest. */
function putSequence(out: number[], literals: Uint8Array, match: number | null): void {
  const low = match === null ? 0 : Math.min(match - MIN_MATCH, 15)
  out.push((Math.min(literals.length, 15) << 4) | low)
  out.push(...more(literals.length))
  for (const byte of literals) out.push(byte)
  if (match !== null) out.push(...more(match - MIN_MATCH))
}

function more(length: number): number[] {
  if (length < 15) return []
  return [...new Array<number>(Math.floor((length - 15) / 255)).fill(255), (length - 15) % 255]
}

const extraBytes = (match: number): number => more(match - MIN_MATCH).length

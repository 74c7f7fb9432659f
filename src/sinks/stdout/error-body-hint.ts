// Hot path: a cheap look whether an application line's message may be an error body, before anybody reads it as one.

const OPEN = 0x7b
const BLANK = 0x20
/** What every spelling of a body has: `errorMessage` or `ErrorMessage`. */
const MARK = 'rrorMessage'
/** PHP's var_export begins an array like this. */
const PHP = Buffer.from('array (', 'latin1')

/** False means that it is none; true that somebody must read it. */
export function mayBeErrorBody(buf: Buffer, start: number, end: number): boolean {
  let at = start
  while (at < end && buf[at] === BLANK) at += 1
  if (buf[at] !== OPEN && !isPhpArray(buf, at, end)) return false
  // Services that log JSON get here with every line, hence the second look.
  return buf.subarray(at, end).includes(MARK, 0, 'latin1')
}

function isPhpArray(buf: Buffer, at: number, end: number): boolean {
  if (buf[at] !== PHP[0] || at + PHP.length > end) return false
  for (let i = 1; i < PHP.length; i += 1) if (buf[at + i] !== PHP[i]) return false
  return true
}

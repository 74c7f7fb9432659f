// Names with `*` in them.

/**
 * Longest name that a pattern with letters can match, in UTF-16 units. Names come out of logs and may be of any length; with
 * this bound a look costs little whatever they hold.
 */
export const maxNameLength = 1024

/** A compiled pattern. A name that is not known (null) is matched only by `*` alone. */
export type NameMatcher = (name: string | null) => boolean

/**
 * `*` stands for any characters or none, as often as it is written; everything else for itself, and case counts. The pieces
 * between stars are looked for from left to right, each once and never again, so there is nothing to go back to.
 */
export function createNameMatcher(pattern: string): NameMatcher {
  const pieces = pattern.split('*')
  const [first = ''] = pieces
  if (pieces.length === 1) return name => name === pattern
  if (pieces.every(piece => piece === '')) return () => true
  const last = pieces.at(-1) ?? ''
  const between = pieces.slice(1, -1).filter(piece => piece !== '')
  return name => {
    if (name === null || name.length > maxNameLength) return false
    if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false
    return holdsInOrder(name.slice(first.length, name.length - last.length), between)
  }
}

function holdsInOrder(text: string, pieces: readonly string[]): boolean {
  let from = 0
  for (const piece of pieces) {
    const at = text.indexOf(piece, from)
    if (at < 0) return false
    from = at + piece.length
  }
  return true
}

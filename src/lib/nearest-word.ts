// Which word was meant by one that is not known.

/** Longest word that is compared; longer ones are cut. */
const maxLength = 40

/** The word of `words` that is at most two letters away and mostly the same; null when there is none. */
export function nearestWord(typed: string, words: Iterable<string>): string | null {
  let best: string | null = null
  let least = 3
  for (const word of words) {
    const distance = editDistance(typed.slice(0, maxLength).toLowerCase(), word.slice(0, maxLength).toLowerCase())
    if (distance < least && distance < word.length / 2) {
      best = word
      least = distance
    }
  }
  return best
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

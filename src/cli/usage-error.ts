// Wrong usage: what was typed and cannot be understood.
import { FcscopeError, type Text } from '../model/fcscope-error.ts'

/** One line in both languages; `command` is whose help is recommended, null for the general one. */
export function usageError(command: string | null, text: Text): FcscopeError {
  const help = command === null ? 'fcscope --help' : `fcscope ${command} --help`
  return new FcscopeError('FCS_USAGE', {
    en: `${text.en} See \`${help}\`.`,
    zh: `${text.zh} 请参阅 \`${help}\`。`,
  })
}

/** The word of `words` that was probably meant, as the end of a sentence; empty when none is near. */
export function didYouMean(typed: string, words: readonly string[]): Text {
  let best = ''
  let least = 3
  for (const word of words) {
    const distance = editDistance(typed.slice(0, 40), word)
    if (distance < least && distance < word.length / 2 + 1) {
      best = word
      least = distance
    }
  }
  return best === '' ? { en: '', zh: '' } : { en: ` Did you mean ${best}?`, zh: `是否想输入 ${best}？` }
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

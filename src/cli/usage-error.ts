// Wrong usage: what was typed and cannot be understood.
import { nearestWord } from '../lib/nearest-word.ts'
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
  const near = nearestWord(typed, words)
  return near === null ? { en: '', zh: '' } : { en: ` Did you mean ${near}?`, zh: `是否想输入 ${near}？` }
}

// What is wrong in a configuration file, and how it is said.
import { FcscopeError, type Text } from '../model/fcscope-error.ts'

/** Keys and indices from the root of the file. */
export type ConfigPath = readonly (string | number)[]

/** One thing that is wrong. `line` counts from 1. */
export interface ConfigProblem {
  readonly line: number
  readonly path: ConfigPath
  /** What was found and what is allowed; neither the place nor a full stop. */
  readonly text: Text
}

/** Problems that one error tells; readers of configuration stop looking some way behind it. */
const maxShown = 20

/** Longest piece of somebody's file in a message, in UTF-16 units. */
const maxQuoted = 60

/** `functions[2].memoryMB`; a key that is no plain name stands in brackets and quotes. */
export function renderPath(path: ConfigPath): string {
  const text = path.map(renderStep).join('')
  return text.startsWith('.') ? text.slice(1) : text
}

function renderStep(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`
  return /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/.test(step) ? `.${step}` : `[${quote(step)}]`
}

/** A value of the file as a message can hold it: one short line, nothing that moves a terminal's cursor. */
export function showValue(value: unknown): Text {
  if (value === null || value === undefined) return { en: 'nothing', zh: '空' }
  if (typeof value === 'string') return { en: quote(value), zh: quote(value) }
  if (Array.isArray(value)) return { en: 'a list', zh: '列表' }
  if (typeof value === 'object') return { en: 'a mapping', zh: '映射' }
  return { en: String(value), zh: String(value) }
}

/** Without control characters and marks that turn the direction of writing. */
export function cleanText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, mark => `\\u{${mark.codePointAt(0)?.toString(16)}}`)
}

function quote(text: string): string {
  const isLong = text.length > maxQuoted
  return `${cleanText(JSON.stringify(isLong ? text.slice(0, maxQuoted) : text))}${isLong ? '…' : ''}`
}

/** The text of most problems. */
export function foundAndAllowed(found: Text, allowed: Text): Text {
  return { en: `found ${found.en}; allowed: ${allowed.en}`, zh: `实际为${spaced(found.zh)}；应为${spaced(allowed.zh)}` }
}

/** Chinese text keeps a blank before Latin letters, digits and quotes. */
const spaced = (text: string): string => (/^[!-~]/.test(text) ? ` ${text}` : text)

/** All problems of one file as one error of one line; `problems` is not empty. */
export function configError(file: string, problems: readonly ConfigProblem[]): FcscopeError {
  const sorted = problems.toSorted((a, b) => a.line - b.line)
  const [first] = sorted
  if (first !== undefined && sorted.length === 1) {
    const place = renderPath(first.path)
    return new FcscopeError('FCS_CONFIG_INVALID', {
      en: `${file}:${first.line}: ${place === '' ? '' : `${place}: `}${first.text.en}.`,
      zh: `${file}:${first.line}：${place === '' ? '' : `${place}：`}${first.text.zh}。`,
    })
  }
  const shown = sorted.slice(0, maxShown)
  const isCut = sorted.length > maxShown
  const en = shown.map((problem, i) => `(${i + 1}) ${placeOf(problem).en}: ${problem.text.en}`)
  const zh = shown.map((problem, i) => `(${i + 1}) ${placeOf(problem).zh}：${problem.text.zh}`)
  return new FcscopeError('FCS_CONFIG_INVALID', {
    en: `${file}: ${isCut ? `more than ${maxShown} problems, among them` : `${sorted.length} problems`}: ${en.join('. ')}.`,
    zh: `${file}：${isCut ? `超过 ${maxShown} 个问题，其中` : `${sorted.length} 个问题`}：${zh.join('。')}。`,
  })
}

function placeOf({ line, path }: ConfigProblem): Text {
  if (path.length === 0) return { en: `line ${line}`, zh: `第 ${line} 行` }
  const place = renderPath(path)
  return { en: `line ${line}, ${place}`, zh: `第 ${line} 行，${place}` }
}

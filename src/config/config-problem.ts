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

/** A path as a key of sets and maps: unlike {@link renderPath} never the same for two paths. */
export const pathKey = (path: ConfigPath): string => JSON.stringify(path)

/** `functions[2].memoryMB`; a key that is no plain name stands in brackets and quotes. */
export function renderPath(path: ConfigPath): string {
  const text = path.map(renderStep).join('')
  return text.startsWith('.') ? text.slice(1) : text
}

function renderStep(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`
  return /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/.test(step) ? `.${step}` : `[${quoteKey(step)}]`
}

/** Where a blank is missing behind a colon (`token:hunter2`), the value is part of the key, and it may be a secret. */
function quoteKey(key: string): string {
  const end = key.search(/[\s:="']/)
  return end === -1 ? quote(key) : `${quote(key.slice(0, end))}…`
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

/** One short piece of a file in quotes. */
export function quote(text: string): string {
  const shown = hideCredentials(text)
  const isLong = shown.length > maxQuoted
  return `${cleanText(JSON.stringify(isLong ? shown.slice(0, maxQuoted) : shown))}${isLong ? '…' : ''}`
}

/** `http://user:password@host` without what stands between the slashes and the sign. */
function hideCredentials(text: string): string {
  const start = text.indexOf('//')
  const end = text.lastIndexOf('@')
  return start !== -1 && end > start ? `${text.slice(0, start)}//***${text.slice(end)}` : text
}

/** The text of problems with keys that nobody reads. `near` is the key that was probably meant; null when none is like it. */
export function unknownKey(allowed: readonly string[], near: string | null): Text {
  const list = allowed.join(', ')
  return {
    en: `unknown key${near === null ? '' : ` (did you mean ${near}?)`}; allowed: ${list}`,
    zh: `未知的键${near === null ? '' : `（是否想写 ${near}？）`}；可用的键：${list}`,
  }
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
    return new FcscopeError('FCS_CONFIG_INVALID', problemSentence(file, first))
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

/** Every problem as a sentence of its own, in the order of the file. */
export const problemSentences = (file: string, problems: readonly ConfigProblem[]): readonly Text[] =>
  problems.toSorted((a, b) => a.line - b.line).map(problem => problemSentence(file, problem))

/** `fcscope.yaml:7: metrics.listen: found …; allowed: ….`: editors jump to such a place. */
function problemSentence(file: string, { line, path, text }: ConfigProblem): Text {
  const place = renderPath(path)
  return {
    en: `${file}:${line}: ${place === '' ? '' : `${place}: `}${text.en}.`,
    zh: `${file}:${line}：${place === '' ? '' : `${place}：`}${text.zh}。`,
  }
}

function placeOf({ line, path }: ConfigProblem): Text {
  if (path.length === 0) return { en: `line ${line}`, zh: `第 ${line} 行` }
  const place = renderPath(path)
  return { en: `line ${line}, ${place}`, zh: `第 ${line} 行，${place}` }
}

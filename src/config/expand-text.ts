// Expansions in values of configuration files: ${env:NAME}, ${env:NAME:-default} and ${file:PATH}.
import { resolve } from 'node:path'
import type { Text } from '../model/fcscope-error.ts'
import { cleanText } from './config-problem.ts'
import { codeOf, readBytes } from './read-config-file.ts'

/** Where the texts come from. */
export interface ExpansionSources {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Relative paths are taken from here. */
  readonly folder: string
}

/** A value as it stood in the file, before its expansions. */
export interface Expression {
  readonly source: string
  /** What it came from, without defaults, which may be secrets: `${env:TOKEN}`. */
  readonly origins: readonly string[]
  /** Nothing but expansions that are secrets elsewhere: it can be shown although its value cannot. */
  readonly isPure: boolean
}

export type Expansion =
  | { readonly status: 'plain' }
  | { readonly status: 'expanded'; readonly value: string; readonly expression: Expression }
  | { readonly status: 'failed'; readonly problems: readonly Text[] }

/** Longest file that a value can be, in bytes. */
export const maxFileBytes = 65_536

/** All expanded values of one configuration together, in UTF-16 units: a short file could ask for a long one very often. */
const maxTotalLength = 4 * 1024 * 1024

/** What stands between the braces. Everything behind `:-` belongs to the default. */
const environmentForm = /^env:([A-Za-z_][A-Za-z0-9_]{0,255})(:-.*)?$/s
const fileForm = /^file:(.+)$/s

type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'environment'; readonly name: string; readonly fallback: string | null }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'wrong'; readonly text: Text }

/** Expands the values of one configuration; a file that is named twice is read once. */
export class Expander {
  readonly #sources: ExpansionSources
  readonly #files = new Map<string, string | Text>()
  #totalLength = 0

  constructor(sources: ExpansionSources) {
    this.#sources = sources
  }

  expand(source: string): Expansion {
    if (!source.includes('${')) return { status: 'plain' }
    const pieces = takeApart(source)
    const results = pieces.map(piece => this.#valueOf(piece))
    const problems = results.filter(result => typeof result !== 'string')
    if (problems.length > 0) return { status: 'failed', problems }
    const value = results.join('')
    this.#totalLength += value.length
    if (this.#totalLength > maxTotalLength) return { status: 'failed', problems: [tooMuch] }
    return { status: 'expanded', value, expression: expressionOf(source, pieces) }
  }

  #valueOf(piece: Piece): string | Text {
    if (piece.kind === 'text') return piece.text
    if (piece.kind === 'wrong') return piece.text
    if (piece.kind === 'environment') return this.#variable(piece.name, piece.fallback)
    const path = resolve(this.#sources.folder, piece.path)
    const known = this.#files.get(path)
    if (known !== undefined) return known
    const content = readContent(path, originOf(piece))
    this.#files.set(path, content)
    return content
  }

  /** As in a shell: the default also stands for a variable that is empty. */
  #variable(name: string, fallback: string | null): string | Text {
    const { environment } = this.#sources
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined
    if (fallback !== null) return value === undefined || value === '' ? fallback : value
    return value ?? notSet(name)
  }
}

/** Looks for the braces by hand: what stands between them can be of any length. */
function takeApart(source: string): readonly Piece[] {
  const pieces: Piece[] = []
  let at = 0
  while (at < source.length) {
    const start = source.indexOf('${', at)
    if (start === -1) {
      pieces.push({ kind: 'text', text: source.slice(at) })
      break
    }
    if (start > at) pieces.push({ kind: 'text', text: source.slice(at, start) })
    const end = source.indexOf('}', start)
    if (end === -1) {
      pieces.push({ kind: 'wrong', text: notClosed })
      break
    }
    pieces.push(readPiece(source.slice(start + 2, end)))
    at = end + 1
  }
  return pieces
}

function readPiece(inner: string): Piece {
  if (inner.includes('${')) return { kind: 'wrong', text: nested }
  const [, name, fallback] = environmentForm.exec(inner) ?? []
  if (name !== undefined) return { kind: 'environment', name, fallback: fallback?.slice(2) ?? null }
  const [, path] = fileForm.exec(inner) ?? []
  return path === undefined ? { kind: 'wrong', text: unknownForm } : { kind: 'file', path }
}

function expressionOf(source: string, pieces: readonly Piece[]): Expression {
  return {
    source,
    origins: [...new Set(pieces.filter(({ kind }) => kind !== 'text').map(originOf))],
    isPure: pieces.every(piece => piece.kind === 'file' || (piece.kind === 'environment' && piece.fallback === null)),
  }
}

function originOf(piece: Piece): string {
  if (piece.kind === 'environment') return `\${env:${piece.name}}`
  return piece.kind === 'file' ? `\${file:${cleanText(piece.path.slice(0, 200))}}` : ''
}

/** Without one line end at its end, which editors put there. */
function readContent(path: string, origin: string): string | Text {
  try {
    const bytes = readBytes(path, maxFileBytes + 1)
    if (bytes.length > maxFileBytes) {
      return {
        en: `${origin} is longer than 64 KiB; allowed: a file of up to ${maxFileBytes} bytes`,
        zh: `${origin} 超过 64 KiB；文件最多 ${maxFileBytes} 字节`,
      }
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r?\n$/, '')
  } catch (cause) {
    const code = codeOf(cause)
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      return { en: `${origin} is not UTF-8; allowed: a UTF-8 text`, zh: `${origin} 不是 UTF-8；应为 UTF-8 文本` }
    }
    return {
      en: `${origin} cannot be read (${code}); allowed: a file that is there and that this user may read`,
      zh: `${origin} 无法读取（${code}）；应为存在且当前用户可读的文件`,
    }
  }
}

const forms = `\${env:NAME}, \${env:NAME:-default}, \${file:PATH}`

const unknownForm: Text = {
  en: `found an expansion of another form; allowed: ${forms}`,
  zh: `存在其他形式的展开；可用的形式：${forms}`,
}
const nested: Text = {
  en: `found an expansion within another; allowed: ${forms}, one behind the other`,
  zh: `展开不能嵌套；可用的形式：${forms}，可依次书写`,
}
const notClosed: Text = {
  en: `found \${ without a closing brace; allowed: ${forms}`,
  zh: `\${ 缺少右花括号；可用的形式：${forms}`,
}
const tooMuch: Text = {
  en: `the expanded values are longer than ${maxTotalLength} characters together; allowed: less`,
  zh: `展开后的值合计超过 ${maxTotalLength} 个字符；请减少`,
}

const notSet = (name: string): Text => ({
  en: `the environment variable ${name} is not set; allowed: one that is set, or \${env:${name}:-default}`,
  zh: `环境变量 ${name} 未设置；请设置该变量，或写作 \${env:${name}:-default}`,
})

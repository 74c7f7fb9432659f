// `${vars.x}` in values of Serverless Devs. Its other forms (`${env('X')}`, `${config('X')}`, `${file('x')}`, …) depend on the
// machine that deploys, and are not known here.
import { valueAt } from '../option-tree.ts'
import { Unexpanded } from './found-function.ts'

/** Variables that lead to each other; Serverless Devs has no bound, honest files need two. */
const maxDepth = 20
/** Longest text that comes out, in UTF-16 units. */
const maxLength = 4096
const varsForm = /^\s*vars((?:\.[A-Za-z0-9_-]{1,64}){1,10})\s*$/

/** The variables of one file. */
export class Vars {
  readonly #vars: unknown
  /** By path. A variable is taken apart once, however often it is named, and one that names itself finds its own absence. */
  readonly #known = new Map<string, unknown>()

  constructor(vars: unknown) {
    this.#vars = vars
  }

  /** A text with its variables filled in, or {@link Unexpanded}; a text that is one variable becomes what it holds. */
  expand(value: unknown): unknown {
    return this.#expand(value, 0)
  }

  #expand(value: unknown, depth: number): unknown {
    if (typeof value !== 'string' || !value.includes('${')) return value
    const unexpanded = new Unexpanded(value)
    if (depth > maxDepth) return unexpanded
    let text = ''
    let at = 0
    for (;;) {
      const start = value.indexOf('${', at)
      if (start === -1) break
      const end = value.indexOf('}', start)
      if (end === -1) return unexpanded
      const inner = this.#variable(value.slice(start + 2, end), depth)
      if (inner instanceof Unexpanded) return inner
      if (start === 0 && end === value.length - 1) return inner ?? unexpanded
      if (typeof inner !== 'string' && typeof inner !== 'number' && typeof inner !== 'boolean') return unexpanded
      text += value.slice(at, start) + String(inner)
      if (text.length > maxLength) return unexpanded
      at = end + 1
    }
    return text + value.slice(at)
  }

  /** Null for what is no variable, or is not there; what it leads to when that is not known. */
  #variable(expression: string, depth: number): unknown {
    const [, path] = varsForm.exec(expression) ?? []
    if (path === undefined) return null
    if (this.#known.has(path)) return this.#known.get(path)
    this.#known.set(path, null)
    let value = this.#vars
    for (const step of path.slice(1).split('.')) {
      value = this.#expand(valueAt(value, [step]), depth + 1)
      if (value instanceof Unexpanded) break
    }
    this.#known.set(path, value ?? null)
    return value ?? null
  }
}

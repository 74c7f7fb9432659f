// Reads an object as JSON, Python, PHP's `var_export` and JavaScript write it, and the cut or ill-formed ones that
// documentation and logs are full of. It never fails: what cannot be understood is passed over. Runs only for lines that look
// like an error body.

/** What was written: text (numbers and bare words too), a list, or an object by its keys. A Map, so that no key can do harm. */
export type Literal = string | readonly Literal[] | ReadonlyMap<string, Literal>

/** Objects nested deeper than this are passed over without looking at them; the reader recurses no further. */
const maxDepth = 32

const cutMark = '... Truncated by FunctionCompute'

/** The object or list that begins at `at`, where `{`, `[`, `(` or `array (` stands; null when none does. */
export function readLiteral(text: string, at: number): Literal | null {
  const reader = new LiteralReader(text, at)
  const value = reader.value(0)
  return typeof value === 'string' ? null : value
}

class LiteralReader {
  readonly #text: string
  #at: number

  constructor(text: string, at: number) {
    this.#text = text
    this.#at = at
  }

  /** Any value; an empty text at the end. */
  value(depth: number): Literal {
    this.#skipCast()
    const char = this.#text[this.#at]
    if (char === undefined) return ''
    if (isOpener(char)) return this.#container(depth)
    if (this.#stringAt() >= 0) return this.#strings()
    return this.#bareValue(depth)
  }

  /** `{…}`, `[…]` or `(…)`, with or without keys. PHP's number keys are a list's. */
  #container(depth: number): Literal {
    if (depth >= maxDepth) {
      this.#skipContainer()
      return ''
    }
    this.#at++
    const items: Literal[] = []
    const entries = new Map<string, Literal>()
    for (;;) {
      this.#skipSpace()
      const char = this.#text[this.#at]
      if (char === undefined) break
      if (isCloser(char)) {
        this.#at++
        break
      }
      if (char === ',' || char === ';') {
        this.#at++
        continue
      }
      const from = this.#at
      this.#entry(depth, items, entries)
      // A byte that fits nowhere.
      if (this.#at === from) this.#at++
    }
    return entries.size > 0 ? entries : items
  }

  #entry(depth: number, items: Literal[], entries: Map<string, Literal>): void {
    const key = this.#key()
    if (key === null) {
      items.push(this.value(depth + 1))
      return
    }
    this.#skipSpace()
    const value = this.value(depth + 1)
    if (isIndex(key)) items.push(value)
    else if (!entries.has(key)) entries.set(key, value)
  }

  /** A key with the `:` or `=>` behind it; null, and nothing read, when there is none. */
  #key(): string | null {
    const from = this.#at
    const char = this.#text[from] ?? ''
    if (isOpener(char)) return null
    const key = this.#stringAt() >= 0 ? this.#string() : this.#bareKey()
    this.#skipSpace()
    if (this.#text[this.#at] === ':' && this.#text[this.#at + 1] !== ':') this.#at++
    else if (this.#text.startsWith('=>', this.#at)) this.#at += 2
    else {
      this.#at = from
      return null
    }
    return key
  }

  /** Where the quote of a string stands that begins here, perhaps behind Python's `b` or `u`; -1 when none begins. */
  #stringAt(): number {
    const char = this.#text[this.#at] ?? ''
    if (isQuote(char)) return this.#at
    return 'bBuUrR'.includes(char) && isQuote(this.#text[this.#at + 1] ?? '') && char !== '' ? this.#at + 1 : -1
  }

  /** One string, or several that `+` joins, as old Node versions print long ones. */
  #strings(): string {
    let joined = this.#string()
    for (;;) {
      const from = this.#at
      this.#skipSpace()
      if (this.#text[this.#at] === '+') {
        this.#at++
        this.#skipSpace()
        if (this.#stringAt() >= 0) {
          joined += this.#string()
          continue
        }
      }
      this.#at = from
      return joined
    }
  }

  #string(): string {
    const open = this.#stringAt()
    const quote = this.#text[open] ?? ''
    const parts: string[] = []
    let from = open + 1
    let p = from
    for (; p < this.#text.length; p++) {
      const char = this.#text[p]
      if (char === '\\') {
        parts.push(this.#text.slice(from, p))
        const [piece, behind] = unescaped(this.#text, p)
        parts.push(piece)
        from = behind
        p = behind - 1
      } else if (char === quote && this.#closes(p)) break
    }
    parts.push(this.#text.slice(from, Math.max(from, p)))
    this.#at = Math.min(p + 1, this.#text.length)
    const whole = parts.join('')
    return p >= this.#text.length && whole.endsWith(cutMark) ? whole.slice(0, -cutMark.length) : whole
  }

  /** A quote closes when what follows can follow a string; else it is one that somebody forgot to guard. */
  #closes(at: number): boolean {
    let p = at + 1
    while (this.#text[p] === ' ' || this.#text[p] === '\t') p++
    const next = this.#text[p]
    return next === undefined || ',}]):=;+\r\n'.includes(next)
  }

  #bareKey(): string {
    const from = this.#at
    while (isNameChar(this.#text.charCodeAt(this.#at))) this.#at++
    return this.#text.slice(from, this.#at)
  }

  /** A number, a bare word, or `array (…)`, `Foo::__set_state(array(…))`. Reads to the end of the entry. */
  #bareValue(depth: number): Literal {
    const from = this.#at
    for (; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at] ?? ''
      if (char === '(' && isCall(this.#text.slice(from, this.#at))) {
        const inner = this.#container(depth)
        // `__set_state` takes one array: the object's fields.
        return Array.isArray(inner) && inner.length === 1 ? (inner[0] ?? '') : inner
      }
      if (char === ',' || char === '\n' || isCloser(char)) break
    }
    const word = this.#text.slice(from, this.#at).trim()
    return word === 'null' || word === 'NULL' || word === 'None' || word === 'undefined' ? '' : word
  }

  #skipContainer(): void {
    let depth = 0
    for (; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at] ?? ''
      if (isQuote(char)) {
        this.#string()
        this.#at--
      } else if (isOpener(char)) depth++
      else if (isCloser(char) && --depth === 0) break
    }
    this.#at++
  }

  #skipSpace(): void {
    while (' \t\r\n'.includes(this.#text[this.#at] ?? '?')) this.#at++
  }

  /** PHP 7.3 and later write `(object) array(`. */
  #skipCast(): void {
    if (!this.#text.startsWith('(object)', this.#at)) return
    this.#at += '(object)'.length
    this.#skipSpace()
  }
}

const isQuote = (char: string): boolean => char === '"' || char === "'"
const isOpener = (char: string): boolean => char === '{' || char === '[' || char === '('
const isCloser = (char: string): boolean => char === '}' || char === ']' || char === ')'
const isIndex = (key: string): boolean => key.length < 10 && /^\d+$/.test(key)

/** True for `array` and `X::__set_state` in front of a bracket; the words are short. */
const isCall = (word: string): boolean => word.length < 200 && /^(?:array|[\w\\]+::__set_state)\s*$/i.test(word)

function isNameChar(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122) ||
    code === 95 ||
    code === 36
  )
}

const simpleEscapes = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['b', '\b'],
  ['f', '\f'],
  ['\\', '\\'],
  ['/', '/'],
  ['"', '"'],
  ["'", "'"],
])

/** The text that the escape at `at` stands for, and where it ends. An unknown one stands for itself. */
function unescaped(text: string, at: number): [piece: string, behind: number] {
  const letter = text[at + 1] ?? ''
  const simple = simpleEscapes.get(letter)
  if (simple !== undefined) return [simple, at + 2]
  const digits = letter === 'u' ? 4 : letter === 'x' ? 2 : 0
  const hex = text.slice(at + 2, at + 2 + digits)
  if (digits > 0 && hex.length === digits && /^[0-9a-fA-F]+$/.test(hex))
    return [String.fromCharCode(Number.parseInt(hex, 16)), at + 2 + digits]
  return [text.slice(at, at + 2), Math.min(at + 2, text.length)]
}

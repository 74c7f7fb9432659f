// What a statement of somebody else's is, before the engine sees it: it decides how its result can be given out, and keeps away
// from the embedded engine what would make it write a file or read our standard input.

export type ReadStatement =
  /** SELECT and its like. */
  | { readonly kind: 'rows'; readonly format: string | null }
  /** SHOW, DESCRIBE, EXPLAIN, EXISTS: small results. */
  | { readonly kind: 'description'; readonly format: string | null }
  | { readonly kind: 'refused'; readonly reason: RefusalReason }

export type RefusalReason = 'nothing' | 'several' | 'outfile' | 'otherStatement'

const rowWords: ReadonlySet<string> = new Set(['SELECT', 'WITH', 'FROM', '('])
const descriptionWords: ReadonlySet<string> = new Set(['SHOW', 'DESCRIBE', 'DESC', 'EXPLAIN', 'EXISTS'])

interface Token {
  /** Upper case; quoted names and texts are `"` and `'`, so that no word is found in them. */
  readonly text: string
  /** As it is written. */
  readonly written: string
  readonly depth: number
}

/** `format`: the one that the statement itself names; it wins over any other. */
export function inspectStatement(sql: string): ReadStatement {
  const tokens = tokensOf(sql)
  while (tokens.at(-1)?.text === ';') tokens.pop()
  const [first] = tokens
  if (first === undefined) return { kind: 'refused', reason: 'nothing' }
  if (tokens.some(({ text }) => text === ';')) return { kind: 'refused', reason: 'several' }
  if (hasOutfile(tokens)) return { kind: 'refused', reason: 'outfile' }
  const format = namedFormat(tokens)
  if (rowWords.has(first.text)) return { kind: 'rows', format }
  // EXPLAIN takes an INSERT as well, and an INSERT may go on behind its end.
  const isInsert = tokens.some(({ text }) => text === 'INSERT')
  if (descriptionWords.has(first.text) && !isInsert) return { kind: 'description', format }
  return { kind: 'refused', reason: 'otherStatement' }
}

/** `INTO OUTFILE` would write in the place of the process that has the store open. */
const hasOutfile = (tokens: readonly Token[]): boolean =>
  tokens.some(({ text }, i) => text === 'INTO' && tokens[i + 1]?.text === 'OUTFILE')

/** `FORMAT name`, alone at the end or with SETTINGS behind it; a column may be called format. */
function namedFormat(tokens: readonly Token[]): string | null {
  for (let i = tokens.length - 2; i > 0; i--) {
    const [clause, name, behind] = tokens.slice(i, i + 3)
    if (clause?.text !== 'FORMAT' || clause.depth > 0 || name === undefined) continue
    if (/^[A-Z]\w*$/.test(name.text) && (behind === undefined || behind.text === 'SETTINGS')) return name.written
  }
  return null
}

/** Everything that separates or quotes; sticky, so that each step looks at one place only. */
const space = /(?:\s|--[^\n]*|#[ !][^\n]*|\/\*[\s\S]*?(?:\*\/|$))+/y
const quoted = /'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|"(?:[^"\\]|\\[\s\S]|"")*(?:"|$)|`(?:[^`\\]|\\[\s\S]|``)*(?:`|$)/y
const heredoc = /\$(\w*)\$[\s\S]*?(?:\$\1\$|$)/y
const word = /[A-Za-z_][A-Za-z0-9_]*|[0-9][A-Za-z0-9_.]*/y

function tokensOf(sql: string): Token[] {
  const tokens: Token[] = []
  let depth = 0
  let at = 0
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    const text = pattern.exec(sql)?.[0] ?? ''
    at += text.length
    return text === '' ? null : text
  }
  while (at < sql.length) {
    if (take(space) !== null) continue
    const text = take(quoted)?.[0] ?? (take(heredoc) === null ? null : "'")
    if (text !== null) {
      tokens.push({ text, written: text, depth })
      continue
    }
    const written = take(word) ?? sql[at++] ?? ''
    if (written === ')') depth -= 1
    tokens.push({ text: written.toUpperCase(), written, depth })
    if (written === '(') depth += 1
  }
  return tokens
}

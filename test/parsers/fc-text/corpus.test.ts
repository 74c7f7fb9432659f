// Every line of the corpus (test/golden/fc-lines.tsv) has the kind, the id and the level that people gave it.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parsedLine, parsedRecord } from './described-line.ts'

const escapes: Record<string, string> = { '\\': '\\', n: '\n', t: '\t', r: '\r', x1b: '\x1b' }
const unescaped = (text: string): string =>
  text.replace(/\\(\\|n|t|r|x1b)/g, (_, name: string) => escapes[name] ?? name)

const rows = readFileSync(new URL('../../golden/fc-lines.tsv', import.meta.url), 'utf8')
  .split('\n')
  .slice(1)
  .filter(row => row !== '')
  .map(row => row.split('\t'))

test('the corpus is whole', () => assert.equal(rows.length, 565))

test('every line of the corpus is read as what it is', () => {
  for (const [kinds = '', id, levelText, escaped = ''] of rows) {
    const text = unescaped(escaped)
    const record = parsedRecord(text)
    const givesKind = record.lines[record.kindLine]
    const read = { kind: record.kind, id: givesKind?.id, levelText: givesKind?.levelText }
    const kind = kinds.split('|').find(name => name === read.kind) ?? kinds
    assert.deepEqual(read, { kind, id, levelText }, escaped)
    if (text.includes('\n')) continue
    const line = parsedLine(text)
    assert.deepEqual({ kind: line.kind, id: line.id, levelText: line.levelText }, read, `as a line: ${escaped}`)
  }
})

// docs/http-source.md against the code.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { httpSource } from '../../src/sources/http/http-source.ts'
import { methodNotAllowed, refusals } from '../../src/sources/http/replies.ts'

const page = readFileSync(new URL('../../docs/http-source.md', import.meta.url), 'utf8')
const rowsOf = (heading: string): readonly string[][] =>
  (page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '')
    .split('\n')
    .filter(line => line.startsWith('| '))
    .slice(2)
    .map(line => line.split('|').map(cell => cell.trim()))

test('every status is on the page', () => {
  const documented = rowsOf('Answers').flatMap(([, status = '']) => status.split(', ').map(Number))
  const used = [...Object.values(refusals), methodNotAllowed('POST')].map(refusal => refusal.status)
  // What Node answers by itself.
  const others = [200, 204, 408, 431]
  assert.deepEqual(documented.toSorted(), [...new Set([...used, ...others])].toSorted())
})

test('every option is on the page, with its default', () => {
  const documented = rowsOf('Options and limits').map(([, name = '', value = '']) => [
    name.replaceAll('`', ''),
    value.replaceAll('`', ''),
  ])
  const defaults: Record<string, unknown> = httpSource.options.parse({ listen: '127.0.0.1:0' })
  const expected = Object.keys(httpSource.options.shape).map(name => [
    name,
    name === 'listen' ? '–' : String(defaults[name] ?? '–'),
  ])
  assert.deepEqual(documented, expected)
})

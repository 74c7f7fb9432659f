// The options of the file source, and docs/file-source.md against them.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { optionTree } from '../../../src/config/option-tree.ts'
import { fileSource } from '../../../src/sources/file/file-source.ts'

const page = readFileSync(new URL('../../../docs/file-source.md', import.meta.url), 'utf8')
const tree = optionTree(fileSource.options)
const keys = tree.kind === 'mapping' ? [...tree.keys] : []

test('every option has words in both languages', () => {
  for (const [key, { meta }] of keys) {
    assert.match(meta?.text.en ?? '', /^\S.*\.$/, key)
    assert.match(meta?.text.zh ?? '', /^\S.*。$/, key)
  }
})

test('the page has a row for every option, with its default', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` *\| (\S+) /gm)].map(([, key, fallback]) => [key, fallback])
  const shown: Record<string, string> = { paths: '–', exclude: 'none', startAt: '`beginning`', format: '`auto`' }
  assert.deepEqual(
    rows,
    keys.map(([key, { fallback }]) => [key, shown[key] ?? String(fallback)]),
  )
})

const wrong: [name: string, options: unknown][] = [
  ['no paths', {}],
  ['an empty list of paths', { paths: [] }],
  ['an unknown key', { paths: ['a'], path: 'a' }],
  ['looking too often', { paths: ['a'], pollMs: 9 }],
  ['looking too rarely', { paths: ['a'], pollMs: 60_001 }],
  ['another place to start at', { paths: ['a'], startAt: 'middle' }],
  ['no files at all', { paths: ['a'], maxFiles: 0 }],
]
for (const [name, options] of wrong) {
  test(`not allowed: ${name}`, () => assert.ok(!fileSource.options.safeParse(options).success))
}

test('the contract’s example is allowed', () => {
  assert.ok(fileSource.options.safeParse({ paths: ['logs/*.log'], startAt: 'beginning' }).success)
})

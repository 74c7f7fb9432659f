import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { configurationPagePath, renderConfigurationPage } from '../../scripts/write-configuration-doc.ts'

test('docs/configuration.md is up to date (node scripts/write-configuration-doc.ts)', () => {
  assert.equal(readFileSync(configurationPagePath, 'utf8'), renderConfigurationPage())
})

test('the page knows defaults, what is required, what is secret', () => {
  const rows = renderConfigurationPage().split('\n')
  const row = (start: string): string => rows.find(line => line.startsWith(start)) ?? ''
  assert.match(row('| `maxOpen` '), /^\| `maxOpen` \| `1000000` \| a whole number from 1 to 16000000 \| .*\. \|$/)
  assert.match(row('| `url` '), /\| \(required\) \|/)
  assert.match(row('| `token` '), /\*\*secret\*\*/)
  assert.match(row('| `functions` '), /^\| `functions` \| {2}\| a path \|/)
})

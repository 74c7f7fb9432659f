// A mapping where something simpler may stand as well: its keys are known as those of any other.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadWorkerConfig, printWorkerConfig, readWorkerConfig } from '../../src/app/worker-config.ts'

const folder = mkdtempSync(join(tmpdir(), 'fcscope-union-'))
const write = (ssl: string): string => {
  const path = join(folder, 'fcscope.yaml')
  writeFileSync(path, `sources: [{type: kafka, brokers: ["127.0.0.1:9"], topics: [t], groupId: g, ssl: ${ssl}}]\n`)
  return path
}

test('secrets in it are not shown, and paths are taken from the file’s folder', t => {
  t.after(() => rmSync(folder, { recursive: true }))
  const text = printWorkerConfig(loadWorkerConfig(write('{ca: ca.pem, passphrase: hunter2}'), {}))
  assert.doesNotMatch(text, /hunter2/)
  assert.match(text, new RegExp(`ca: ${join(folder, 'ca.pem')}\n`))
  assert.match(printWorkerConfig(loadWorkerConfig(write('true'), {})), /ssl: true\n/)
  const { check } = readWorkerConfig(write('{nope: 1}'), {})
  const [problem] = check.status === 'invalid' ? check.problems : []
  assert.deepEqual(problem?.path, ['sources', 0, 'ssl', 'nope'])
})

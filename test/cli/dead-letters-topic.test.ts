// Dead letters in a topic: the command says where they are, and reads what somebody took out of it.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fcscope, run } from './run-fcscope.ts'

const folder = mkdtempSync(join(tmpdir(), 'fcscope-letters-'))
after(() => rmSync(folder, { recursive: true }))
const config = `sources: [{type: kafka, brokers: ["127.0.0.1:9"], topics: [logs], groupId: g}]
state: {path: state}
deadLetters: {type: kafka, topic: odd-ones}
`
writeFileSync(join(folder, 'fcscope.yaml'), config)
const letters = (...words: string[]) => run(fcscope, ['dead-letters', ...words], { folder })

test('letters in a topic are pointed to, and read once they are in a file', async () => {
  for (const words of [['list'], ['replay'], ['replay', '--dry-run']]) {
    const { status, stdout, stderr } = await letters(...words)
    assert.deepEqual(
      [status, stdout, stderr],
      [
        2,
        '',
        `fcscope: deadLetters: the letters are in the topic odd-ones. Write its values, one a line, into a file ${folder}/state/dead-letters/letters.jsonl, and try again; docs/dead-letters.md says how. [FCS_CONFIG_INVALID]\n`,
      ],
    )
  }
  const letter = { time: '2026-01-02T03:04:05.678Z', reason: 'invalidJson', source: 'kafka', stream: 'logs/0' }
  const stored = { ...letter, streamId: '00000000000000a1', position: 7, text: '{"odd', base64: null }
  mkdirSync(join(folder, 'state/dead-letters'), { recursive: true })
  writeFileSync(join(folder, 'state/dead-letters/letters.jsonl'), `${JSON.stringify(stored)}\n`)
  const { status, stdout } = await letters('list', '--json')
  assert.equal(status, 0)
  const { id, ...rest } = JSON.parse(stdout)
  assert.match(id, /^[0-9a-f]{12}$/)
  assert.deepEqual(rest, { ...stored, state: 'new', bytes: 5, tries: 0, lastReason: null })
  assert.match((await letters('replay', '--dry-run')).stderr, /^fcscope: 1 letters would be tried again\.\n$/)
})

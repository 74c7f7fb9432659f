// How much memory reconstruct takes, at its worst and in a long stream.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type NextChunk, watchFcscope } from './watched-process.ts'

const requestsPerChunk = 1000
const none = ['reconstruct', '--out', 'none']

/** `chunks` chunks, each of which `make` puts together from the numbers of its requests. */
function stream(chunks: number, make: (id: string) => string): NextChunk {
  let made = 0
  return () => {
    if (made === chunks) return undefined
    const first = made++ * requestsPerChunk
    return Buffer.from(Array.from({ length: requestsPerChunk }, (_, index) => make(requestId(first + index))).join(''))
  }
}

/** Ids in the platform's form that share no beginning, as real ones do not. */
function requestId(number: number): string {
  const mixed = (Math.imul(number + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0')
  return `${mixed}-7e42-4ee5-8a5c-${number.toString(16).padStart(12, '0')}`
}

const start = (id: string): string => `FC Invoke Start RequestId: ${id}\n`
const line = (id: string): string =>
  `2025-01-15T12:00:00.123Z ${id} [INFO] a line of usual length with something in it\n`
const end = (id: string): string => `FC Invoke End RequestId: ${id}\n`

test('1,000,000 open attempts', async t => {
  const outcome = await watchFcscope(none, stream(1000, start))
  t.diagnostic(`peak ${Math.round(outcome.peakMB)} MB`)
  assert.deepEqual([outcome.status, outcome.stderr], [0, ''])
  assert.ok(outcome.peakMB <= 600, `${outcome.peakMB} MB`)
})

test('a stream of 3,000,000 lines', async t => {
  const outcome = await watchFcscope(
    none,
    stream(600, id => start(id) + line(id) + line(id) + line(id) + end(id)),
  )
  t.diagnostic(`peak ${Math.round(outcome.peakMB)} MB`)
  assert.deepEqual([outcome.status, outcome.stderr], [0, ''])
  assert.ok(outcome.peakMB <= 300, `${outcome.peakMB} MB`)
})

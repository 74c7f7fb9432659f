// Processes under fire. FCSCOPE_FUZZ_LINES sets the number of lines, up to 10,000,000.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { LedgerReport } from '../../src/model/ledger.ts'
import { FuzzLines } from './fuzz-lines.ts'
import { type NextChunk, watchFcscope } from './watched-process.ts'

const lineCount = Math.min(10_000_000, Number(process.env['FCSCOPE_FUZZ_LINES'] ?? 300_000))
const maxPeakMB = 300
const chunkBytes = 64 * 1024

function fuzz(seed: number): NextChunk {
  const lines = new FuzzLines(seed)
  let left = lineCount
  return () => {
    if (left === 0) return undefined
    const { chunk, lines: made } = lines.next(chunkBytes, left)
    left -= made
    return chunk
  }
}

for (const [index, format] of ['auto', 'text', 'sls'].entries()) {
  test(`reconstruct --format ${format} of ${lineCount} odd lines`, async t => {
    const folder = mkdtempSync(join(tmpdir(), 'fcscope-fuzz-'))
    try {
      const path = join(folder, 'ledger.json')
      const words = ['reconstruct', '--format', format, '--out', 'none', '--ledger', path]
      const outcome = await watchFcscope(words, fuzz(index + 1))
      t.diagnostic(`peak ${Math.round(outcome.peakMB)} MB`)
      assert.deepEqual([outcome.status, outcome.stderr, outcome.outputLines], [0, '', 0])
      const ledger: LedgerReport = JSON.parse(readFileSync(path, 'utf8'))
      assert.deepEqual([ledger.received, ledger.unaccounted], [lineCount, 0])
      assert.ok(outcome.peakMB < maxPeakMB, `${outcome.peakMB} MB`)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test(`parse --format ${format} of ${lineCount} odd lines`, async t => {
    const outcome = await watchFcscope(['parse', '--format', format], fuzz(index + 11))
    t.diagnostic(`peak ${Math.round(outcome.peakMB)} MB`)
    assert.deepEqual([outcome.status, outcome.stderr, outcome.outputLines], [0, '', lineCount])
    assert.ok(outcome.peakMB < maxPeakMB, `${outcome.peakMB} MB`)
  })
}

// States of back-fills: beside the worker's, and gone afterwards, also those of runs that were killed.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { makeTemporaryState } from '../../../src/app/backfill/temporary-state.ts'
import { WorkerState } from '../../../src/state/worker-state.ts'

const folder = mkdtempSync(join(tmpdir(), 'fcscope-temporary-'))
after(() => rmSync(folder, { recursive: true }))

test('made beside the state, with folders on the way, and removed', () => {
  const place = join(folder, 'a', 'b', 'state')
  const made = makeTemporaryState(place, Date.now())
  assert.equal(dirname(made.path), dirname(place))
  writeFileSync(join(made.path, 'x'), '')
  made.remove()
  made.remove()
  assert.deepEqual(readdirSync(dirname(place)), [])
})

test('what killed runs left is removed an hour later, and nothing else', () => {
  const place = join(folder, 'c', 'state')
  const killed = makeTemporaryState(place, Date.now())
  WorkerState.open(killed.path).close()
  const running = makeTemporaryState(place, Date.now())
  const open = WorkerState.open(running.path)
  for (const name of ['backfill-notes', 'backfill-abcdef', 'state']) mkdirSync(join(folder, 'c', name))
  makeTemporaryState(place, Date.now() + 3_000_000).remove()
  assert.ok(readdirSync(join(folder, 'c')).length === 5)
  makeTemporaryState(place, Date.now() + 3_700_000).remove()
  const left = readdirSync(join(folder, 'c')).map(name => join(folder, 'c', name))
  assert.deepEqual(
    left.toSorted(),
    [running.path, ...['backfill-abcdef', 'backfill-notes', 'state'].map(name => join(folder, 'c', name))].toSorted(),
  )
  open.close()
})

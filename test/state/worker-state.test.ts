import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { BatchCommit } from '../../src/model/batch-commit.ts'
import type { Delivery } from '../../src/model/delivery.ts'
import { FcscopeError } from '../../src/model/fcscope-error.ts'
import { WorkerState } from '../../src/state/worker-state.ts'

const root = mkdtempSync(join(tmpdir(), 'fcscope-state-'))
after(() => rmSync(root, { recursive: true }))
let serial = 0
const newFolder = (): string => join(root, String(++serial))

/** What is done to a state that is closed afterwards. */
function inState<T>(folder: string, work: (state: WorkerState) => T): T {
  const state = WorkerState.open(folder)
  try {
    return work(state)
  } finally {
    state.close()
  }
}

const remember = (folder: string) => inState(folder, state => state.remember())

const nothing = { steps: [], streams: [], forgotten: [], deliveries: [], counters: [] }
const commitOf = (says: Partial<BatchCommit> & { batch: number }): BatchCommit => ({ ...nothing, ...says })

const stream = (streamId: string, position: number, memo = '') => ({
  source: 'logs',
  stream: { streamId, position, memo },
})

const deliveryOf = (batch: number, part: string, sink = 'store'): Delivery => ({
  sink,
  batch,
  part,
  file: `/spill/${batch}-${part}`,
  rows: 3,
  bytes: 2 ** 40,
  storedMs: 1_700_000_000_123,
})

test('a new state remembers nothing, and has an id that stays', () => {
  const folder = newFolder()
  const id = inState(folder, state => {
    assert.equal(state.isOld, false)
    assert.deepEqual(state.remember(), {
      streams: new Map(),
      snapshot: null,
      batches: [],
      deliveries: [],
      counters: [],
      lastBatch: 0,
    })
    return state.id
  })
  assert.match(id, /^[0-9a-f-]{36}$/)
  inState(folder, state => assert.deepEqual([state.id, state.isOld], [id, true]))
  inState(newFolder(), state => assert.notEqual(state.id, id))
})

test('a batch comes back as it was committed', () => {
  const folder = newFolder()
  const commit = commitOf({
    batch: 1,
    steps: [
      ['time', 1_700_000_000_000],
      ['take', 'logs', '00000000000000a1', 0, 2 ** 45],
      ['goOn', '00000000000000a1', '00000000000000b2'],
      ['give'],
      ['giveAll'],
    ],
    streams: [stream('00000000000000a1', 2 ** 45, '{"path":"订单 \\"x\\".log"}'), stream('00000000000000b2', 0)],
    deliveries: [deliveryOf(1, 'attempts'), deliveryOf(1, 'lines'), deliveryOf(1, 'records', 'deadLetters')],
    counters: [{ family: 'f', labels: '{"a":"\'"}', values: [0, 1.5, 1e300, 2 ** 53] }],
  })
  inState(folder, state => state.commit(commit))
  const { streams, batches, deliveries, counters, lastBatch } = remember(folder)
  assert.deepEqual(Object.fromEntries(streams), { logs: commit.streams.map(one => one.stream) })
  assert.deepEqual(batches, [{ batch: 1, steps: commit.steps }])
  // Of a batch, lines go before attempts.
  assert.deepEqual(
    deliveries.map(({ part }) => part),
    ['records', 'lines', 'attempts'],
  )
  assert.deepEqual(
    deliveries.toSorted((a, b) => a.part.localeCompare(b.part)),
    commit.deliveries,
  )
  assert.deepEqual([counters, lastBatch], [commit.counters, 1])
})

test('streams are those of the last commit, the newest at the end, without the forgotten ones', () => {
  const folder = newFolder()
  inState(folder, state => {
    state.commit(commitOf({ batch: 1, streams: [stream('a', 1), stream('b', 1), stream('c', 1)] }))
    state.commit(commitOf({ batch: 2, streams: [stream('a', 5)], forgotten: [{ source: 'logs', streamId: 'b' }] }))
    // Another source's stream of the same id is another stream.
    state.commit(commitOf({ batch: 3, forgotten: [{ source: 'other', streamId: 'c' }] }))
  })
  const streams = remember(folder).streams.get('logs') ?? []
  assert.deepEqual(
    streams.map(({ streamId, position }) => [streamId, position]),
    [
      ['c', 1],
      ['a', 5],
    ],
  )
})

test('counters are replaced, deliveries go when they have arrived', () => {
  const folder = newFolder()
  inState(folder, state => {
    const counter = (value: number) => [{ family: 'f', labels: '{}', values: [value] }]
    state.commit(
      commitOf({ batch: 1, counters: counter(1), deliveries: [deliveryOf(1, 'lines'), deliveryOf(1, 'attempts')] }),
    )
    state.commit(commitOf({ batch: 2, counters: counter(2), deliveries: [deliveryOf(2, 'lines')] }))
    state.delivered(deliveryOf(1, 'lines'))
    state.delivered(deliveryOf(1, 'lines'))
  })
  const { counters, deliveries } = remember(folder)
  assert.deepEqual(counters, [{ family: 'f', labels: '{}', values: [2] }])
  assert.deepEqual(
    deliveries.map(({ batch, part }) => [batch, part]),
    [
      [1, 'attempts'],
      [2, 'lines'],
    ],
  )
})

test('a commit that fails leaves nothing behind', () => {
  const folder = newFolder()
  inState(folder, state => {
    state.commit(commitOf({ batch: 1, streams: [stream('a', 1)] }))
    const twice = [deliveryOf(2, 'lines'), deliveryOf(2, 'lines')]
    assert.throws(() => state.commit(commitOf({ batch: 2, streams: [stream('a', 9)], deliveries: twice })))
    state.commit(commitOf({ batch: 2, streams: [stream('a', 2)] }))
  })
  const { streams, deliveries, lastBatch } = remember(folder)
  assert.deepEqual([streams.get('logs')?.[0]?.position, deliveries, lastBatch], [2, [], 2])
})

test('a snapshot takes the place of the batches before it, and of the one before', async () => {
  const folder = newFolder()
  const state = WorkerState.open(folder)
  for (const batch of [1, 2, 3]) state.commit(commitOf({ batch }))
  await state.saveSnapshot(1, Buffer.from('first'))
  await state.saveSnapshot(2, Buffer.from('second'))
  const { snapshot, batches } = state.remember()
  assert.deepEqual(
    batches.map(({ batch }) => batch),
    [3],
  )
  assert.ok(snapshot !== null)
  assert.equal(snapshot.batch, 2)
  assert.equal((await state.readSnapshot(snapshot))?.toString(), 'second')
  assert.throws(() => statSync(join(folder, 'engine-1.zst')), { code: 'ENOENT' })
  state.close()
})

test('a snapshot that is ready when the state is closed is passed over', async () => {
  const folder = newFolder()
  const state = WorkerState.open(folder)
  state.commit(commitOf({ batch: 1 }))
  const saving = state.saveSnapshot(1, Buffer.from('late'))
  state.close()
  state.close()
  await saving
  assert.equal(remember(folder).snapshot, null)
})

/** A program of its own that opens the state, and says how that went. */
function openElsewhere(folder: string): string {
  const module = fileURLToPath(new URL('../../src/state/worker-state.ts', import.meta.url))
  const program = `
    const { WorkerState } = await import(${JSON.stringify(module)})
    try { WorkerState.open(process.argv[1]).close(); console.log('open') } catch (error) { console.log(error.code, error.message) }`
  const words = ['--input-type=module', '-e', program, folder]
  return spawnSync(process.execPath, words, { encoding: 'utf8' }).stdout.trim()
}

test('one process at a time', () => {
  const folder = newFolder()
  inState(folder, () => {
    const said = openElsewhere(folder)
    assert.equal(
      said,
      `FCS_STATE_LOCKED ${folder}: another worker is using this state. Stop it, or give this one a state.path and store.path of its own.`,
    )
  })
  assert.equal(openElsewhere(folder), 'open')
})

const unusable: [name: string, spoil: (folder: string) => void, says: RegExp][] = [
  [
    'no database at all',
    folder => writeFileSync(join(folder, 'state.sqlite'), 'hello '.repeat(1000)),
    /the state is damaged\. Move this folder away/,
  ],
  [
    'pages that were overwritten',
    folder => {
      inState(folder, state => {
        for (let batch = 1; batch < 200; batch++)
          state.commit(commitOf({ batch, steps: [['goOn', 'x'.repeat(500), 'y']] }))
      })
      const file = join(folder, 'state.sqlite')
      const bytes = readFileSync(file)
      bytes.fill(0xa5, 4096, bytes.length - 4096)
      writeFileSync(file, bytes)
    },
    /the state is damaged\. Move this folder away/,
  ],
  [
    'a schema of a newer version',
    folder => inState(folder, state => state.setMeta('schemaVersion', '999')),
    /a newer version of fcscope/,
  ],
  [
    'a folder where the file should be',
    folder => mkdirSync(join(folder, 'state.sqlite')),
    /cannot be written there\. Make the folder writable/,
  ],
]
for (const [name, spoil, says] of unusable) {
  test(`unusable: ${name}`, () => {
    const folder = newFolder()
    mkdirSync(folder)
    spoil(folder)
    assert.throws(
      () => WorkerState.open(folder),
      (error: unknown) => {
        assert.ok(error instanceof FcscopeError, String(error))
        assert.equal(error.code, 'FCS_STATE_UNUSABLE')
        assert.equal(error.exitStatus, 3)
        assert.ok(error.message.startsWith(`${folder}: `))
        assert.match(error.message, says)
        for (const text of Object.values(error.text)) assert.doesNotMatch(text, /\n/)
        return true
      },
    )
    // It was let go: the next try says the same, not that it is locked.
    assert.throws(() => WorkerState.open(folder), { code: 'FCS_STATE_UNUSABLE' })
  })
}

test('a path through a file', () => {
  const file = newFolder()
  writeFileSync(file, '')
  assert.throws(() => WorkerState.open(join(file, 'state')), { code: 'FCS_STATE_UNUSABLE', message: /ENOTDIR/ })
})

test('a folder that cannot be written', { skip: process.getuid?.() === 0 && 'root may write everywhere' }, () => {
  const folder = newFolder()
  mkdirSync(folder)
  chmodSync(folder, 0o500)
  assert.throws(() => WorkerState.open(folder), { code: 'FCS_STATE_UNUSABLE', message: /Make the folder writable/ })
})

test('a database that is read only', { skip: process.getuid?.() === 0 && 'root may write everywhere' }, () => {
  const folder = newFolder()
  inState(folder, () => {})
  chmodSync(join(folder, 'state.sqlite'), 0o400)
  assert.throws(() => WorkerState.open(folder), { code: 'FCS_STATE_UNUSABLE', message: /Make the folder writable/ })
})

test('a file that a crash left without tables is a new state', () => {
  const folder = newFolder()
  mkdirSync(folder)
  new DatabaseSync(join(folder, 'state.sqlite')).close()
  writeFileSync(join(folder, 'state.sqlite'), '')
  inState(folder, state => assert.equal(state.remember().lastBatch, 0))
})

// A worker that lost its state reads everything again, and must not store a line twice.
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { StoreStager } from '../../src/app/store-stager.ts'
import { StoredLines } from '../../src/app/stored-lines.ts'
import type { StoreConnection, StoreWriter } from '../../src/model/store-connection.ts'
import { AttemptRows } from '../../src/sinks/clickhouse/attempt-rows.ts'
import { ClickHouseSink } from '../../src/sinks/clickhouse/clickhouse-sink.ts'
import { blockOf, line } from '../sinks/clickhouse/line-block.ts'

const [first, second] = ['00000000000000a1', '00000000000000b2']

/** A store that has these lines; it answers the one question of `storedPositions`, and keeps what was asked. */
class StoreOf {
  readonly asked: string[] = []
  failures = 0
  readonly #lines: readonly (readonly [string, number])[]

  constructor(lines: readonly (readonly [string, number])[]) {
    this.#lines = lines
  }

  async query({ sql }: { sql: string }): Promise<Buffer> {
    this.asked.push(sql)
    if (this.failures-- > 0) throw new Error('the store does not answer')
    const [, from, to] = /position >= (\d+) AND position < (\d+)/.exec(sql) ?? []
    const found = this.#lines.filter(
      ([id, position]) => sql.includes(`'${id}'`) && position >= Number(from) && position < Number(to),
    )
    return Buffer.from(found.map(([id, position]) => `${id}\t${position}\n`).join(''))
  }
}

const asConnection = (store: StoreOf): StoreConnection => store as unknown as StoreConnection

const places = (lines: readonly (readonly [string, number])[]) =>
  blockOf(lines.map(([streamId, position]) => line({ streamId, position, label: streamId })))

const kept = ({ positions }: { positions: Uint8Array }): number[] =>
  Array.from({ length: positions.length / 8 }, (_, row) => Number(Buffer.from(positions).readBigUInt64LE(row * 8)))

test('lines that are stored are kept out, those between and behind them are not', async () => {
  const store = new StoreOf([
    [first, 0],
    [first, 20],
    [second, 10],
  ])
  const last = new Map([
    [first, 20],
    [second, 10],
  ])
  let done = 0
  const stored = new StoredLines(asConnection(store), last, () => {
    done += 1
  })
  const block = places([
    [first, 0],
    [second, 0],
    [first, 10],
    [first, 20],
    [second, 10],
    [first, 30],
  ])
  // By stream: 0 and 20 of the first and 10 of the second are there.
  assert.deepEqual(kept(await stored.withoutStored(block)), [0, 10, 30])
  stored.committed()
  assert.equal(done, 0, 'the second stream may have more')
  assert.deepEqual(kept(await stored.withoutStored(places([[second, 20]]))), [20])
  assert.equal(done, 0, 'not committed yet')
  stored.committed()
  assert.equal(done, 1)
  stored.committed()
  assert.equal(done, 1, 'said once')
})

test('positions beyond 32 bits', async () => {
  const far = 2 ** 40 + 5
  const stored = new StoredLines(asConnection(new StoreOf([[first, far]])), new Map([[first, far]]), () => {})
  const block = places([
    [first, far],
    [first, far + 2 ** 32],
  ])
  assert.deepEqual(kept(await stored.withoutStored(block)), [far + 2 ** 32])
})

test('streams that the store does not know are not asked about', async () => {
  const store = new StoreOf([])
  const stored = new StoredLines(asConnection(store), new Map([[first, 5]]), () => {})
  assert.deepEqual(kept(await stored.withoutStored(places([[second, 0]]))), [0])
  assert.deepEqual(store.asked, [])
})

const folder = mkdtempSync(join(tmpdir(), 'fcscope-stored-'))
after(() => rmSync(folder, { recursive: true }))

function createStager(store: StoreOf, last: Map<string, number>): StoreStager {
  const attempts = new AttemptRows()
  const parts = {
    store: {} as StoreWriter,
    folder,
    workerNumber: 1,
    generation: 0,
    retentionDays: 1,
    nowMs: () => 0,
    log: { write: () => {} },
  }
  return new StoreStager({
    sink: new ClickHouseSink(parts, attempts),
    attempts,
    stored: new StoredLines(asConnection(store), last, () => {}),
  })
}

test('a batch that is staged again after a failure is held against the store again', async () => {
  const store = new StoreOf([[first, 0]])
  const stager = createStager(store, new Map([[first, 0]]))
  const rows = {
    lines: places([
      [first, 0],
      [first, 10],
    ]),
    owners: [],
    deadLetters: [],
  }
  const rowsOf = async (): Promise<number[]> => {
    const deliveries = await stager.stage({ batch: 1, storedMs: 0 }, rows)
    for (const { file } of deliveries) rmSync(file)
    return deliveries.map(delivery => delivery.rows)
  }
  store.failures = 1
  await assert.rejects(rowsOf(), /does not answer/)
  assert.deepEqual(await rowsOf(), [1])
  assert.deepEqual(await rowsOf(), [1], 'the commit failed, say')
  stager.clear()
  assert.deepEqual(await rowsOf(), [2], 'once it is committed, the stream is past what was stored')
})

test('files of a batch whose lines cannot be written are removed', async () => {
  const stager = createStager(new StoreOf([]), new Map())
  const place: [string, number] = [first, 0]
  const owners = [{ place, requestId: 'r', traceId: '', spanId: '' }]
  // Owners are written before lines.
  const lines = {
    ...places([[first, 0]]),
    get bodies(): Uint8Array {
      throw new Error('ENOSPC: no space left')
    },
  }
  const staging = stager.stage({ batch: 7, storedMs: 0 }, { lines, owners, deadLetters: [] })
  await assert.rejects(staging, /ENOSPC/)
  assert.deepEqual(readdirSync(folder), [])
})

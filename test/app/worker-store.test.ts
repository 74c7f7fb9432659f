// A state and a store that belong together, and those that do not.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { embeddedStoreDefinition } from '../../src/app/store-definitions.ts'
import { openWorkerStore, type WorkerStore } from '../../src/app/worker-store.ts'
import type { StoreWriter } from '../../src/model/store-connection.ts'
import { WorkerState } from '../../src/state/worker-state.ts'
import { noteStreams } from '../../src/store/known-streams.ts'
import { blockOf, line } from '../sinks/clickhouse/line-block.ts'
import { openTemporary, withoutChdb } from '../store/temporary-store.ts'

const definition = embeddedStoreDefinition
const settings = { type: 'embedded', definition, options: definition.options.parse({}) } as const
const nothing = { forgotten: [], deliveries: [], counters: [], steps: [] }

describe('the state and the store', { skip: withoutChdb }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'fcscope-state-'))
  let temporary: Awaited<ReturnType<typeof openTemporary>>
  let connection: StoreWriter
  before(async () => {
    temporary = await openTemporary()
    connection = temporary.store
  })
  after(async () => {
    await temporary.close()
    rmSync(folder, { recursive: true })
  })

  /** As a worker would start on it; closing the connection is left to the end. */
  async function start(state: string): Promise<WorkerStore> {
    const opened = WorkerState.open(join(folder, state))
    try {
      const kept: StoreWriter = Object.assign(Object.create(connection), { close: async () => {} })
      for (const name of ['run', 'query'] as const) kept[name] = connection[name].bind(connection) as never
      return await openWorkerStore({ state: opened, connection: kept, settings })
    } finally {
      opened.close()
    }
  }

  test('both are new, then both are known', async () => {
    const first = await start('own')
    assert.deepEqual([first.isStateLost, first.stored.isExpecting], [false, false])
    const second = await start('own')
    assert.deepEqual([second.isStateLost, second.stored.isExpecting], [false, false])
  })

  test('another state while the store has no data is as good as the first', async () => {
    assert.equal((await start('empty')).isStateLost, false)
  })

  test('the state is lost until everything was read again, however often the worker starts', async () => {
    const stream = { streamId: '00000000000000a1', position: 40, memo: '{"path":"a.log"}' }
    await noteStreams(connection, [{ source: 'logs', stream }])
    await connection.run(
      `INSERT INTO log_lines (streamId, position, storedAt) SELECT '${stream.streamId}', 20, now64(3)`,
    )
    const lost = await start('lost')
    assert.equal(lost.isStateLost, true)
    assert.deepEqual(lost.streams.get('logs'), [{ ...stream, position: 0 }])
    // A stop or a kill before the end: what is read is still held against the store.
    const again = await start('lost')
    assert.equal(again.isStateLost, false, 'that is told once')
    assert.deepEqual(again.streams.get('logs'), [{ ...stream, position: 0 }])
    const state = WorkerState.open(join(folder, 'lost'))
    const { stored } = await openWorkerStore({ state, connection, settings })
    const places = [0, 20, 40].map(position => line({ streamId: stream.streamId, position }))
    assert.equal((await stored.withoutStored(blockOf(places))).rows, 2)
    stored.committed()
    state.close()
    assert.equal((await start('lost')).stored.isExpecting, false, 'all of it was read again')
  })

  test('a state whose batches went to another store is refused', async () => {
    const state = WorkerState.open(join(folder, 'other'))
    state.setMeta('storeId', 'that one')
    state.commit({ batch: 1, streams: [], ...nothing })
    state.close()
    await assert.rejects(start('other'), { code: 'FCS_STORE_MISMATCH', message: /other.*is not|is not the store that/ })
  })

  test('a state that was made for another store and delivered nothing is held against this one', async () => {
    const state = WorkerState.open(join(folder, 'unused'))
    state.setMeta('storeId', 'that one')
    state.close()
    assert.equal((await start('unused')).isStateLost, true)
  })
})

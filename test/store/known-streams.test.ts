import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { lastPositions, noteStreams, readStreams, storedPositions } from '../../src/store/known-streams.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openTemporary, withoutChdb } from './temporary-store.ts'

const far = Number.MAX_SAFE_INTEGER
const odd = JSON.stringify({ path: `a'b\\c\n"d"\t订单\0).log`, inode: 5 })

describe('streams that the store knows', { skip: withoutChdb }, () => {
  let temporary: Awaited<ReturnType<typeof openTemporary>>
  before(async () => {
    temporary = await openTemporary()
    await migrate(temporary.store, { retentionDays: 7 })
  })
  after(() => temporary.close())

  const note = (source: string, streamId: string, memo: string) =>
    noteStreams(temporary.store, [{ source, stream: { streamId, position: far, memo } }])

  test('none', async () => {
    await noteStreams(temporary.store, [])
    assert.deepEqual(await readStreams(temporary.store), new Map())
    assert.deepEqual(await lastPositions(temporary.store), new Map())
  })

  test('the newest note of each, whatever its text, to be read from the beginning', async () => {
    await note('logs', 'a', 'old')
    await note("it's", 'a', 'another')
    await note('logs', 'b', '')
    await note('logs', 'a', odd)
    assert.deepEqual(Object.fromEntries(await readStreams(temporary.store)), {
      "it's": [{ streamId: 'a', position: 0, memo: 'another' }],
      logs: [
        { streamId: 'a', position: 0, memo: odd },
        { streamId: 'b', position: 0, memo: '' },
      ],
    })
  })

  test('positions of lines', async () => {
    const places: [string, number][] = [
      ['a', 0],
      ['a', 7],
      ['a', far],
      ['b', 7],
    ]
    const rows = places.map(([id, position]) => `('${id}', ${position})`).join(', ')
    await temporary.store.run(
      `INSERT INTO log_lines (streamId, position, storedAt) SELECT *, now64(3) FROM values('streamId String, position UInt64', ${rows})`,
    )
    const { store } = temporary
    assert.deepEqual(Object.fromEntries(await lastPositions(store)), { a: far, b: 7 })
    const found = (streamIds: string[], from: number, to: number) => storedPositions(store, { streamIds, from, to })
    assert.deepEqual(
      await found(['a', 'b'], 0, 8),
      new Map([
        ['a', new Set([0, 7])],
        ['b', new Set([7])],
      ]),
    )
    assert.deepEqual(await found(['a'], 1, far), new Map([['a', new Set([7])]]))
    assert.deepEqual(await found(['a'], 8, far + 1), new Map([['a', new Set([far])]]))
    assert.deepEqual(await found([], 0, far), new Map())
    assert.deepEqual(await found(["a' OR 1 = 1 --"], 0, far), new Map())
  })
})

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { PartitionNote } from '../../src/model/handover.ts'
import { migrate } from '../../src/store/migrate.ts'
import { readPartitionNotes, writePartitionNotes } from '../../src/store/partition-notes.ts'
import { openTemporary, withoutChdb } from './temporary-store.ts'

const note = (partition: string, other: Partial<PartitionNote> = {}): PartitionNote => ({
  partition,
  position: 2 ** 53 - 1,
  replayFrom: 3_459_144_376_747_237,
  wholeFrom: 3_459_144_376_747_241,
  worker: 4_294_967_295,
  epoch: 2,
  generation: 7,
  hasEnded: false,
  streamIds: ['00000000000000a1', '00000000000000b2'],
  ...other,
})

describe('notes about partitions', { skip: withoutChdb }, () => {
  let temporary: Awaited<ReturnType<typeof openTemporary>>
  before(async () => {
    temporary = await openTemporary()
    await migrate(temporary.store, { retentionDays: 7 })
  })
  after(() => temporary.close())

  test('come back as they were written, by group and partition, the newest only', async () => {
    const { store } = temporary
    const [a, b] = [note("topic-'0'"), note('topic-1', { streamIds: [], hasEnded: true })]
    await writePartitionNotes(store, 'g', [a, b])
    await writePartitionNotes(store, 'other', [note("topic-'0'", { position: 1 })])
    assert.deepEqual(
      [...(await readPartitionNotes(store, 'g'))],
      [
        ["topic-'0'", a],
        ['topic-1', b],
      ],
    )
    const newer = note("topic-'0'", { position: 5, generation: 8 })
    await writePartitionNotes(store, 'g', [newer])
    assert.deepEqual((await readPartitionNotes(store, 'g')).get("topic-'0'"), newer)
    assert.deepEqual(await readPartitionNotes(store, 'nobody'), new Map())
    await writePartitionNotes(store, 'g', [note("topic-'0'", { epoch: 3 })])
    await writePartitionNotes(store, 'g', [note("topic-'0'", { epoch: 2, generation: 99 })])
    assert.equal((await readPartitionNotes(store, 'g')).get("topic-'0'")?.epoch, 3, 'an earlier owner comes too late')
  })

  test('of nothing nothing is written', async () => {
    await writePartitionNotes(temporary.store, 'empty', [])
    assert.equal((await readPartitionNotes(temporary.store, 'empty')).size, 0)
  })
})

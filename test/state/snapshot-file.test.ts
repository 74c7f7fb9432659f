import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import {
  readSnapshot,
  removeOtherSnapshots,
  type SnapshotReference,
  writeSnapshot,
} from '../../src/state/snapshot-file.ts'

const root = mkdtempSync(join(tmpdir(), 'fcscope-snapshot-'))
after(() => rmSync(root, { recursive: true }))
const content = Buffer.from('engine '.repeat(10_000))
let folder = ''
let reference: SnapshotReference
beforeEach(async () => {
  folder = mkdtempSync(join(root, 'x-'))
  reference = await writeSnapshot(folder, 5, content)
})

test('what was written is read, smaller on disk, and for its owner only', async () => {
  assert.deepEqual(await readSnapshot(folder, reference), content)
  const { size, mode } = statSync(join(folder, reference.file))
  assert.ok(size < content.length / 10)
  assert.equal(mode & 0o777, 0o600)
  assert.deepEqual(readdirSync(folder), ['engine-5.zst'])
})

test('an engine without content', async () => {
  assert.deepEqual(await readSnapshot(folder, await writeSnapshot(folder, 6, Buffer.alloc(0))), Buffer.alloc(0))
})

const damages: [name: string, damage: (file: string) => void][] = [
  ['it is gone', file => rmSync(file)],
  ['it is empty', file => truncateSync(file)],
  ['it is torn', file => truncateSync(file, statSync(file).size - 1)],
  ['it goes on', file => writeFileSync(file, Buffer.alloc(1), { flag: 'a' })],
  [
    'a bit is another one',
    file => {
      const bytes = readFileSync(file)
      bytes[bytes.length >> 1]! ^= 1
      writeFileSync(file, bytes)
    },
  ],
  ['it is something else of its size', file => writeFileSync(file, Buffer.alloc(statSync(file).size, 7))],
]
for (const [name, damage] of damages) {
  test(`none, when ${name}`, async () => {
    damage(join(folder, reference.file))
    assert.equal(await readSnapshot(folder, reference), null)
  })
}

test('others are removed, half-written ones too, and nothing else', async () => {
  for (const name of ['engine-4.zst', 'engine-6.zst.tmp', 'state.sqlite']) writeFileSync(join(folder, name), '')
  await removeOtherSnapshots(folder, reference.file)
  assert.deepEqual(readdirSync(folder).toSorted(), ['engine-5.zst', 'state.sqlite'])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { BatchStep } from '../../src/model/batch-commit.ts'
import { Recovery } from '../../src/pipeline/recover.ts'
import type { LogFields } from '../../src/telemetry/log.ts'
import { MemorySource, type StreamText } from './memory-source.ts'
import { SmallEngine } from './small-engine.ts'
import { WorkerRig } from './worker-rig.ts'

interface Replayed {
  readonly engine: SmallEngine
  readonly recovery: Recovery
  readonly gaps: readonly LogFields[]
}

async function replay(
  batches: readonly (readonly BatchStep[])[],
  parts: { engine: SmallEngine; source: MemorySource; clearRows?: () => void },
): Promise<Replayed> {
  const { engine, source, clearRows = () => engine.clearRows() } = parts
  const gaps: LogFields[] = []
  const log = {
    write: (_: unknown, event: string, __: unknown, fields: LogFields = {}) => {
      assert.equal(event, 'replayGap')
      gaps.push(fields)
    },
  }
  const recovery = new Recovery({ engine, sources: [source], log, clearRows })
  for (const steps of batches) await recovery.replay(steps)
  return { engine, recovery, gaps }
}

test('each step is done again, in order, and rows are dropped', async () => {
  const source = new MemorySource({ a: { text: '1\n2\n' }, b: { text: '3\n' } })
  const steps: BatchStep[] = [
    ['time', 5],
    ['take', 'memory', 'a', 2, 4],
    ['goOn', 'a', 'b'],
    ['take', 'memory', 'b', 0, 2],
    ['time', 6],
    ['give'],
  ]
  const { engine, recovery, gaps } = await replay([steps, [['giveAll']]], { engine: new SmallEngine(), source })
  assert.deepEqual(engine.state.told, [
    ['time', 5],
    ['a', 2, '2'],
    ['goOn', 'a', 'b'],
    ['b', 0, '3'],
    ['time', 6],
    ['give'],
    ['giveAll'],
  ])
  assert.deepEqual([engine.lines, recovery.bytes, gaps], [[], 4, []])
})

test('a last line without a line end is taken as one', async () => {
  const source = new MemorySource({ a: { text: '1\nlast' } })
  source.pieceBytes = 3
  const { engine } = await replay([[['take', 'memory', 'a', 0, 6]]], { engine: new SmallEngine(), source })
  assert.deepEqual(engine.state.told, [
    ['a', 0, '1'],
    ['a', 2, 'last'],
  ])
})

const gaps: [name: string, step: BatchStep, gap: object, told: number][] = [
  ['bytes that are gone', ['take', 'memory', 'a', 2, 10], { source: 'memory', stream: 'a', from: 4, to: 10 }, 1],
  [
    'a source that is configured no more',
    ['take', 'other', 'a', 0, 4],
    { source: 'other', stream: 'a', from: 0, to: 4 },
    0,
  ],
]
for (const [name, step, gap, told] of gaps) {
  test(`${name}: it is told, and the rest goes on`, async () => {
    const source = new MemorySource({ a: { text: '1\n2\n' } })
    const replayed = await replay([[step, ['give']]], { engine: new SmallEngine(), source })
    assert.deepEqual(replayed.gaps, [gap])
    assert.equal(replayed.engine.state.told.length, told + 1)
    assert.deepEqual(replayed.engine.state.told.at(-1), ['give'])
  })
}

test('an engine that is full of what others collect is emptied as well: it never ends otherwise', {
  timeout: 5000,
}, async () => {
  const source = new MemorySource({ a: { text: '1\n2\nlast' } })
  const engine = new SmallEngine()
  // As many attempts were given out in the batches before as a batch may hold.
  let given = 1000
  Object.defineProperty(engine, 'isFull', { get: () => given >= 1000 })
  engine.take = chunk => (chunk.isLast ? chunk.length : engine.window.subarray(0, chunk.length).lastIndexOf(10) + 1)
  const clearRows = (): void => {
    given = 0
  }
  const { recovery, gaps } = await replay([[['take', 'memory', 'a', 0, 8]]], { engine, source, clearRows })
  assert.deepEqual([recovery.bytes, gaps], [8, []])
})

const text = fc.array(fc.string({ unit: fc.constantFrom('x', 'ü', '\n'), maxLength: 12 }), { maxLength: 12 })
const streams = fc
  .dictionary(fc.constantFrom('a', 'b', 'c'), text, { minKeys: 1 })
  .map(
    (all): Record<string, StreamText> =>
      Object.fromEntries(Object.entries(all).map(([id, parts]) => [id, { text: parts.join('\n') }])),
  )
const bytes = fc.integer({ min: 1, max: 40 })

test('whatever the pieces: the saved state and the batches behind it make the same engine', async () => {
  const property = fc.asyncProperty(
    fc.record({ streams, pieceBytes: bytes, againBytes: bytes, maxLines: bytes, saveBytes: bytes }),
    async ({ streams, pieceBytes, againBytes, maxLines, saveBytes }) => {
      const source = new MemorySource(streams)
      source.pieceBytes = pieceBytes + 40
      const first = new SmallEngine({ maxLines })
      const rig = new WorkerRig({
        sources: [source],
        once: true,
        engine: first,
        snapshotBytes: saveBytes,
        lingerMs: Number.POSITIVE_INFINITY,
      })
      let saves = 0
      rig.fail = at => {
        // Whatever comes after the first save is lost.
        if (at === 'snapshot' && saves++ > 0) throw new Error('killed')
      }
      await rig.worker.run()
      const [snapshot] = rig.snapshots
      const again = new SmallEngine({ maxLines })
      if (snapshot !== undefined) again.load(snapshot.bytes)
      const left = rig.commits.filter(({ batch }) => batch > (snapshot?.batch ?? 0))
      source.pieceBytes = againBytes
      const replayed = await replay(
        left.map(({ steps }) => steps),
        { engine: again, source },
      )
      assert.deepEqual(again.state.told, first.state.told)
      assert.deepEqual(replayed.gaps, [])
    },
  )
  await fc.assert(property, { numRuns: 200 })
})

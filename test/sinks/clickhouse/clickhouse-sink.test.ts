// The store as a sink, on every kind of store.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StoreError } from '../../../src/model/store-connection.ts'
import { emptyAttempt } from '../../../src/reconstruct/empty-attempt.ts'
import type { Fault, FaultProxy } from '../../services/fault-proxy.ts'
import { inEveryStore } from './in-every-store.ts'
import { lineIdObligations } from './line-id-obligations.ts'
import { doubtful, fresh, nextBatch, obligations, Stage } from './sink-obligations.ts'
import type { StoreRig } from './store-rig.ts'

inEveryStore((rigOf, name) => {
  for (const [what, check] of Object.entries({ ...obligations, ...lineIdObligations })) test(what, () => check(rigOf()))

  if (name === 'a server') testFaults(rigOf)
})

function testFaults(rigOf: () => StoreRig): void {
  /** A proxy that does this to the next insert. */
  const meet = (fault: Fault): { rig: StoreRig; proxy: FaultProxy } => {
    const rig = rigOf()
    const { proxy } = rig
    assert.ok(proxy !== null)
    proxy.concerns = /^INSERT/
    proxy.faults.push(fault)
    return { rig, proxy }
  }

  const faults: [fault: Fault, code: number | null, isTransient: boolean][] = [
    ['refuse', 202, true],
    ['deny', 516, false],
    ['drop', null, true],
    ['applied', null, true],
  ]
  for (const [fault, code, isTransient] of faults) {
    test(`${fault}: the delivery fails, is made again, and arrives once`, async () => {
      const { rig } = meet(fault)
      const stage = new Stage(rig)
      const delivery = stage.lines()
      await assert.rejects(stage.sink.deliver(delivery, fresh), (error: unknown) => {
        assert.ok(error instanceof StoreError)
        assert.deepEqual([error.clickhouseCode, error.isTransient], [code, isTransient])
        assert.doesNotMatch(String(error.stack) + JSON.stringify(error), /a secret/)
        return true
      })
      assert.equal((await stage.bodies()).length, fault === 'applied' ? 3 : 0)
      await stage.sink.deliver(delivery, doubtful)
      assert.equal((await stage.bodies()).length, 3)
      assert.deepEqual(stage.events, fault === 'applied' ? ['batchWasThere'] : [])
    })
  }

  test('refused while it is being sent', async () => {
    const { rig } = meet('refuse')
    const stage = new Stage(rig)
    const delivery = stage.lines(60_000)
    await assert.rejects(stage.sink.deliver(delivery, fresh), StoreError)
    await stage.sink.deliver(delivery, doubtful)
    assert.equal((await stage.bodies()).length, 60_000)
  })

  test('an update that is refused again and again is given up after a minute, and said once; one that fails for a while is not', async () => {
    const { rig, proxy } = meet('refuse')
    proxy.faults.length = 0
    proxy.concerns = /^UPDATE/
    const stage = new Stage(rig)
    const how = { identityWords: new Int32Array(6), hasPlatformIds: false, lineSpans: [1, 2] }
    const origin = { position: '', revision: 1, firstStoredMs: 0, priorHours: 0, mayKnowLess: false }
    stage.attempts.add({ ...emptyAttempt(), requestId: 'r' }, { ...origin, ...how })
    const [ids] = stage.sink.stageIds(stage.batch, stage.attempts)
    assert.ok(ids !== undefined)
    for (let tries = 1; tries <= 5; tries += 1) {
      proxy.faults.push('refuse')
      await assert.rejects(stage.sink.deliver(ids, fresh), StoreError, 'it is tried often, and not for long')
    }
    assert.deepEqual(stage.events, [])
    stage.nowMs += 60_000
    proxy.faults.push('refuse')
    await stage.sink.deliver(ids, fresh)
    assert.deepEqual(stage.events, ['lineIdsKept'])
    // The next one has its own minute.
    const [next] = stage.sink.stageIds({ ...stage.batch, batch: nextBatch() }, stage.attempts)
    assert.ok(next !== undefined)
    proxy.faults.push('refuse')
    await assert.rejects(stage.sink.deliver(next, fresh), StoreError)
    await stage.sink.deliver(next, fresh)
    assert.deepEqual(stage.events, ['lineIdsKept'])
  })

  test('hang: whoever stops waiting is let go', async () => {
    const { rig, proxy } = meet('hang')
    const stage = new Stage(rig)
    const delivery = stage.lines()
    const abort = new AbortController()
    const delivering = stage.sink.deliver(delivery, { mayBeThere: false, signal: abort.signal })
    await proxy.hung
    abort.abort()
    await assert.rejects(delivering, StoreError)
    await stage.sink.deliver(delivery, doubtful)
    assert.equal((await stage.bodies()).length, 3)
  })
}

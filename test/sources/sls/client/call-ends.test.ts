// What ends a call before its answer: its time, its caller, and the end of the client.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SlsError } from '../../../../src/sources/sls/client/sls-api.ts'
import { type keys, okJson, ScriptedService } from './scripted-service.ts'

const signal = new AbortController().signal
const pull = { shard: 0, cursor: 'MQ==', count: 1 }

const isFailure = (code: string) => (error: unknown) => error instanceof SlsError && error.code === code

test('an abort is told by its reason', async t => {
  const service = await ScriptedService.start(t, 'hang')
  const client = service.client(t)
  const aborted = new AbortController()
  const call = client.pullLogs(pull, aborted.signal)
  await service.requests(1)
  const reason = new Error('revoked')
  aborted.abort(reason)
  await assert.rejects(call, (error: unknown) => error === reason)
  await assert.rejects(client.pullLogs(pull, aborted.signal), (error: unknown) => error === reason)
  assert.equal(service.seen.length, 1)
})

test('an abort while credentials are waited for', async t => {
  const service = await ScriptedService.start(t, okJson([]))
  const waiting = { get: () => new Promise<typeof keys>(() => {}), invalidate() {} }
  const aborted = new AbortController()
  const call = service.client(t, { credentials: waiting }).listShards(aborted.signal)
  const reason = new Error('stop')
  aborted.abort(reason)
  await assert.rejects(call, (error: unknown) => error === reason)
  assert.equal(service.seen.length, 0)
})

test('a client that was closed answers nothing any more', async t => {
  const service = await ScriptedService.start(t, 'hang')
  const client = service.client(t)
  const call = client.listShards(signal)
  await service.requests(1)
  client.close()
  client.close()
  await assert.rejects(call, isFailure('Closed'))
  await assert.rejects(client.listShards(signal), isFailure('Closed'))
})

test('10 seconds for a call, a minute for a pull', async t => {
  const service = await ScriptedService.start(t, 'hang')
  const client = service.client(t)
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const outcomes: string[] = []
  const note = (what: string, call: Promise<unknown>): Promise<void> =>
    call.then(
      () => {},
      (error: unknown) => {
        assert.ok(error instanceof SlsError)
        outcomes.push(`${what}: ${error.code} ${error.kind} ${error.message}`)
      },
    )
  const beat = note('beat', client.heartbeat({ group: 'g', consumer: 'c', shards: [] }, signal))
  const pulled = note('pull', client.pullLogs(pull, signal))
  await service.requests(2)
  t.mock.timers.tick(10_000)
  await beat
  assert.deepEqual(outcomes, ['beat: Timeout retry HeartBeat: no whole answer within 10 s'])
  t.mock.timers.tick(50_000)
  await pulled
  assert.equal(outcomes[1], 'pull: Timeout retry PullLogs: no whole answer within 60 s')
})

test('a call leaves nothing behind on its signal', async t => {
  const service = await ScriptedService.start(t, okJson([]))
  const client = service.client(t)
  const caller = new AbortController()
  const added: unknown[] = []
  const removed: unknown[] = []
  const { addEventListener, removeEventListener } = caller.signal
  caller.signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    added.push(args[1])
    addEventListener.apply(caller.signal, args)
  }
  caller.signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    removed.push(args[1])
    removeEventListener.apply(caller.signal, args)
  }
  await client.listShards(caller.signal)
  assert.equal(added.length, 1)
  assert.deepEqual(removed, added)
})

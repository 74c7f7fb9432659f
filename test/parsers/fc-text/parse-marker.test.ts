// Lifecycle markers and runtime starts: samples of facts/fc-log-formats §1, and what only looks like them.
import { at, isText, reads } from './line-case.ts'

const rid = 'e6a965a9-41a7-46ef-9e55-2b32e76e0000'

// §1 markers
reads(`FC Invoke Start RequestId: ${rid}`, {
  kind: 'invokeStart',
  id: rid,
  outcome: 'ok',
  message: `FC Invoke Start RequestId: ${rid}`,
})
reads('FC Invoke Start RequestId: 1-65a77fbb-157f3f32-e1ee24b17e49\r', {
  kind: 'invokeStart',
  id: '1-65a77fbb-157f3f32-e1ee24b17e49',
})
reads('FC Invoke Start RequestId: 2F65CABC000E681A95152C6FED57659A', {
  kind: 'invokeStart',
  id: '2F65CABC000E681A95152C6FED57659A',
})
reads(`FC Invoke End RequestId: ${rid}x-1_*`, { kind: 'invokeEnd', id: `${rid}x-1_*` })
reads(`FC Invoke End RequestId: ${rid}, Error: Unhandled function error`, {
  kind: 'invokeEnd',
  id: rid,
  outcome: 'unhandledError',
})
reads(`FC Invoke End RequestId: ${rid}, Error: Handled function error`, {
  kind: 'invokeEnd',
  id: rid,
  outcome: 'handledError',
})
reads(`FC Invoke End RequestId: ${rid}, Error: something new`, {
  kind: 'invokeEnd',
  id: rid,
  outcome: 'unhandledError',
})
reads(
  'FC Invoke End RequestId: 1-64263a4b-2cd7c98b677*********, Error: Invocation canceled by client (duration: 4912ms, maxMemoryUsage: 0.00MB)',
  {
    kind: 'invokeEnd',
    id: '1-64263a4b-2cd7c98b677*********',
    outcome: 'canceled',
    durationMs: 4912,
    maxMemoryUsedMB: 0,
  },
)
reads('FC Initialize Start RequestId:b192fdb1-0acf-4604-9d0e-48b51b1614f4', {
  kind: 'initializeStart',
  id: 'b192fdb1-0acf-4604-9d0e-48b51b1614f4',
})
reads('FC prefreeze Start RequestId:a', { kind: 'preFreezeStart', id: 'a' })
reads('FC PREFREEZE End RequestId: a', { kind: 'preFreezeEnd', id: 'a' })
reads('FC preStop Start RequestId: a', { kind: 'preStopStart', id: 'a' })
reads('FC PreStop End RequestId:\ta', { kind: 'preStopEnd', id: 'a' })
reads(`"FC Invoke End RequestId: ${rid}"`, { kind: 'invokeEnd', id: rid, outcome: 'ok' })
reads(`\\nFC Invoke End RequestId: ${rid}`, { kind: 'invokeEnd', id: rid })
reads(`2022-08-18 20:28:34\\nFC Invoke End RequestId: ${rid}`, {
  kind: 'invokeEnd',
  id: rid,
  prefixMs: at('2022-08-18T20:28:34Z'),
})
reads(
  `2021/07/26 09:31:47 [notice] 8#8: *3 [lua] main.lua:28: FC Invoke End RequestId: ${rid}, client: 21.0.3.254, server: `,
  {
    kind: 'invokeEnd',
    id: rid,
    outcome: 'ok',
    levelText: '',
    textMs: at('2021-07-26T09:31:47Z'),
    prefixMs: Number.NaN,
  },
)
reads(`FC Invoke End RequestId: ${rid} - Total time: 1.234s`, { kind: 'invokeEnd', id: rid, outcome: 'ok' })
reads('FC Invoke Start RequestId: req-1234 Test log message', { kind: 'invokeStart', id: 'req-1234' })
for (const none of ['', ' ', ' None', ' undefined', ' null', ' unknown_request_id', ' $x'])
  reads(`FC Invoke Start RequestId:${none}`, { kind: 'invokeStart', id: '' })
reads('FC Invoke End RequestId: , Error: Unhandled function error', {
  kind: 'invokeEnd',
  id: '',
  outcome: 'unhandledError',
})
reads('FC Invoke End RequestId: None, Error: Unhandled function error', {
  kind: 'invokeEnd',
  id: '',
  outcome: 'unhandledError',
})
reads('FC Invoke Start RequestId: undefined-1', { kind: 'invokeStart', id: 'undefined-1' })
reads('FCFC FC Invoke RequestId: x FC Invoke Start RequestId: a FC Invoke End RequestId: b', {
  kind: 'invokeStart',
  id: 'a',
})
reads(`progress 100%FC Invoke End RequestId: ${rid}`, { kind: 'invokeEnd', id: rid })
isText('FC Invoke instanceId: c-632c089e-dcd9da22xxxxxxxxxx')
isText('FC Invoke Result[Code: 200]:')
isText('FC Propare Code Start RequestId: 1')
isText('FC Prepare Code End RequestId: 1')
isText('FC  Invoke Start RequestId: 1')
isText('fc Invoke Start RequestId: 1')
isText('FC Initializer Start RequestId: 1')
isText('FC Invoke Start RequestId')
isText('========= FC invoke Logs begin =========')

// §1 runtime starts
for (const name of [
  'python3',
  'python',
  'php7.2',
  'dotnetcore3.1',
  'nodejs',
  'custom',
  'golang',
  'typescript',
  'powershell',
])
  reads(`FunctionCompute ${name} runtime inited.`, { kind: 'runtimeStart' })
reads('FunctionCompute dart2.8 runtime inited!', { kind: 'runtimeStart' })
reads('FunctionCompute python3 runtime initied.', { kind: 'runtimeStart' })
reads('2017-08-18T10:18:26.131Z  [info] FunctionCompute nodejs runtime inited.\r', {
  kind: 'runtimeStart',
  levelText: '',
  textMs: at('2017-08-18T10:18:26.131Z'),
})
reads('2025-12-30 20:19:41 FunctionCompute custom runtime inited.', {
  kind: 'runtimeStart',
  prefixMs: at('2025-12-30T20:19:41Z'),
})
reads('2022-07-20 16:36:22FunctionCompute python3 runtime inited.', {
  kind: 'runtimeStart',
  prefixMs: at('2022-07-20T16:36:22Z'),
})
reads('2022/07/26 08:18:01.996744 start', { kind: 'runtimeStart', textMs: at('2022-07-26T08:18:01.996Z') })
reads('2022-07-26 16:18:012022/07/26 08:18:01.996744 start', { kind: 'runtimeStart' })
isText('2022/07/26 08:18:01.996744 start now')
isText('2022/07/26 08:18:01.996744 started')
isText('2022/07/26 08:18:01 start')
isText('2022-07-26 08:18:01.996744 start')
isText('FunctionCompute is great')

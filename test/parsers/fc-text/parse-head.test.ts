// Console copies and times: samples of facts/fc-log-formats §2, and times without a level.
import { at, reads } from './line-case.ts'

const rid = 'e6a965a9-41a7-46ef-9e55-2b32e76e0000'

// §2 console copies
reads(`2022-07-26 15:20:482022-07-26 15:20:48 ${rid} [verbose] x`, {
  kind: 'appLine',
  id: rid,
  prefixMs: at('2022-07-26T15:20:48Z'),
  textMs: at('2022-07-26T15:20:48Z'),
  message: 'x',
})
reads(`c-62e79e0a-0190ce336a61499caec12022-08-01 17:34:03FC Invoke End RequestId: ${rid}`, {
  kind: 'invokeEnd',
  instance: 'c-62e79e0a-0190ce336a61499caec1',
  prefixMs: at('2022-08-01T17:34:03Z'),
})
reads(`62e3b016-c9d04dfa1562484cbd8b2022-07-29 18:02:58FC Invoke Start RequestId: ${rid}`, {
  kind: 'invokeStart',
  instance: '62e3b016-c9d04dfa1562484cbd8b',
  prefixMs: at('2022-07-29T18:02:58Z'),
})
reads(`c-62ea7b02-22d488e6b66545a7b1d32022-08-03 21:43:222022-08-03 13:43:22.568 [INFO] [${rid}] triggerTime: x`, {
  kind: 'appLine',
  id: rid,
  instance: 'c-62ea7b02-22d488e6b66545a7b1d3',
  prefixMs: at('2022-08-03T21:43:22Z'),
  textMs: at('2022-08-03T13:43:22.568Z'),
  message: 'triggerTime: x',
})
reads('2025-12-30 20:19:41 FC Invoke Start RequestId: 1-695xxx08d1309db', {
  kind: 'invokeStart',
  id: '1-695xxx08d1309db',
  prefixMs: at('2025-12-30T20:19:41Z'),
  textMs: Number.NaN,
})
reads(`message:2017-07-05T05:13:35.920Z ${rid} [INFO] hello world`, {
  kind: 'appLine',
  id: rid,
  message: 'hello world',
})
reads('2022-07-26 15:20:48load code for handler:index.handler', {
  kind: 'text',
  prefixMs: at('2022-07-26T15:20:48Z'),
  textMs: Number.NaN,
})
reads('2022-07-26 15:20:48Process exited unexpectedly before completing request', {
  kind: 'errorText',
  prefixMs: at('2022-07-26T15:20:48Z'),
})
reads('2022-07-26 15:20:48{"errorMessage":"x"}', { kind: 'errorJson', prefixMs: at('2022-07-26T15:20:48Z') })

// times without levels
reads('2022/02/17 04:29:02.228870 hello world', {
  kind: 'text',
  textMs: at('2022-02-17T04:29:02.228Z'),
  hasZone: false,
  message: '2022/02/17 04:29:02.228870 hello world',
})
reads('2022-07-26 15:20:48 something', { kind: 'text', textMs: at('2022-07-26T15:20:48Z'), prefixMs: Number.NaN })
reads('2022-07-26 15:20:48', { kind: 'text', textMs: at('2022-07-26T15:20:48Z') })
reads('2022-07-26T15:20:48.123456789Z x', { kind: 'text', textMs: at('2022-07-26T15:20:48.123Z'), hasZone: true })
reads('2022-13-26T15:20:48.123Z a-1 [INFO] x', { kind: 'text', textMs: Number.NaN })
reads('2022-02-29T15:20:48.123Z 8f0-12345678 [INFO] x', { kind: 'text', textMs: Number.NaN })
reads('2024-02-29T15:20:48.123Z 8f0-12345678 [INFO] x', { kind: 'appLine', textMs: at('2024-02-29T15:20:48.123Z') })
reads('2022-07-27 17:03:57 user: [3 wanger 38]', { kind: 'text' })
reads('2022-07-27 17:03:57 page [2] of 3', { kind: 'text' })

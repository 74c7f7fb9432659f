// Application lines: samples of facts/fc-log-formats §2.
import type { LevelName } from '../../../src/model/level.ts'
import { at, reads } from './line-case.ts'

const rid = 'e6a965a9-41a7-46ef-9e55-2b32e76e0000'

// §2 application lines
reads(`2022-07-27T07:47:04.266Z ${rid} [verbose] method: POST`, {
  kind: 'appLine',
  id: rid,
  levelText: 'verbose',
  level: 'debug',
  message: 'method: POST',
  textMs: at('2022-07-27T07:47:04.266Z'),
  hasZone: true,
})
reads('2023-04-01T10:04:19.024Z 19b394a3-4fff-480c-9b5c-cbdfd6952f4e [silly] hello,world', {
  kind: 'appLine',
  level: 'trace',
  levelText: 'silly',
})
reads('2024-03-04 07:01:16.927 1-65e571bc-158a59e8-b63f98cd471c [info] hello,world', {
  kind: 'appLine',
  id: '1-65e571bc-158a59e8-b63f98cd471c',
  level: 'info',
  hasZone: false,
})
reads('2024-03-04 07:01:16.927 1-65e571bc-158a59e8-b63f98cd471c [[object Object]] hello,fc', {
  kind: 'appLine',
  levelText: '[object Object]',
  level: 'other',
  message: 'hello,fc',
})
reads('2024-03-04T07:01:16.927Z  [verbose] no id', { kind: 'appLine', id: '', levelText: 'verbose', message: 'no id' })
for (const none of ['None', 'undefined', 'null', 'unknown_request_id'])
  reads(`2024-03-04T07:01:16.927Z ${none} [INFO] x`, { kind: 'appLine', id: '', levelText: 'INFO', message: 'x' })
reads('2017-07-05T05:13:35.920Z a72df088-f738-cee3-e0fe-323ad0000000 [INFO]   hello world', {
  kind: 'appLine',
  message: 'hello world',
})
reads('2022-08-18T12:44:46Z df50fef0-463e-4306-a41e-e8ab4b4fxxxx [EMERGENCY] MessageSent!', {
  kind: 'appLine',
  id: 'df50fef0-463e-4306-a41e-e8ab4b4fxxxx',
  level: 'fatal',
  textMs: at('2022-08-18T12:44:46Z'),
})
reads(`2020-07-08T19:54:44+08:00 ${rid} [ALERT] x`, {
  kind: 'appLine',
  id: rid,
  level: 'fatal',
  textMs: at('2020-07-08T11:54:44Z'),
  hasZone: true,
})
reads(`2022-07-19 08:44:41.161 [INFO] [${rid}] init mns client`, {
  kind: 'appLine',
  id: rid,
  levelText: 'INFO',
  message: 'init mns client',
  hasZone: false,
})
reads('2022-07-19 08:44:41.161 [INFO] [48941a58-7e8d-4b2f-8ddc-xxxxxxxxxx] init', {
  kind: 'appLine',
  id: '48941a58-7e8d-4b2f-8ddc-xxxxxxxxxx',
  message: 'init',
})
reads('2022-04-08 04:12:35.328 [INFO] Input data: [1]', { kind: 'appLine', id: '', message: 'Input data: [1]' })
for (const thread of ['main', 'pool-1-thread-2', 'http-nio-8080-exec-1'])
  reads(`2022-04-08 04:12:35.328 [WARN] [${thread}] com.x.Y`, {
    kind: 'appLine',
    id: '',
    level: 'warn',
    message: `[${thread}] com.x.Y`,
  })
reads('2022-04-08 04:12:35.328 [INFO] [] x', { kind: 'appLine', id: '', message: 'x' })
reads('2022-04-08 04:12:35.328 [main] ERROR com.x.Y - boom', {
  kind: 'appLine',
  id: '',
  levelText: 'ERROR',
  message: 'com.x.Y - boom',
})
reads('2023-09-06T04:28:41.79Z d32c01bc-4397-4f52-a9ca-e374c28f96c1 [DEBUG] main.go:16: x', {
  kind: 'appLine',
  textMs: at('2023-09-06T04:28:41.790Z'),
  message: 'main.go:16: x',
})
reads('2023-09-06T04:28:41Z d32c01bc-4397-4f52-a9ca-e374c28f96c1 [ERROR] x', { kind: 'appLine', level: 'error' })
reads('2022/02/17 04:29:02.228870  d32c01bc-4397-4f52-a9ca-e374c28f96c1 [ERROR] {"errorMessage":"x"}', {
  kind: 'appLine',
  id: 'd32c01bc-4397-4f52-a9ca-e374c28f96c1',
  level: 'error',
  message: '{"errorMessage":"x"}',
})
reads('2021-07-26T09:16:16.607Z: faf356b1-a686-40a4-a595-e88591700bc3 [INFO]  init golang!', {
  kind: 'appLine',
  id: 'faf356b1-a686-40a4-a595-e88591700bc3',
  message: 'init golang!',
})
reads('2021-07-26T08:49:00 e51175b5-c9ef-4476-a4b2-ab792612459d [INFO] handling invoke', {
  kind: 'appLine',
  hasZone: false,
  textMs: at('2021-07-26T08:49:00Z'),
})
reads('2021-07-13 11:04:05,104 INFO 6 [-/127.0.0.1/-/1ms GET /] x', {
  kind: 'appLine',
  id: '',
  levelText: 'INFO',
  message: '6 [-/127.0.0.1/-/1ms GET /] x',
  textMs: at('2021-07-13T11:04:05.104Z'),
})
reads('2021/07/26 09:31:47 [notice] 8#8: *2 [lua] main.lua:16: init', {
  kind: 'appLine',
  id: '',
  levelText: 'notice',
  level: 'info',
  message: '8#8: *2 [lua] main.lua:16: init',
})
reads(`2024-01-13T08:53:51.939Z ${rid} ERROR bare`, { kind: 'appLine', id: rid, levelText: 'ERROR', message: 'bare' })
reads(`2024-01-13T08:53:51.939Z ${rid} [INFO ] padded`, {
  kind: 'appLine',
  id: rid,
  levelText: 'INFO',
  level: 'info',
  message: 'padded',
})
reads('2024-01-13 08:53:51.939 [WARN ] padded', {
  kind: 'appLine',
  id: '',
  levelText: 'WARN',
  level: 'warn',
  message: 'padded',
})
reads('2024-01-13T08:53:51.939Z req-A [INFO] fixture', { kind: 'appLine', id: 'req-A' })
reads(`2024-01-13T08:53:51.939Z ${rid} [custom] own word`, {
  kind: 'appLine',
  id: rid,
  levelText: 'custom',
  level: 'other',
})
reads(`2024-01-13T08:53:51.939Z ${rid} [UNKNOWN] x`, { kind: 'appLine', levelText: 'UNKNOWN', level: 'other' })
reads(`2024-01-13T08:53:51.939Z ${rid} [INFO]`, { kind: 'appLine', id: rid, message: '' })
reads(`2024-01-13T08:53:51.939Z ${rid} [error] Error: x\r    at y`, { kind: 'appLine', message: 'Error: x\r    at y' })
const levels: [string, LevelName][] = [
  ['CRITICAL', 'fatal'],
  ['Alert', 'fatal'],
  ['EMERGENCY', 'fatal'],
  ['fatal', 'fatal'],
  ['PANIC', 'fatal'],
  ['ERROR', 'error'],
  ['err', 'error'],
  ['WARNING', 'warn'],
  ['Warn', 'warn'],
  ['info', 'info'],
  ['NOTICE', 'info'],
  ['Debug', 'debug'],
  ['verbose', 'debug'],
  ['TRACE', 'trace'],
  ['silly', 'trace'],
  ['errors', 'other'],
  ['infox', 'other'],
  ['warninG!', 'other'],
]
for (const [levelText, level] of levels)
  reads(`2024-01-13T08:53:51.939Z ${rid} [${levelText}] x`, { kind: 'appLine', id: rid, levelText, level })

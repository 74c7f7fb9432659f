// Which kind of row a line is, and where it comes from (contract §2; facts/fc-log-formats §5).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kindOf, messageOf, newReader, originOf, readText } from './row-reading.ts'

const kinds: readonly (readonly [line: string, kind: string])[] = [
  ['{"__topic__":"FCLogs:fn","message":"x"}', 'appLog'],
  ['{"__topic__":"my-service","message":"x"}', 'appLog'],
  ['{"__topic__":"FCLogsX","message":"x"}', 'appLog'],
  ['{"__topic__":"FC","message":"x"}', 'appLog'],
  ['{"__topic__":"","message":"x"}', 'appLog'],
  ['{"message":"x"}', 'appLog'],
  ['{"message":""}', 'appLog'],
  ['{"message":"x","requestId":"1-a","durationMs":"1"}', 'appLog'],
  ['{"__topic__":"FCRequestMetrics:/fn"}', 'requestMetrics'],
  ['{"__topic__":"FCRequestMetrics:svc/fn","message":"x"}', 'requestMetrics'],
  ['{"__topic__":"\\u0046CRequestMetrics:/fn"}', 'requestMetrics'],
  ['{"__time__":"1","requestId":"1-a","durationMs":"1"}', 'requestMetrics'],
  ['{"__topic__":"","requestId":"1-a","durationMs":1}', 'requestMetrics'],
  ['{"__topic__":"FCInstanceMetrics:/fn"}', 'instanceMetrics'],
  ['{"__time__":1,"aggPeriodSeconds":"60"}', 'instanceMetrics'],
  ['{"__topic__":"FCInstanceEvents:/fn"}', 'instanceEvent'],
  ['{"__time__":1,"type":"fc:Instance:Creating"}', 'instanceEvent'],
  ['{"__time__":1,"type":"\\u0066c:Instance:Creating"}', 'instanceEvent'],
  ['{"__time__":1,"type":"fc:Other"}', 'noMessage'],
  ['{"__topic__":"FCLogs:fn"}', 'noMessage'],
  ['{"__topic__":"FCLogs:fn","message":null}', 'noMessage'],
  ['{"__topic__":"FCLogs:fn","message":{"a":1}}', 'noMessage'],
  ['{"__topic__":"FCLogs:fn","message":12}', 'appLog'],
  ['{"__time__":"1","requestId":"1-a"}', 'noMessage'],
  ['{"requestId":"1-a","durationMs":"1"}', 'notARow'],
  ['{"errorMessage":"x","errorType":"Error"}', 'notARow'],
  ['{"__time__":null}', 'notARow'],
  ['{"__time__":true}', 'notARow'],
  ['{"message":1}', 'notARow'],
  ['{"message":["x"]}', 'notARow'],
  ['{}', 'notARow'],
  ['', 'notARow'],
  ['   ', 'notARow'],
  ['[{"message":"x"}]', 'notARow'],
  ['"message"', 'notARow'],
  ['FC Invoke Start RequestId: 1-a', 'notARow'],
  ['{', 'invalidJson'],
  ['{"message":"x"', 'invalidJson'],
  ['{"message":"x",}', 'invalidJson'],
  ['{"message":"x"}}', 'invalidJson'],
  ['{"message":"x"} {"message":"y"}', 'invalidJson'],
  ['{"message":"x\u0001"}', 'invalidJson'],
  ['{"message":"x\\q"}', 'invalidJson'],
  ['{"message":"x\\u12g4"}', 'invalidJson'],
  ['{"message":"x\\', 'invalidJson'],
  ['{"message" "x"}', 'invalidJson'],
  ['{message:"x"}', 'invalidJson'],
  ["{'message':'x'}", 'invalidJson'],
  ['{"message":"x","n":01}', 'invalidJson'],
  ['{"message":"x","n":1.}', 'invalidJson'],
  ['{"message":"x","n":-}', 'invalidJson'],
  ['{"message":"x","n":1e}', 'invalidJson'],
  ['{"message":"x","n":NaN}', 'invalidJson'],
  ['{"message":"x","n":truE}', 'invalidJson'],
  ['{"message":"x","n":[1,]}', 'invalidJson'],
  ['{"message":"x","n":{"a"}}', 'invalidJson'],
  ['{"message":"x","n":[}', 'invalidJson'],
  ['{"message":"x"\u00a0}', 'invalidJson'],
]
for (const [line, kind] of kinds) test(`${line} is ${kind}`, () => assert.equal(kindOf(readText(line)), kind))

test('where every object is a row, an object without any known field lacks a message', () => {
  const kind = (line: string): string => kindOf(readText(line, newReader(true)))
  assert.equal(kind('{"requestId":"1-a","durationMs":"1"}'), 'requestMetrics')
  assert.equal(kind('{"a":1}'), 'noMessage')
  assert.equal(kind('[1]'), 'notARow')
})

const origins: readonly (readonly [line: string, origin: (string | null)[]])[] = [
  ['{"message":"x"}', [null, null, null, null, null]],
  ['{"__topic__":"FCLogs:fn","message":"x"}', ['fn', null, null, null, null]],
  ['{"__topic__":"FCLogs:","message":"x"}', [null, null, null, null, null]],
  ['{"__topic__":"my-service-dev","message":"x","functionName":"fn"}', ['fn', 'my-service-dev', null, null, null]],
  ['{"__topic__":"topic","message":"x","serviceName":"field"}', [null, 'field', null, null, null]],
  ['{"__topic__":"FCRequestMetrics:svc/fn"}', ['fn', 'svc', null, null, null]],
  ['{"__topic__":"FCRequestMetrics:/fn"}', ['fn', null, null, null, null]],
  ['{"__topic__":"FCInstanceEvents:svc/fn"}', ['fn', 'svc', null, null, null]],
  ['{"__topic__":"FCLogs:topic","functionName":"field","message":"x"}', ['field', null, null, null, null]],
  ['{"message":"x","functionName":"","qualifier":"LATEST","versionId":""}', [null, null, 'LATEST', null, null]],
  ['{"message":"x","versionId":12,"qualifier":null,"instanceID":["c"]}', [null, null, null, '12', null]],
  ['{"message":"x","functionName":"a\\u002fb","instanceID":"\\ud83d"}', ['a/b', null, null, null, '\ufffd']],
  ['{"__topic__":"FCLogs\\u003afn","message":"x"}', ['fn', null, null, null, null]],
  ['{"message":"x","functionName":"a","functionName":"b"}', ['b', null, null, null, null]],
  ['{"message":"x","functionName":"a","functionName":null}', [null, null, null, null, null]],
  ['{"message":"x","functionName":"函数"}', ['函数', null, null, null, null]],
]
for (const [line, origin] of origins)
  test(`${line} comes from ${origin}`, () => assert.deepEqual(originOf(readText(line)), origin))

test('rows with the same identity share one origin, others do not', () => {
  const reader = newReader()
  const origin = (instanceID: string, functionName: string) =>
    readText(JSON.stringify({ message: 'x', instanceID, functionName }), reader).origin
  assert.equal(origin('c-1', 'fn'), origin('c-1', 'fn'))
  assert.notEqual(origin('c-1', 'fn'), origin('c-2', 'fn'))
  // The same bytes one after the other, cut at another place.
  assert.notEqual(origin('ab', 'c'), origin('a', 'bc'))
})

test('a field named __proto__ is a field like any other', () => {
  const row = readText('{"__proto__":{"message":"no","__topic__":"FCRequestMetrics:/x"},"message":"yes"}')
  assert.equal(kindOf(row), 'appLog')
  assert.equal(messageOf(row), 'yes')
  assert.equal(kindOf(readText('{"__proto__":{"message":"no"}}')), 'notARow')
  const event = readText('{"__topic__":"FCInstanceEvents:/f","__proto__":"fc:Instance:Creating","constructor":"x"}')
  assert.equal(event.eventName, 'fc:Instance:Creating')
})

test('deep nesting is read, not recursed into', () => {
  const deep = '['.repeat(500_000)
  assert.equal(kindOf(readText(`{"message":"x","a":${deep}${']'.repeat(500_000)}}`)), 'appLog')
  assert.equal(kindOf(readText(`{"message":"x","a":${deep}}`)), 'invalidJson')
})

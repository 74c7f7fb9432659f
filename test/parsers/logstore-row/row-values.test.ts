// Messages, times, metrics and events of rows (facts/fc-log-formats §5; facts/fc-metrics-billing §A.2, §A.3, §B.2).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { metricsNumberFields, metricsTextFields } from '../../../src/model/request-metrics-row.ts'
import { kindOf, messageOf, originOf, readText } from './row-reading.ts'

const messages: readonly (readonly [written: string, message: string])[] = [
  ['plain', 'plain'],
  ['', ''],
  ['\\nFC Invoke Start RequestId: 1-a', '\nFC Invoke Start RequestId: 1-a'],
  ['ends\\n', 'ends\n'],
  ['ends\\r', 'ends\r'],
  ['\\"\\\\\\/\\b\\f\\n\\r\\t', '"\\/\b\f\n\r\t'],
  ['\\u0041\\u00e9\\u4e2d\\u20AC', 'Aé中€'],
  ['\\u0000\\u001f\\u007f', '\0\u001f\u007f'],
  ['\\ud83d\\ude00!', '😀!'],
  ['a\\ud83d', 'a\ufffd'],
  ['\\ud83dx', '\ufffdx'],
  ['\\ude00\\ud83d', '\ufffd\ufffd'],
  ['\\ud83d\\ud83d\\ude00', '\ufffd😀'],
  ['\\ud83d\\n', '\ufffd\n'],
  ['\\ud83d\\\\ude00', '\ufffd\\ude00'],
  ['中文 😀 raw', '中文 😀 raw'],
]
for (const [written, message] of messages)
  test(`message "${written}"`, () => assert.equal(messageOf(readText(`{"message":"${written}"}`)), message))

test('a message that outgrows the buffer for unescaped text', () => {
  const message = `${'x'.repeat(5000)}\n${'中'.repeat(50_000)}\n`
  assert.equal(messageOf(readText(JSON.stringify({ message }))), message)
})

const times: readonly (readonly [fields: string, timeMs: number, wholeSeconds: boolean])[] = [
  ['"__time__":"1503051506"', 1503051506000, true],
  ['"__time__":1503051506', 1503051506000, true],
  ['"__time__":"0"', 0, true],
  ['"__time__":"1503051506","__time_ns_part__":"123999999"', 1503051506123, false],
  ['"__time__":"1503051506","__time_ns_part__":"0"', 1503051506000, false],
  ['"__time__":"1503051506","__time_ns_part__":"1000000000"', 1503051506000, true],
  ['"__time__":"1503051506","__time_ns_part__":""', 1503051506000, true],
  ['"__time__":1503051506.25', 1503051506250, false],
  ['"__time__":"1503051506.001"', 1503051506001, false],
  ['"__time__":"253402300800"', Number.NaN, true],
  ['"__time__":"1503051506000"', Number.NaN, true],
  ['"__time__":"-1"', Number.NaN, true],
  ['"__time__":"now"', Number.NaN, true],
  ['"__time__":""', Number.NaN, true],
  ['"__time__":1e400', Number.NaN, true],
  ['"a":1', Number.NaN, true],
]
for (const [fields, timeMs, wholeSeconds] of times)
  test(`time of ${fields}`, () => {
    const row = readText(`{"message":"x",${fields}}`)
    assert.equal(row.timeMs, timeMs)
    assert.equal(row.wholeSeconds, wholeSeconds)
  })

/** What a request metrics row gives, without what it does not. */
function metricsOf(line: string): object {
  const row = readText(line)
  assert.equal(kindOf(row), 'requestMetrics')
  const { requestId, numbers, texts, isColdStart, hasFunctionError } = row.metrics
  const given: [string, unknown][] = []
  metricsNumberFields.forEach((name, column) => {
    if (!Number.isNaN(numbers[column])) given.push([name, numbers[column]])
  })
  metricsTextFields.forEach((name, column) => {
    if (texts[column] !== null) given.push([name, texts[column]])
  })
  return { requestId, isColdStart, hasFunctionError, ...Object.fromEntries(given) }
}

test('the documented FC 3.0 row', () => {
  const row = {
    __topic__: 'FCRequestMetrics:/sync-clone',
    activeInstances: '0',
    activeInstancesPerFunction: '0',
    durationMs: '1.56',
    functionName: 'sync-clone',
    hasFunctionError: 'false',
    hostname: 'sr-65a76c74-1224f354965f43a',
    instanceID: 'c-65a77eb0-15416274-ff5addb',
    invocationStartTimestamp: '1705476027407',
    invocationType: 'Sync',
    invokeFunctionLatencyMs: '2.92',
    invokeFunctionStartTimestamp: '1705476027406',
    ipAddress: '21.0',
    isColdStart: 'false',
    memoryMB: '512',
    memoryUsageMB: '8.99',
    operation: 'InvokeFunction',
    qualifier: 'LATEST',
    requestId: '1-65a77fbb-157f3f32-e1ee24b17e49',
    resourceMode: 'OnDemand',
  }
  const expected = {
    requestId: '1-65a77fbb-157f3f32-e1ee24b17e49',
    isColdStart: false,
    hasFunctionError: false,
    durationMs: 1.56,
    memoryMB: 512,
    memoryUsageMB: 8.99,
    invocationStartTimestamp: 1705476027407,
    invokeFunctionStartTimestamp: 1705476027406,
    invocationType: 'Sync',
    resourceMode: 'OnDemand',
  }
  assert.deepEqual(metricsOf(JSON.stringify(row)), expected)
  // The same row where somebody keeps all of it as JSON inside `message`.
  const { __topic__, ...fields } = row
  assert.deepEqual(metricsOf(JSON.stringify({ __topic__, message: JSON.stringify(fields) })), expected)
  assert.deepEqual(originOf(readText(JSON.stringify({ __topic__, message: JSON.stringify(fields) }))), [
    'sync-clone',
    null,
    'LATEST',
    null,
    'c-65a77eb0-15416274-ff5addb',
  ])
})

const metrics: readonly (readonly [fields: string, expected: object])[] = [
  ['"durationMs":"20.20","memoryMB":512', { durationMs: 20.2, memoryMB: 512 }],
  ['"durationMs":"","memoryMB":" 1","statusCode":"0x10","retryCount":"NaN"', {}],
  ['"durationMs":"-1","scheduleLatencyMs":-0.5', {}],
  ['"durationMs":null,"memoryMB":true,"statusCode":[200]', {}],
  ['"durationMs":"1e3","memoryMB":1E-2', { durationMs: 1000, memoryMB: 0.01 }],
  ['"durationMs":".5","memoryMB":"5.","statusCode":"1.2.3"', {}],
  ['"durationMs":"0.1234567890123456789"', { durationMs: 0.12345678901234568 }],
  ['"durationMs":"1\\u0032"', { durationMs: 12 }],
  ['"durationMs":"1","durationMs":"2"', { durationMs: 2 }],
  ['"initializationMs":"2","initializationLatencyMs":"3"', { initializationMs: 2 }],
  ['"initializationMs":"2","initializationDurationMs":"1"', { initializationMs: 1 }],
  ['"initializationMs":"x","initializationLatencyMs":"3"', { initializationMs: 3 }],
  ['"isColdStart":"true","hasFunctionError":true', { isColdStart: true, hasFunctionError: true }],
  ['"isColdStart":false,"hasFunctionError":"fals"', { isColdStart: false }],
  ['"isColdStart":"tru\\u0065","hasFunctionError":"yes!"', { isColdStart: true }],
  ['"method":"GET","requestURI":"/?a=\\"b\\"","errorType":""', { method: 'GET', requestURI: '/?a="b"' }],
  ['"traceContext":"371d3ff242fcee9:371d3ff242fcee9:0:1"', { traceContext: '371d3ff242fcee9:371d3ff242fcee9:0:1' }],
  [
    '"triggerType":"http","message":"{\\"triggerType\\":\\"timer\\",\\"retryCount\\":1}"',
    { triggerType: 'http', retryCount: 1 },
  ],
  ['"triggerType":"http","message":"{\\"triggerType\\":"', { triggerType: 'http' }],
]
for (const [fields, expected] of metrics)
  test(`metrics of ${fields}`, () => {
    const nothing = { requestId: '', isColdStart: null, hasFunctionError: null }
    assert.deepEqual(metricsOf(`{"__topic__":"FCRequestMetrics:/fn",${fields}}`), { ...nothing, ...expected })
  })

const events: readonly (readonly [fields: string, name: string | null, level: string | null])[] = [
  ['"type":"fc:Instance:DestroySuccess","level":"Normal"', 'fc:Instance:DestroySuccess', 'Normal'],
  ['"a":"b","event":"fc:Instance:CreateFailed","level":"Warning"', 'fc:Instance:CreateFailed', 'Warning'],
  ['"a":"fc:Instance:Creating","b":"fc:Instance:DestroySuccess"', 'fc:Instance:Creating', null],
  ['"type":"not fc:Instance:Creating","level":""', null, null],
  ['"message":"{\\"type\\":\\"fc:Instance:Creating\\",\\"level\\":\\"Normal\\"}"', 'fc:Instance:Creating', 'Normal'],
  ['"message":"fc:Instance:Creating"', 'fc:Instance:Creating', null],
]
for (const [fields, name, level] of events)
  test(`event of ${fields}`, () => {
    const row = readText(`{"__topic__":"FCInstanceEvents:/fn",${fields}}`)
    assert.equal(kindOf(row), 'instanceEvent')
    assert.deepEqual([row.eventName, row.eventLevel], [name, level])
  })

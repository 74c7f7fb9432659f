// What rows are routed by.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { routeKinds } from '../../src/model/route.ts'
import { expectedKey } from './route/expected-key.ts'
import { KeysRig } from './route/keys-rig.ts'

interface Case {
  readonly title: string
  readonly line: string
  readonly byFunction: string | null
  /** The same as by function where it is left out. */
  readonly byInstance?: string
}

const cases: readonly Case[] = [
  {
    title: 'FC 3.0: the function',
    line: '{"__topic__":"FCLogs:orders","__time__":"1705136031","functionName":"orders","instanceID":"c-1","message":"m"}',
    byFunction: '/orders',
    byInstance: 'c-1',
  },
  {
    title: 'FC 2.0: service and function',
    line: '{"__time__":"1503051506","__topic__":"my-service","functionName":"fn","message":"m","serviceName":"my-service"}',
    byFunction: 'my-service/fn',
  },
  { title: 'FC 2.0: the service by the topic', line: '{"__topic__":"svc","functionName":"fn"}', byFunction: 'svc/fn' },
  { title: 'the function by the topic', line: '{"__topic__":"FCLogs:orders","message":"m"}', byFunction: '/orders' },
  {
    title: 'a metrics row of FC 3.0 comes to the lines of its function',
    line: '{"__topic__":"FCRequestMetrics:/orders","requestId":"r-1","durationMs":"12","instanceID":"c-1"}',
    byFunction: '/orders',
    byInstance: 'c-1',
  },
  {
    title: 'and one of FC 2.0',
    line: '{"__topic__":"FCRequestMetrics:my-service/fn","requestId":"r-1","durationMs":"12"}',
    byFunction: 'my-service/fn',
  },
  {
    title: 'an instance event',
    line: '{"__topic__":"FCInstanceEvents:/orders","instanceID":"c-1","event":"fc:Instance:DestroySuccess"}',
    byFunction: '/orders',
    byInstance: 'c-1',
  },
  {
    title: 'a metrics row with its fields inside the message',
    line: '{"__topic__":"FCRequestMetrics:","message":"{\\"functionName\\":\\"orders\\",\\"instanceID\\":\\"c-1\\"}"}',
    byFunction: '/orders',
    byInstance: 'c-1',
  },
  {
    title: 'a row without a function goes by its request',
    line: '{"__time__":1705136031,"requestId":"r-1","durationMs":"12"}',
    byFunction: 'r-1',
  },
  { title: 'an empty name is none', line: '{"message":"m","functionName":"","requestId":"r-1"}', byFunction: 'r-1' },
  { title: 'a row that says nothing goes with its stream', line: '{"__time__":1,"message":"m"}', byFunction: null },
  { title: 'a service alone names no function', line: '{"__topic__":"svc","message":"m"}', byFunction: null },
  { title: 'escapes', line: '{"message":"m","functionName":"\\u6536\\"x"}', byFunction: '/收"x' },
  { title: 'the last of two counts', line: '{"message":"m","functionName":"a","functionName":"b"}', byFunction: '/b' },
  {
    title: 'a name within another value is none',
    line: '{"message":"{\\"functionName\\":\\"a\\"}"}',
    byFunction: null,
  },
  { title: 'a name within an object is none', line: '{"message":"m","x":{"functionName":"a"}}', byFunction: null },
  { title: 'text', line: '2024-01-13T08:53:51.939Z 1-65a2 [INFO] functionName', byFunction: null },
  { title: 'an object that is no row is text', line: '{"functionName":"orders"}', byFunction: null },
  { title: 'JSON that breaks off is text', line: '{"message":"m","functionName":"orders"', byFunction: null },
  { title: 'an array is text', line: '[{"message":"m","functionName":"orders"}]', byFunction: null },
  { title: 'nothing', line: '', byFunction: null },
]

for (const { title, line, byFunction, byInstance = byFunction } of cases) {
  test(title, () => {
    assert.equal(new KeysRig('function').find(line), byFunction)
    assert.equal(new KeysRig('instance').find(line), byInstance)
  })
}

test('with --format sls every object is a row', () => {
  const keys = new KeysRig('function')
  assert.equal(keys.find('{"functionName":"orders"}', true), '/orders')
  assert.equal(keys.find('{"functionName":"orders"}', false), null)
})

test('a name that nobody can mean goes by its hash', () => {
  const key = new KeysRig('function').find(`{"message":"m","functionName":"${'x'.repeat(100_000)}"}`)
  assert.match(key ?? '', /^[0-9a-f]{64}$/)
})

test('identity bytes that take the place of others are not taken for them', () => {
  const keys = new KeysRig('function')
  const row = (n: number): string => `{"message":"m","functionName":"fn-${n}","instanceID":"c-${n}"}`
  // More than there are places, twice: what was remembered is met by others, and by its own.
  for (let n = 0; n < 20_000; n += 1) assert.equal(keys.find(row(n % 9000)), `/fn-${n % 9000}`)
})

const word = fc.constantFrom('', 'a', 'b', 'fn-1', '函数', 'c-1', 'q"x\\', 'a/b', '\ud83d\ude00')
const topic = fc.oneof(
  word,
  fc
    .tuple(
      fc.constantFrom('FCLogs:', 'FCRequestMetrics:', 'FCInstanceMetrics:', 'FCInstanceEvents:', 'FCOther:'),
      fc.constantFrom('', '/', 'a', '/a', 's/a', 's/a/b'),
    )
    .map(([head, tail]) => head + tail),
)
const odd = fc.constantFrom<unknown>(null, true, false, 7, -1, {}, { functionName: 'x' }, ['x'])
const value = fc.oneof({ arbitrary: word, weight: 4 }, { arbitrary: odd, weight: 1 })
const names = ['functionName', 'serviceName', 'instanceID', 'requestId', 'qualifier', '__time__', 'other'] as const
const members = fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 7 })
const innerMessage = members.map(list => JSON.stringify(Object.fromEntries(list)))
const message = fc.oneof(word, innerMessage, odd)
const member = fc.oneof(
  { arbitrary: fc.tuple(fc.constantFrom(...names), value), weight: 6 },
  { arbitrary: fc.tuple(fc.constant('__topic__'), topic), weight: 3 },
  { arbitrary: fc.tuple(fc.constant('message'), message), weight: 2 },
)

/** JSON as somebody may write it: escapes where none are needed, blanks, a name twice, an end that is missing. */
const lines = fc
  .tuple(fc.array(member, { maxLength: 9 }), fc.constantFrom('', ' '), fc.boolean(), fc.nat(40))
  .map(([list, blank, isEscaped, cut]) => {
    const written = (each: unknown): string => {
      const json = JSON.stringify(each)
      return isEscaped ? json.replace(/a/g, '\\u0061') : json
    }
    const body = list.map(([name, each]) => `${JSON.stringify(name)}${blank}:${blank}${written(each)}`)
    const line = `${blank}{${blank}${body.join(`${blank},${blank}`)}}${blank}`
    return cut === 0 ? line.slice(0, -1 - blank.length) : line
  })

for (const kind of routeKinds) {
  test(`the key is what JSON.parse would say, by ${kind}`, () => {
    const rig = new KeysRig(kind)
    const check = (line: string, isRowForSure: boolean, at: number): void =>
      assert.equal(rig.find(line, isRowForSure, at), expectedKey(line, kind, isRowForSure), line)
    fc.assert(fc.property(lines, fc.boolean(), fc.nat(1000), check), { numRuns: 5000 })
  })
}

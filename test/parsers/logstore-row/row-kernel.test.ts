// The kernel for rows: what it takes, what it leaves, and what it remembers. That rows read with it are those read without
// it, row-reading.ts checks with every row of every test.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { FlatScan, FlatScanRoom, NOT_SCANNED, placeCount } from '../../../parsers/shared/flat-scan/flat-scan.ts'
import { Field } from '../../../parsers/shared/row-field.ts'
import { LinearMemory } from '../../../src/lib/linear-memory.ts'
import { kindOf, messageOf, newReader, originOf, readText } from './row-reading.ts'

const memory = new LinearMemory()
memory.reserve(65_536)
const room = new FlatScanRoom(memory, 65_536)
const bytes = Buffer.from(memory.memory.buffer, 0, 65_536)

function scan(kernel: FlatScan, text: string): number {
  const length = bytes.write(text)
  bytes.write(',"x":"}"}', length)
  return kernel.scan(0, length)
}

const taken = [
  '{"a":"b"}',
  '{ "a" :\t"b" , "c":1 } ',
  '{"a":true,"b":false,"c":null,"d":-0.5,"e":0}',
  '{"message":"\\n\\"\\\\\\/\\b\\f\\r\\t\\u00Ff"}',
  '{"":""}',
  `{"${'n'.repeat(100)}":"${'v'.repeat(5000)}"}`,
]
for (const text of taken)
  test(`the kernel takes ${text.slice(0, 60)}`, () => assert.equal(scan(new FlatScan(memory, room), text), 1))

const left = [
  '{}',
  '{"a":[]}',
  '{"a":{}}',
  '{"\\u0061":1}',
  '{"a":1e3}',
  '{"a":01}',
  '{"a":"b"',
  '{"a":"\\x"}',
  '{"a":"b"}}',
]
for (const text of left)
  test(`the kernel leaves ${text}`, () => assert.equal(scan(new FlatScan(memory, room), text), NOT_SCANNED))

test('the fields that the kernel knows by number', () => {
  const { __topic__, message, functionName, serviceName, qualifier, versionId, instanceID } = Field
  assert.deepEqual([__topic__, message], [0, 3])
  assert.deepEqual([functionName, serviceName, qualifier, versionId, instanceID], [4, 5, 6, 7, 8])
})

test('the same identity members have one place, whatever stands around them', () => {
  const kernel = new FlatScan(memory, room)
  const identity = '"__topic__":"FCLogs:kernel-places","__source__":"","instanceID":"c-1"'
  const first = scan(kernel, `{"__time__":"1",${identity},"message":"a"}`)
  assert.ok(first < 0)
  assert.equal(scan(kernel, `{"__time__":"22",${identity}}`), -first)
  assert.equal(scan(kernel, `{${identity},"message":"b","requestId":"1-a"}`), -first)
  assert.notEqual(scan(kernel, `{${identity.replace('c-1', 'c-2')},"message":"b"}`), -first)
  assert.equal(scan(kernel, `{"functionName":"${'f'.repeat(300)}"}`), 1)
})

test('what takes over a place takes nothing else over', () => {
  const readers = newReader()
  const origin = (n: number): unknown => originOf(readText(`{"message":"x","functionName":"fn-${n}"}`, readers))[0]
  for (let n = 0; n < placeCount * 3; n += 1) assert.equal(origin(n), `fn-${n}`)
  for (let n = 0; n < placeCount * 3; n += 7) assert.equal(origin(n), `fn-${n}`)
})

test('a place that was given to what is no row, or reads inside its message, keeps no origin', () => {
  const readers = newReader()
  const kind = (text: string): string => kindOf(readText(text, readers))
  assert.equal(kind('{"functionName":"no-row"}'), 'notARow')
  assert.equal(kind('{"functionName":"no-row","message":"x"}'), 'appLog')
  const row = (instanceID: string): string =>
    JSON.stringify({ __topic__: 'FCRequestMetrics:/inner', message: JSON.stringify({ instanceID }) })
  for (const instanceID of ['c-1', 'c-2', 'c-1'])
    assert.equal(originOf(readText(row(instanceID), readers))[4], instanceID)
  assert.equal(originOf(readText('{"__topic__":"FCRequestMetrics:/inner"}', readers))[4], null)
})

const identities = fc.record(
  {
    __topic__: fc.constantFrom('', 'FCLogs:fn', 'svc', 'FCRequestMetrics:svc/fn', 'FCInstanceEvents:/fn'),
    functionName: fc.constantFrom('fn', 'gn', '', 'a\n'),
    versionId: fc.constantFrom<string | number | null>('', '1', 1, null),
    instanceID: fc.constantFrom('c-1', 'c-2'),
  },
  { requiredKeys: [] },
)

test('rows of few identities, in any order of their members, are read as without the kernel', () => {
  const readers = newReader(true)
  const row = fc.record({ identity: identities, more: fc.dictionary(fc.string(), fc.string()), turn: fc.nat(8) })
  fc.assert(
    fc.property(row, ({ identity, more, turn }) => {
      const members = Object.entries({ message: 'x', ...more, ...identity })
      const turned = [...members.slice(turn), ...members.slice(0, turn)]
      readText(`{${turned.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)}}`, readers)
    }),
    { numRuns: 2000 },
  )
})

test('unescaping at every distance from the end of a block', () => {
  const readers = newReader()
  for (let length = 0; length < 70; length += 1) {
    for (const tail of ['\n', '\n\n', '"x', '\\', '中\n中', '\u0001\n']) {
      const message = 'm'.repeat(length) + tail
      assert.equal(messageOf(readText(JSON.stringify({ message }), readers)), message)
    }
  }
})

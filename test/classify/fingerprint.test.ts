// Which failures are of one kind, and that grouping neither loses nor doubles one.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { commonCause, FailureGroups } from '../../src/classify/failure-groups.ts'
import { fingerprintOf } from '../../src/classify/fingerprint.ts'
import type { FailureCount, FailureKind } from '../../src/model/failure.ts'

const kind = (changes: Partial<FailureKind> = {}): FailureKind => ({
  functionName: 'checkout-api',
  serviceName: null,
  status: 'unhandledError',
  errorType: 'TypeError',
  errorCode: 'FunctionUnhandledError',
  message: "Cannot read properties of undefined (reading 'items') of order 17",
  evidence: ['End outcome unhandledError', 'at handler (/code/index.js:12:7)'],
  ...changes,
})

const same: readonly [why: string, changes: Partial<FailureKind>][] = [
  ['another order', { message: "Cannot read properties of undefined (reading 'total') of order 18" }],
  ['the next deployment moved the line', { evidence: ['at handler (/code/index.js:14:9)'] }],
  ['other evidence', { evidence: ['at handler (/code/index.js:12:7)', 'errorType X'] }],
  ['the code, where there is a type', { errorCode: 'UnhandledInvocationError' }],
]
for (const [why, changes] of same) {
  test(`one kind: ${why}`, () => assert.equal(fingerprintOf(kind(changes)).id, fingerprintOf(kind()).id))
}

const others: readonly [why: string, changes: Partial<FailureKind>][] = [
  ['function', { functionName: 'checkout' }],
  ['service', { serviceName: 'shop' }],
  ['status', { status: 'handledError' }],
  ['type', { errorType: 'RangeError' }],
  ['message', { message: 'boom' }],
  ['no message', { message: null }],
  ['another frame', { evidence: ['at other (/code/index.js:12:7)'] }],
  ['no frame of its own', { evidence: ['at handler (/code/node_modules/a/index.js:12:7)'] }],
]
for (const [why, changes] of others) {
  test(`another kind: ${why}`, () => assert.notEqual(fingerprintOf(kind(changes)).id, fingerprintOf(kind()).id))
}

test('what a fingerprint says', () => {
  // echo -n '[null,"checkout-api",…]' | sha256sum: whoever keeps fingerprints relies on them.
  const { id, key, message, frame } = fingerprintOf(kind())
  assert.equal(
    key,
    `[null,"checkout-api","unhandledError","TypeError","Cannot read properties of undefined (reading '*') of order *","handler (/code/index.js)"]`,
  )
  assert.equal(id, 'e0a1cd7667ca31cd')
  assert.equal(message, "Cannot read properties of undefined (reading '*') of order *")
  assert.equal(frame, 'handler (/code/index.js)')
})

test('a frame within the message counts as well', () => {
  const { frame, message } = fingerprintOf(kind({ message: 'boom\n    at f (/code/v2/f.js:1:1)', evidence: [] }))
  assert.deepEqual([frame, message], ['f (/code/v*/f.js)', 'boom'])
})

const counted = (of: FailureKind, changes: Partial<FailureCount> = {}): FailureCount => ({
  kind: of,
  count: 1,
  firstMs: null,
  lastMs: null,
  causes: new Map(),
  qualifiers: [],
  versions: [],
  newestMs: [],
  ...changes,
})

test('groups do not depend on the order or on how failures were counted before', () => {
  const failure = fc.record({
    message: fc.constantFrom('order 1', 'order 22', 'boom'),
    status: fc.constantFrom('unhandledError', 'timeout'),
    timeMs: fc.option(fc.nat(1000)),
    requestId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  })
  const grouped = (failures: readonly (typeof failure extends fc.Arbitrary<infer T> ? T : never)[]): unknown => {
    const groups = new FailureGroups(10)
    for (const { message, status, timeMs, requestId } of failures) {
      const of = kind({ message, status })
      groups.add(counted(of, { firstMs: timeMs, lastMs: timeMs }))
      groups.show(of, { requestId, timeMs, message: null })
    }
    return [...groups.groups]
      .map(({ fingerprint, count, firstMs, lastMs, requests }) => ({
        id: fingerprint.id,
        count,
        firstMs,
        lastMs,
        requests,
      }))
      .toSorted((one, other) => (one.id < other.id ? -1 : 1))
  }
  fc.assert(
    fc.property(fc.array(failure, { maxLength: 30 }), failures => {
      assert.deepEqual(grouped(failures), grouped(failures.toReversed()))
      const total = (grouped(failures) as { count: number }[]).reduce((sum, { count }) => sum + count, 0)
      assert.equal(total, failures.length)
    }),
  )
})

test('beyond the bound failures are counted and left out', () => {
  const groups = new FailureGroups(1)
  assert.ok(groups.add(counted(kind(), { count: 5 })))
  assert.ok(!groups.add(counted(kind({ message: 'boom' }), { count: 3 })))
  assert.ok(groups.add(counted(kind(), { count: 2 })))
  assert.deepEqual([[...groups.groups].map(({ count }) => count), groups.leftOut], [[7], 3])
})

test('three requests are shown, each once, the newest first', () => {
  const groups = new FailureGroups(10)
  groups.add(counted(kind()))
  for (const [requestId, timeMs] of [
    ['a', 1],
    ['b', 5],
    ['a', 7],
    ['c', 2],
    ['d', 3],
    ['b', 4],
  ] as const)
    groups.show(kind(), { requestId, timeMs, message: null })
  const [group] = groups.groups
  assert.deepEqual(
    group?.requests.map(({ requestId, timeMs }) => [requestId, timeMs]),
    [
      ['a', 7],
      ['b', 5],
      ['d', 3],
    ],
  )
})

test('the cause of most, of equals the first by name', () => {
  assert.equal(
    commonCause(
      new Map([
        ['wrongPort', 2],
        ['outOfMemory', 2],
        ['exitCalled', 1],
      ]),
    ),
    'outOfMemory',
  )
  assert.equal(commonCause(new Map()), null)
})

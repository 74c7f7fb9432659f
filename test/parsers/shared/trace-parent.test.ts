// Where a function prints the caller's `traceparent`, it is found; what only looks like one is not.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readTraceParent } from '../../../parsers/shared/trace-parent.ts'

const trace = '0af7651916cd43dd8448eb211c80319c'
const parent = 'b7ad6b7169203331'
const value = `00-${trace}-${parent}-01`

/** What stands around the text must not matter: `t` and signs would go on with it. */
function read(text: string): string | null {
  const before = 'traceparent: t'
  const after = '0-'
  const bytes = Buffer.from(before + text + after)
  return readTraceParent(bytes, before.length, bytes.length - after.length)
}

for (const text of [
  `traceparent: ${value}`,
  `traceparent=${value}`,
  `Traceparent: ${value}`,
  `traceparent ${value}`,
  `{"traceparent":"${value}"}`,
  `{"message":"{\\"traceparent\\": \\"${value}\\"}"}`,
  `{ host: 'a', traceparent: '${value}' }`,
  `{'traceparent': '${value}', 'x': 1}`,
  `[('traceparent', '${value}')]`,
  `{:traceparent=>"${value}"}`,
  `map[Accept:[*/*] Traceparent:[${value}] X:[1]]`,
  `headers: {"x-fc-request-id":"1-65a24fa0-0b44b15d-431a6b32cc8c", "traceparent":"${value}","tracestate":"a=b"}`,
  `no traceparent here, but traceparent: ${value}`,
  `traceparent: 00-${'0'.repeat(32)}-${parent}-01 traceparent: ${value}`,
  `ttraceparen traceparent raceparent traceparent:${value}`,
])
  test(`finds ${text}`, () => assert.equal(read(text), value))

test('in small letters', () => assert.equal(read(`traceparent: ${value.toUpperCase()}`), value))
test('a later version may go on', () => {
  const later = value.replace('00-', 'cc-')
  assert.equal(read(`traceparent: ${later} more`), later)
})

for (const text of [
  '',
  'traceparent',
  'traceparent: ',
  value,
  `raceparent: ${value}`,
  `x-traceparent: ${value}`,
  `elastic_traceparent=${value}`,
  `xtraceparent: ${value}`,
  `traceparents: ${value}`,
  `traceparent${value}`,
  `traceparent; ${value}`,
  `traceparent is ${value}`,
  `traceparent:${' '.repeat(8)}${value}`,
  `traceparent: ${value}0`,
  `traceparent: ${value.slice(1)}`,
  `traceparent: ${value.slice(0, -1)}`,
  `traceparent: ${value.replace('b7', 'g7')}`,
  `traceparent: ${value.replaceAll('-', '_')}`,
  `traceparent: ff-${trace}-${parent}-01`,
  `traceparent: 00-${'0'.repeat(32)}-${parent}-01`,
  `traceparent: 00-${trace}-${'0'.repeat(16)}-01`,
])
  test(`does not take ${text}`, () => assert.equal(read(text), null))

test('wherever it stands, and whatever stands around it', () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.constantFrom('t', 'trace', 'raceparent', 'traceparent', 'parent'),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), fc.array(piece, { maxLength: 6 }), (before, after) => {
      assert.equal(read(`${before.join('')} traceparent: ${value} ${after.join('')}`), value)
    }),
  )
})

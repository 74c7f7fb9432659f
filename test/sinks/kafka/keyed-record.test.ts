// Records in a file.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeRecords, encodeRecords } from '../../../src/sinks/kafka/keyed-record.ts'

const record = (key: string, value: string) => ({ key: Buffer.from(key), value: Buffer.from(value) })

test('a file is lengths, keys and values', () => {
  assert.deepEqual(
    encodeRecords([record('k', 'abc'), record('', '')]),
    Buffer.from([1, 0, 0, 0, 3, 0, 0, 0, 0x6b, 0x61, 0x62, 0x63, 0, 0, 0, 0, 0, 0, 0, 0]),
  )
})

test('what was written is read', () => {
  const bytes = fc.uint8Array({ maxLength: 300 })
  fc.assert(
    fc.property(fc.array(fc.record({ key: bytes, value: bytes }), { maxLength: 20 }), records => {
      const read = decodeRecords(encodeRecords(records))
      assert.deepEqual(
        read.map(({ key, value }) => [[...key], [...value]]),
        records.map(({ key, value }) => [[...key], [...value]]),
      )
    }),
  )
})

test('a file that breaks off is told', () => {
  const whole = encodeRecords([record('key', 'value'), record('other', 'one')])
  const first = 8 + 3 + 5
  for (let length = 1; length < whole.length; length += 1) {
    if (length === first) assert.equal(decodeRecords(whole.subarray(0, length)).length, 1)
    else assert.throws(() => decodeRecords(whole.subarray(0, length)), /breaks off within the record at byte/)
  }
})

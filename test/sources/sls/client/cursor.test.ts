import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cursorNumber, numberCursor } from '../../../../src/sources/sls/client/cursor.ts'

const pairs: [cursor: string, value: bigint][] = [
  ['MTYxNDc1MDAyNzM3MzIwNTcxNA==', 1614750027373205714n],
  ['MTcyOTA3MDYxODQyODA0NDY1Mw==', 1729070618428044653n],
  ['MA==', 0n],
  ['OTIyMzM3MjAzNjg1NDc3NTgwNw==', 9223372036854775807n],
]
for (const [cursor, value] of pairs) {
  test(`${cursor} is ${value}`, () => {
    assert.equal(cursorNumber(cursor), value)
    assert.equal(numberCursor(value), cursor)
  })
}

const none: [what: string, cursor: string][] = [
  ['nothing', ''],
  ['another alphabet', 'MTY$'],
  ['no padding', 'MA'],
  ['blanks', ' MA=='],
  ['a word', Buffer.from('begin').toString('base64')],
  ['a negative number', Buffer.from('-1').toString('base64')],
  ['zeros in front', Buffer.from('007').toString('base64')],
  ['20 digits', Buffer.from('12345678901234567890').toString('base64')],
  ['something long', 'MTIz'.repeat(100_000)],
]
for (const [what, cursor] of none) test(`no number: ${what}`, () => assert.equal(cursorNumber(cursor), null))

test('a cursor that has a number is the cursor of that number', () => {
  fc.assert(
    fc.property(fc.oneof(fc.base64String(), fc.string()), text => {
      const value = cursorNumber(text)
      if (value !== null) assert.equal(numberCursor(value), text)
    }),
  )
  fc.assert(fc.property(fc.bigInt(0n, 2n ** 63n - 1n), value => assert.equal(cursorNumber(numberCursor(value)), value)))
})

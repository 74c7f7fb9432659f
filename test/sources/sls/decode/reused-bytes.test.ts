import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ReusedBytes } from '../../../../src/sources/sls/decode/reused-bytes.ts'

const mebibyte = 1024 * 1024

test('memory that was given back is used again', () => {
  const bytes = new ReusedBytes()
  const first = bytes.take(3 * mebibyte)
  const second = bytes.take(10)
  assert.equal(first.length, 3 * mebibyte)
  assert.equal(second.length, 10)
  assert.notEqual(first.buffer, second.buffer)
  bytes.giveBack(first)
  const third = bytes.take(2 * mebibyte)
  assert.equal(third.buffer, first.buffer)
  assert.equal(third.length, 2 * mebibyte)
})

test('what is too small stays where it is', () => {
  const bytes = new ReusedBytes()
  const small = bytes.take(10)
  bytes.giveBack(small)
  assert.notEqual(bytes.take(2 * mebibyte).buffer, small.buffer)
  assert.equal(bytes.take(mebibyte).buffer, small.buffer)
})

test('nothing is lent twice', () => {
  const bytes = new ReusedBytes()
  const page = bytes.take(10)
  bytes.giveBack(page)
  bytes.giveBack(page)
  assert.equal(bytes.take(10).buffer, page.buffer)
  assert.notEqual(bytes.take(10).buffer, page.buffer)
})

test('what came from elsewhere is left alone', () => {
  const bytes = new ReusedBytes()
  const other = Buffer.allocUnsafeSlow(mebibyte)
  bytes.giveBack(other)
  bytes.giveBack(Buffer.from('of the pool of Node'))
  assert.notEqual(bytes.take(10).buffer, other.buffer)
})

test('what lies unused is bounded, and empty bytes cost nothing', () => {
  const bytes = new ReusedBytes()
  assert.equal(bytes.take(0).length, 0)
  const pages = Array.from({ length: 5 }, () => bytes.take(10 * mebibyte))
  for (const page of pages) bytes.giveBack(page)
  const again = new Set(Array.from({ length: 5 }, () => bytes.take(10 * mebibyte).buffer))
  assert.equal(pages.filter(({ buffer }) => again.has(buffer)).length, 3)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { LineBlock } from '../../../src/model/line-block.ts'
import { keepRows } from '../../../src/sinks/clickhouse/keep-rows.ts'
import { blockOf, line } from './line-block.ts'

/** Every column but the lists that indices point to: those of rows that are gone may stay. */
const columnsOf = ({ origins, streams, originIndices, streamIndices, ...columns }: LineBlock): object => ({
  ...Object.fromEntries(
    Object.entries(columns).map(([name, value]) => [name, value instanceof Uint8Array ? Buffer.from(value) : value]),
  ),
  origins: indicesOf(originIndices).map(index => origins[index]),
  streams: indicesOf(streamIndices).map(index => streams[index]),
})

const indicesOf = (bytes: Uint8Array): number[] =>
  Array.from({ length: bytes.length / 2 }, (_, row) => bytes[row * 2]! + bytes[row * 2 + 1]! * 256)

// A length takes one byte up to 127, and two up to 16,383.
const lengths = [0, 1, 127, 128, 129, 16_383, 16_384]
const anyLine = fc
  .record({
    body: fc.constantFrom(...lengths.map(length => 'x'.repeat(length)), '订单'),
    requestId: fc.constantFrom('', 'r-1'),
    severityText: fc.constantFrom('', 'INFO'),
    streamId: fc.constantFrom('00000000000000a1', '00000000000000b2'),
    functionName: fc.constantFrom('f', 'g', null),
    position: fc.nat(),
    time: fc.integer(),
    isWaiting: fc.boolean(),
  })
  .map(line)

test('the rows that are kept are what they were, in their order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyLine, fc.boolean()), { maxLength: 12 }), rows => {
      const block = blockOf(rows.map(([one]) => one))
      const kept = keepRows(block, Uint8Array.from(rows.map(([, keep]) => Number(keep))))
      assert.deepEqual(columnsOf(kept), columnsOf(blockOf(rows.filter(([, keep]) => keep).map(([one]) => one))))
    }),
  )
})

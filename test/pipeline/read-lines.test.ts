import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LinearMemory } from '../../src/lib/linear-memory.ts'
import { maxLineBytes } from '../../src/model/dead-letter.ts'
import type { Input } from '../../src/model/input.ts'
import { reserveWindow } from '../../src/pipeline/cut-lines.ts'
import { type DrainingTaker, LineReading } from '../../src/pipeline/read-lines.ts'

/** What a taker was given: lines as text, broken ones as their reason and length. */
async function read(pieces: readonly (string | Uint8Array)[], fault?: Error): Promise<string[]> {
  const taken: string[] = []
  const taker: DrainingTaker = {
    isFull: false,
    takeLines: () => {},
    takeLine: (buf, start, end, candidate) => {
      const text = buf.toString('utf8', start, end)
      const mark = candidate < 0 ? '' : ` @${candidate - start}`
      taken.push(text.length > 100 ? `${text.length} long${mark}` : text + mark)
    },
    takeBrokenLine: (reason, _buf, start, end) => taken.push(`${reason} ${end - start}`),
    drain: () => {},
  }
  const memory = new LinearMemory()
  const window = reserveWindow(memory)
  const reading = new LineReading({ memory, window, taker })
  try {
    await reading.read(inputOf(pieces, fault), () => {})
  } catch (error) {
    taken.push(`fault: ${error instanceof Error ? error.message : error}`)
  }
  return taken
}

/** Gives the pieces one by one, cut to what the reader asks for, and then fails if there is a fault. */
function inputOf(pieces: readonly (string | Uint8Array)[], fault: Error | undefined): Input {
  const left = pieces.map(piece => Buffer.from(piece))
  return {
    name: 'memory',
    size: null,
    bytesRead: 0,
    readInto(target, offset, length) {
      const piece = left.shift()
      if (piece === undefined && fault !== undefined) throw fault
      if (piece === undefined) return 0
      if (piece.length > length) left.unshift(piece.subarray(length))
      target.set(piece.subarray(0, length), offset)
      return Math.min(piece.length, length)
    },
    close: async () => {},
  }
}

const long = (length: number): Buffer => Buffer.alloc(length, 'x')

test('lines with and without their ends, across pieces', async () => {
  assert.deepEqual(await read(['one\ntw', 'o\n', '\nlast']), ['one', 'two', '', 'last'])
  assert.deepEqual(await read(['one\n']), ['one'])
  assert.deepEqual(await read(['\n']), [''])
  assert.deepEqual(await read([]), [])
})

test('the first FC of every line is told, also where two pieces meet in it', async () => {
  assert.deepEqual(await read(['xF', 'C\nFC FC\nF\nC\n', 'abFC']), ['xFC @1', 'FC FC @0', 'F', 'C', 'abFC @2'])
  assert.deepEqual(await read(['FCx', 'yFC', '\nFC\nno', 'ne\n']), ['FCxyFC @0', 'FC @0', 'none'])
})

test('what is no UTF-8 is one line’s trouble, whether it stands first, last or in the middle', async () => {
  const bad = Buffer.from([0x61, 0xff, 0x0a])
  assert.deepEqual(await read([bad, 'ok\n']), ['invalidUtf8 2', 'ok'])
  assert.deepEqual(await read(['ok\nok\n', bad, 'FC\n']), ['ok', 'ok', 'invalidUtf8 2', 'FC @0'])
  assert.deepEqual(await read(['FC\n', bad.subarray(0, 2)]), ['FC @0', 'invalidUtf8 2'])
})

test('a character may be cut in two', async () => {
  const text = Buffer.from('商品\nx\n')
  for (let cut = 1; cut < text.length; cut++) {
    assert.deepEqual(await read([text.subarray(0, cut), text.subarray(cut)]), ['商品', 'x'])
  }
})

test('the longest line is taken, one byte more is too long, and the next line is not harmed', async () => {
  assert.deepEqual(await read([long(maxLineBytes), '\nnext\n']), [`${maxLineBytes} long`, 'next'])
  for (const rest of ['x\n', 'xxx\n', 'x']) {
    const taken = await read([long(maxLineBytes), rest, 'next\n'])
    assert.match(taken[0] ?? '', /^tooLong /)
    assert.deepEqual(taken.slice(1), rest.endsWith('\n') ? ['next'] : [])
  }
  const [first, ...others] = await read([long(3 * maxLineBytes), 'FC\nFC\n'])
  assert.match(first ?? '', /^tooLong /)
  assert.deepEqual(others, ['FC @0'])
})

test('everything readable is taken before a fault is told', async () => {
  assert.deepEqual(await read(['one\ntwo'], new Error('broken')), ['one', 'two', 'fault: broken'])
})

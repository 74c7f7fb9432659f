// What must hold for lines that nobody thought of.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { findCandidate } from '../../../parsers/fc-text/find-candidate.ts'
import { parseLine, parseUnscannedLine } from '../../../parsers/fc-text/parse-line.ts'
import { ParsedLine } from '../../../src/model/parsed-line.ts'
import { isMarker } from '../../../src/model/record-kind.ts'
import { describeLine, parsedLine } from './described-line.ts'

const rid = 'e6a965a9-41a7-46ef-9e55-2b32e76e0000'

// Pieces of real lines: glued at random they come near every branch.
const pieces = [
  '2022-07-26T15:20:48.123Z',
  '2022-07-26 15:20:48',
  '2022-07-26 15:20:48.5',
  '2022/07/26 15:20:48.123456',
  '+08:00',
  'c-62e79e0a-0190ce336a61499caec1',
  ' ',
  '  ',
  ':',
  '[',
  ']',
  '[INFO]',
  '[error]',
  '[[object Object]]',
  'WARN',
  rid,
  '1-65a24fa0-0b44b15d-431a6b32cc8c',
  'main',
  'None',
  'FC',
  'FC Invoke Start RequestId: ',
  'FC Invoke End RequestId:',
  ', Error: Invocation canceled by client (duration: 3565ms, maxMemoryUsage: 10.28MB)',
  'FunctionCompute python3 runtime inited.',
  ' start',
  'message:',
  'Duration: 1.5 ms, Billed Duration: 2 ms, Memory Size: 256 MB, Max Memory Used: 14.43 MB',
  `RequestId: ${rid} \t Billed Duration: 44 ms \t Memory Size: 1998 MB \t Max Memory Used: 19 MB`,
  '\x1b[0;32m',
  '{"errorMessage":"x"}',
  '{',
  'array (',
  "'errorMessage' => ",
  'Error: ',
  'Function timed out after 30 seconds (maxMemoryUsage: 47.28MB)',
  '\r',
  '\u4f60',
  'text',
] as const
const pieceBytes = fc.oneof(
  fc.constantFrom(...pieces).map(piece => Buffer.from(piece)),
  fc.uint8Array({ maxLength: 6 }),
)
const lineBytes = fc.array(pieceBytes, { maxLength: 8 }).map(parts => Buffer.concat(parts))

const parseInto = (line: ParsedLine, bytes: Uint8Array, offset = 0, around = ''): ReturnType<typeof describeLine> => {
  const buf = Buffer.concat([Buffer.from(around.slice(0, offset).padEnd(offset, '7')), bytes, Buffer.from(around)])
  const end = offset + bytes.length
  parseLine(buf, offset, end, findCandidate(buf, offset, end), line)
  for (const [from, to] of [
    [line.start, line.end],
    [line.messageStart, line.messageEnd],
  ]) {
    assert.ok((from ?? -1) >= offset && (to ?? -1) <= end && (from ?? 0) <= (to ?? 0))
  }
  return describeLine(buf, line)
}

test('nothing outside the line is read, and its place in the buffer does not matter', () => {
  const around = fc.constantFrom(
    ` RequestId: ${rid} [INFO] x`,
    '3Z FC Invoke Start RequestId: abc',
    '0123456789',
    `-aaaa] ]}" ms MB`,
  )
  fc.assert(
    fc.property(lineBytes, around, fc.integer({ min: 0, max: 40 }), (bytes, noise, offset) => {
      assert.deepEqual(parseInto(new ParsedLine(), bytes, offset, noise), parseInto(new ParsedLine(), bytes))
    }),
    { numRuns: 20_000 },
  )
})

test('nothing is left over from the line before', () => {
  const used = new ParsedLine()
  fc.assert(
    fc.property(lineBytes, lineBytes, (before, bytes) => {
      parseInto(used, before)
      assert.deepEqual(parseInto(used, bytes), parseInto(new ParsedLine(), bytes))
    }),
    { numRuns: 20_000 },
  )
})

test('the parser that finds candidates by itself says the same', () => {
  fc.assert(
    fc.property(lineBytes, bytes => {
      const line = new ParsedLine()
      parseUnscannedLine(bytes, 0, bytes.length, line)
      assert.deepEqual(describeLine(bytes, line), parseInto(new ParsedLine(), bytes))
    }),
    { numRuns: 20_000 },
  )
})

test('a line cut anywhere is still read without harm', () => {
  fc.assert(
    fc.property(fc.constantFrom(...pieces), fc.constantFrom(...pieces), fc.constantFrom(...pieces), (a, b, c) => {
      const bytes = Buffer.from(`${a} ${b} ${c}`)
      for (let length = 0; length <= bytes.length; length++)
        parseInto(new ParsedLine(), bytes.subarray(0, length), 3, pieces[0])
    }),
    { numRuns: 1000 },
  )
})

test('a marker of any spelling behind any text is found', () => {
  const anyCase = (word: string) =>
    fc
      .array(fc.boolean(), { minLength: word.length, maxLength: word.length })
      .map(capitals => [...word].map((letter, i) => (capitals[i] ? letter.toUpperCase() : letter)).join(''))
  const phase = fc.constantFrom('invoke', 'initialize', 'prefreeze', 'prestop').chain(anyCase)
  const id = fc
    .stringMatching(/^[0-9A-Za-z*_-]{1,60}$/)
    .filter(token => !/^(None|undefined|null|unknown_request_id)$/.test(token))
  const gap = fc.constantFrom('', ' ', '  ', '\t')
  const tail = fc.constantFrom('', '"', ', Error: x', ' - Total time: 1s', ', client: 1')
  fc.assert(
    fc.property(fc.string(), phase, fc.boolean(), gap, id, tail, (front, name, isEnd, blanks, token, rest) => {
      const before = front.replaceAll('\n', '')
      const parsed = parsedLine(`${before}FC ${name} ${isEnd ? 'End' : 'Start'} RequestId:${blanks}${token}${rest}`)
      const expected = ['invoke', 'initialize', 'preFreeze', 'preStop'].find(
        known => known.toLowerCase() === name.toLowerCase(),
      )
      assert.equal(parsed.kind, `${expected}${isEnd ? 'End' : 'Start'}`)
      assert.equal(parsed.id, token)
    }),
    { numRuns: 5000 },
  )
})

test('what has no marker is none', () => {
  fc.assert(
    fc.property(lineBytes, bytes => {
      const line = new ParsedLine()
      parseInto(line, bytes)
      const text = bytes.toString('latin1')
      assert.equal(isMarker(line.kind), /FC (invoke|initialize|prefreeze|prestop) (?:Start|End) RequestId:/i.test(text))
    }),
    { numRuns: 5000 },
  )
})

test('the frequent shapes, told by fixed places, are read as the general way reads their spellings in capitals', () => {
  const times = fc.constantFrom(
    '2024-01-13T08:53:51.939Z',
    '2024-01-13 08:53:51.939',
    '2024-01-13 08:53:51',
    '2024/01/13 08:53:51.9',
  )
  const ids = fc.constantFrom(rid, '1-65a24fa0-0b44b15d-431a6b32cc8c', '1-65a24fa0-0b44b15d431a6b32cc8c0f9a')
  const levels = fc.constantFrom(
    'info',
    'error',
    'err',
    'warn',
    'warning',
    'debug',
    'verbose',
    'trace',
    'notice',
    'own',
  )
  const orders = fc.constantFrom(
    'T I [L] m',
    'T [L] [I] m',
    'T I [L]',
    'T [L] [I]',
    'T I [L]m',
    'T I [L ] m',
    'T I  [L] m',
  )
  fc.assert(
    fc.property(times, ids, levels, orders, (time, id, level, order) => {
      const spelled = (i: string, l: string): string => order.replace('T', time).replace('I', i).replace('L', l)
      const usual = parsedLine(spelled(id, level))
      const general = parsedLine(spelled(id.toUpperCase(), `${level.slice(0, 1).toUpperCase()}${level.slice(1)}`))
      assert.deepEqual(
        {
          ...general,
          id: general.id.toLowerCase(),
          levelText: general.levelText.toLowerCase(),
          line: '',
          message: general.message.toLowerCase(),
        },
        { ...usual, line: '', message: usual.message.toLowerCase() },
      )
    }),
    { numRuns: 2000 },
  )
})

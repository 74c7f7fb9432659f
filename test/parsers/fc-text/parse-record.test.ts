// Messages of one line and of several (docs/semantics.md §1, last paragraph).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseRecord } from '../../../parsers/fc-text/parse-record.ts'
import { maxLinesPerRecord, ParsedRecord } from '../../../src/model/parsed-record.ts'
import { parsedLine, parsedRecord } from './described-line.ts'

const rid = 'e6a965a9-41a7-46ef-9e55-2b32e76e0000'
const start = `FC Invoke Start RequestId: ${rid}`
const end = `FC Invoke End RequestId: ${rid}`
const app = `2024-01-13T08:53:51.939Z ${rid} [ERROR] boom`

const kindsOf = (text: string): (string | undefined)[] => parsedRecord(text).lines.map(line => line.kind)

test('line ends around one line are no lines', () => {
  for (const text of [start, `\n${start}`, `${start}\n`, `\r\n${start}\r\n\n`, `${start}\r`]) {
    const record = parsedRecord(text)
    assert.deepEqual([record.kind, record.kindLine, record.severalLines], ['invokeStart', 0, false])
    assert.equal(record.lines[0]?.line, start)
  }
})

test('a blank message has no line', () => {
  for (const text of ['', '\n', '\r\n', ' ', '\t\n \n'])
    assert.deepEqual(
      parsedRecord(text),
      { kind: 'text', kindLine: 0, severalLines: false, lines: [] },
      JSON.stringify(text),
    )
})

test('the kind is that of the first line that is not text', () => {
  const record = parsedRecord(`hello\n${start}\n${app}\n${end}`)
  assert.deepEqual(
    record.lines.map(line => line.kind),
    ['text', 'invokeStart', 'appLine', 'invokeEnd'],
  )
  assert.deepEqual([record.kind, record.kindLine, record.severalLines], ['invokeStart', 1, true])
})

test('text behind an application line is part of its message, blank lines too', () => {
  const record = parsedRecord(`${app}\n\nTraceback:\r\n  File "x"\n${end}\ntail`)
  assert.deepEqual(
    record.lines.map(line => line.kind),
    ['appLine', 'invokeEnd', 'text'],
  )
  assert.equal(record.lines[0]?.message, 'boom\n\nTraceback:\r\n  File "x"')
  assert.equal(record.lines[0]?.id, rid)
})

test('a tail log in one string is taken apart', () => {
  const text = `FunctionCompute python3 runtime inited.\n${start}\n${app}\n\n${end}, Error: Unhandled function error\n\nDuration: 1.27 ms, Billed Duration: 2 ms, Memory Size: 128 MB, Max Memory Used: 10.01 MB\n`
  assert.deepEqual(kindsOf(text), ['runtimeStart', 'invokeStart', 'appLine', 'invokeEnd', 'summary'])
})

const pretty = '{\n    "errorMessage": "x",\n    "errorType": "E",\n    "stackTrace": [\n        ["a", "b"]\n    ]\n}'
const php =
  "array (\n  'errorMessage' => 'x',\n  'stackTrace' => \n  array (\n    'file' => '/code/index.php',\n  ),\n)"

test('a body over several lines is one line', () => {
  for (const body of [pretty, php]) {
    const record = parsedRecord(body)
    assert.deepEqual([record.kind, record.lines.length, record.severalLines], ['errorJson', 1, true])
    assert.equal(record.lines[0]?.message, body)
    assert.deepEqual(kindsOf(`${end}\n${body}\n${start}`), ['invokeEnd', 'errorJson', 'invokeStart'])
  }
})

test('a body that was cut off never hides a marker', () => {
  assert.deepEqual(kindsOf(`{\n  "errorMessage": "cut\n${end}`), ['text', 'text', 'invokeEnd'])
  assert.deepEqual(kindsOf('{\n  "errorMessage": "cut off'), ['errorJson'])
})

test('a body behind an application line belongs to its message', () => {
  assert.deepEqual(kindsOf(`${app}\n${pretty}`), ['appLine'])
})

test('an object without the key is lines of text', () => {
  assert.deepEqual(kindsOf('{\n  "a": {"errorMessage": 1}\n}'), ['text', 'text', 'text'])
})

test('lines beyond the bound belong to the last one', () => {
  const text = Array.from({ length: maxLinesPerRecord + 100 }, () => start).join('\n')
  const record = parsedRecord(text)
  assert.equal(record.lines.length, maxLinesPerRecord)
  assert.equal(record.lines.at(-1)?.line, Array.from({ length: 101 }, () => start).join('\n'))
})

test('one record serves all: nothing is left over', () => {
  const used = new ParsedRecord()
  const lines = fc.array(
    fc.constantFrom(start, end, app, 'text', '', ' ', '{', '}', '"errorMessage": 1', pretty, 'Code: CAExited'),
    { maxLength: 6 },
  )
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const text = after.join('\n')
      const dirty = Buffer.from(before.join('\n'))
      parseRecord(dirty, 0, dirty.length, used)
      const buf = Buffer.from(`${text}`)
      parseRecord(buf, 0, buf.length, used)
      const fresh = new ParsedRecord()
      parseRecord(buf, 0, buf.length, fresh)
      assert.deepEqual(
        { ...used, lines: used.lines.slice(0, used.count) },
        { ...fresh, lines: fresh.lines.slice(0, fresh.count) },
      )
    }),
    { numRuns: 3000 },
  )
})

test('a message of one line is read as the line is', () => {
  const text = fc.oneof(fc.constantFrom(start, end, app, pretty.replaceAll('\n', ''), 'Code: CAExited'), fc.string())
  fc.assert(
    fc.property(text, raw => {
      const line = raw.replace(/[\r\n]/g, '')
      if (/^[ \t]*$/.test(line)) return
      assert.deepEqual(parsedRecord(`\n${line}\r\n`).lines, [parsedLine(line)])
    }),
    { numRuns: 3000 },
  )
})

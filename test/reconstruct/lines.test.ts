// Rules 4 and 5 of the contract, docs/semantics.md §4.
import { end, playScenarios, row, secondsRow, start } from './scenario.ts'

const log = (id: string, text = 'x'): string => `2025-01-15T12:00:00.000Z ${id} [INFO] ${text}`
const id = '1-65a24fa0-0b44b15d-431a6b32cc8c'
const levels = { fatal: 0, error: 0, warn: 0, info: 0, debug: 0, trace: 0, other: 0 }
const nobody = { attached: 4, unattached: 1 }

playScenarios([
  {
    name: 'lines are counted once each, by level',
    records: [
      start(id),
      `2025-01-15T12:00:00.000Z ${id} [CRITICAL] x`,
      `2025-01-15T12:00:00.000Z ${id} [ERR] x`,
      `2025-01-15T12:00:00.000Z ${id} [Warning] x`,
      `2025-01-15T12:00:00.000Z ${id} [NOTICE] x`,
      `2025-01-15T12:00:00.000Z ${id} [verbose] x`,
      `2025-01-15T12:00:00.000Z ${id} [silly] x`,
      `2025-01-15T12:00:00.000Z ${id} [[object Object]] x`,
      'plain',
      '{"errorMessage":"boom","errorType":"Error"}',
      end(id),
    ],
    attempts: [{ lines: 9, levels: { fatal: 1, error: 1, warn: 1, info: 1, debug: 1, trace: 1, other: 3 } }],
  },
  {
    name: 'a line with an id that never started makes an attempt, and its End ends it',
    records: [log(id), end(id)],
    attempts: [{ status: 'ok', closedBy: 'end', flags: ['missingStart'], lines: 1, linesAfterEnd: 0 }],
  },
  {
    name: 'a line with an id that never started and never ends',
    records: [log(id)],
    attempts: [{ status: 'incomplete', closedBy: 'eof', flags: ['missingStart', 'missingEnd'], lines: 1 }],
  },
  {
    name: 'a line without an id belongs to the only open attempt',
    records: [start('a'), start('b'), end('a'), 'of b', end('b')],
    attempts: [{ lines: 0 }, { lines: 1, levels: { ...levels, other: 1 } }],
    ledger: { unattached: 0 },
  },
  {
    name: 'with two open a line without an id belongs to nobody',
    records: [start('a'), start('b'), 'whose?', end('a'), end('b')],
    attempts: [{ lines: 0 }, { lines: 0 }],
    ledger: nobody,
  },
  {
    name: 'with two open a continuation belongs to the line before it',
    records: [start('a'), start('b'), log(id), '  at x', '\tat y', '... 3 more', end('b')],
    attempts: [{ lines: 4 }, { requestId: 'a', lines: 0 }, { requestId: 'b', lines: 0 }],
    ledger: { unattached: 0 },
  },
  {
    name: 'a continuation of a line that belongs to nobody belongs to nobody',
    records: [start('a'), start('b'), 'whose?', '  at x', end('a'), end('b')],
    attempts: [{ lines: 0 }, { lines: 0 }],
    ledger: { unattached: 2 },
  },
  {
    name: 'with two open a continuation behind a marker belongs to the marker’s attempt',
    records: [start('a'), start('b'), '  indented', end('a'), end('b')],
    attempts: [{ lines: 0 }, { lines: 1 }],
    ledger: { unattached: 0 },
  },
  {
    name: 'with one open a continuation behind another’s End belongs to the open one',
    records: [start('a'), start('b'), end('a'), '  indented', end('b')],
    attempts: [{ lines: 0, linesAfterEnd: 0 }, { lines: 1 }],
  },
  {
    name: 'text: a line after the End belongs to what ended there, until another starts',
    records: [start('a'), end('a'), 'after', 'after', start('b'), 'of b', end('b')],
    attempts: [
      { lines: 2, linesAfterEnd: 2 },
      { lines: 1, linesAfterEnd: 0 },
    ],
  },
  {
    name: 'text before anything began belongs to nobody',
    records: ['hello', start('a'), end('a')],
    attempts: [{ lines: 0 }],
    ledger: { unattached: 1 },
  },
  {
    name: 'rows: 2 s after the End is the last moment',
    records: [row(0, start('a')), row(100, end('a')), row(2100, 'late'), row(2101, 'too late')],
    attempts: [{ lines: 1, linesAfterEnd: 1 }],
    ledger: { unattached: 1 },
  },
  {
    name: 'rows in whole seconds: a difference of 3 is too late',
    records: [secondsRow(0, start('a')), secondsRow(1, end('a')), secondsRow(3, 'late'), secondsRow(4, 'too late')],
    attempts: [{ lines: 1, linesAfterEnd: 1 }],
    ledger: { unattached: 1 },
  },
  {
    name: 'where one of the two times is in whole seconds, so is their difference',
    records: [row(0, start('a')), row(1900, end('a')), secondsRow(4, 'late'), secondsRow(5, 'too late')],
    attempts: [{ lines: 1, linesAfterEnd: 1 }],
    ledger: { unattached: 1 },
  },
  {
    name: 'a line with its id belongs to its attempt however late it comes',
    records: [row(0, start(id)), row(100, end(id)), row(900_000, log(id))],
    attempts: [{ lines: 1, linesAfterEnd: 1, flags: [] }],
  },
  {
    name: 'a line with an id of a retried request belongs to the open attempt',
    records: [start(id), end(id), start(id), log(id), end(id)],
    attempts: [{ lines: 0 }, { lines: 1 }],
  },
  {
    name: 'a line with an id belongs to the invocation before the initialization of the same id',
    records: [
      `FC Initialize Start RequestId: ${id}`,
      start(id),
      log(id),
      end(id),
      `FC Initialize End RequestId: ${id}`,
    ],
    attempts: [
      { phase: 'initialize', lines: 0 },
      { phase: 'invoke', lines: 1 },
    ],
  },
  {
    name: 'rows: streams of two instances do not see each other',
    records: [
      row(0, start('a')),
      row(1, start('b'), { instanceID: 'c-2' }),
      row(2, 'of a'),
      row(3, 'of b', { instanceID: 'c-2' }),
      row(4, 'of nobody', { instanceID: 'c-3' }),
      row(5, end('a')),
      row(6, end('b'), { instanceID: 'c-2' }),
    ],
    attempts: [{ lines: 1 }, { lines: 1 }],
    ledger: { unattached: 1 },
  },
  {
    name: 'a record of several lines is one line',
    records: [row(0, start(id)), row(1, `2025-01-15T12:00:00.001Z ${id} [ERROR] x\n  at y\n  at z`), row(2, end(id))],
    attempts: [{ lines: 1, levels: { ...levels, error: 1 } }],
    ledger: { attached: 3 },
  },
  {
    name: 'a record that begins with a marker and goes on with lines is that marker',
    records: [row(0, `\n${start('a')}\n`), row(1, `hello\n${end('a')}\n`)],
    attempts: [{ status: 'ok', durationMs: 1, lines: 0 }],
    ledger: { attached: 2 },
  },
  {
    name: 'blank records, runtime starts and instance events are nobody’s',
    records: [
      '',
      ' \t',
      start('a'),
      '2017-08-18T10:18:26.131Z  [info] FunctionCompute nodejs runtime inited.',
      end('a'),
    ],
    attempts: [{ lines: 0 }],
    ledger: { attached: 2, ignored: 3 },
  },
])

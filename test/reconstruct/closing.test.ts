// Rule 3 of the contract, docs/semantics.md §7.
import { at, end, eventRow, metricsRow, playScenarios, row, start } from './scenario.ts'

const functions = (instanceConcurrency: number): string =>
  `functions:\n  - functionName: f\n    region: cn-hangzhou\n    vCPU: 1\n    memoryMB: 512\n    diskMB: 512\n    instanceConcurrency: ${instanceConcurrency}\n    timeoutSeconds: 60\n`

playScenarios([
  {
    name: 'a metrics row closes what has no End, and is what it belongs to',
    records: [row(0, start('a')), metricsRow('a', 1, 50.25)],
    attempts: [{ status: 'ok', closedBy: 'metrics', flags: ['missingEnd'], durationMs: 50.25, startTime: at(1) }],
    ledger: { attached: 2 },
  },
  {
    name: 'an End is a better reason than a row',
    records: [row(0, start('a')), row(51, end('a')), metricsRow('a', 1, 50.25)],
    attempts: [{ closedBy: 'end', flags: [] }],
  },
  {
    name: 'only its row was seen',
    records: [metricsRow('a', 0, 12)],
    attempts: [
      { status: 'ok', closedBy: 'metrics', flags: ['metricsOnly'], lines: 0, startTime: at(0), endTime: at(12) },
    ],
  },
  {
    name: 'a sentence that ends the process closes',
    records: [
      start('a'),
      'Process exited unexpectedly before completing request (duration: 43.5ms, maxMemoryUsage: 65.25MB)',
      start('b'),
      'of b',
    ],
    attempts: [
      {
        status: 'processExited',
        errorCode: 'ProcessExitedUnexpectedly',
        closedBy: 'errorText',
        flags: ['missingEnd'],
        durationMs: 43.5,
        maxMemoryUsedMB: 65.25,
        lines: 1,
        linesAfterEnd: 0,
        sources: { status: 'message', durationMs: 'message', billedMs: 'message', maxMemoryUsedMB: 'message' },
      },
      { status: 'incomplete', lines: 1, closedBy: 'eof', errorCode: null },
    ],
  },
  {
    name: 'a destroyed instance closes what is open there, and nothing else',
    records: [
      row(0, start('a')),
      row(0, start('b'), { instanceID: 'c-2' }),
      eventRow(900, 'fc:Instance:DestroySuccess'),
    ],
    attempts: [
      { requestId: 'a', status: 'incomplete', closedBy: 'instanceDestroyed', flags: ['missingEnd'] },
      { requestId: 'b', status: 'incomplete', closedBy: 'eof', flags: ['missingEnd'] },
    ],
    ledger: { ignored: 1 },
  },
  {
    name: 'the next Start closes where an instance takes one request at a time',
    records: [row(0, start('a')), row(100, start('b')), row(110, 'of b'), row(200, end('b'))],
    functions: functions(1),
    attempts: [
      { status: 'incomplete', closedBy: 'nextStart', flags: ['missingEnd'], lines: 0 },
      { status: 'ok', closedBy: 'end', lines: 1 },
    ],
    ledger: { unattached: 0 },
  },
  {
    name: 'the next Start closes nothing where an instance takes several',
    records: [row(0, start('a')), row(100, start('b')), row(110, 'whose?'), row(200, end('b'))],
    functions: functions(2),
    attempts: [
      { status: 'incomplete', closedBy: 'eof', lines: 0 },
      { status: 'ok', lines: 0 },
    ],
    ledger: { unattached: 1 },
  },
  {
    name: 'nor where nobody knows',
    records: [row(0, start('a')), row(100, start('b'))],
    attempts: [{ closedBy: 'eof' }, { closedBy: 'eof' }],
  },
  {
    name: 'an End that comes after the next Start is late',
    records: [row(0, start('a')), row(100, start('b')), row(150, end('a')), row(200, end('b'))],
    functions: functions(1),
    attempts: [
      { requestId: 'a', status: 'ok', closedBy: 'end', flags: ['lateEnd'], durationMs: 150 },
      { requestId: 'b', status: 'ok', closedBy: 'end', flags: [] },
    ],
  },
  {
    name: 'a duplicate of the open Start closes nothing',
    records: [row(0, start('a')), row(1, start('a')), row(150, end('a'))],
    functions: functions(1),
    attempts: [{ status: 'ok', closedBy: 'end', flags: ['duplicateMarkers'] }],
  },
])

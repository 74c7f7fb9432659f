// Rules 1, 2, 4 and 10 of the contract, docs/semantics.md §3.
import { at, end, failedEnd, metricsRow, playScenarios, row, secondsRow, start, timelessRow } from './scenario.ts'

const elsewhere = { instanceID: 'c-2' }
const id = '1-65a24fa0-0b44b15d-431a6b32cc8c'
const nowhere = { instanceID: '' }

playScenarios([
  {
    name: 'text: one invocation',
    records: [start('a'), '2025-01-15T12:00:00.000Z a [INFO] hello', end('a')],
    attempts: [
      {
        requestId: 'a',
        attempt: 0,
        phase: 'invoke',
        status: 'ok',
        closedBy: 'end',
        flags: [],
        lines: 1,
        durationMs: null,
      },
    ],
    ledger: { attached: 3, attempts: 1 },
  },
  {
    name: 'text: a Start and an End that come twice are one attempt',
    records: [start('a'), start('a'), 'x', end('a'), end('a')],
    attempts: [{ attempt: 0, lines: 1, linesAfterEnd: 0, flags: ['duplicateMarkers'], status: 'ok' }],
    ledger: { attached: 3, duplicate: 2 },
  },
  {
    name: 'text: a Start after the End is a retry',
    records: [start('a'), failedEnd('a'), start('a'), 'x', end('a')],
    attempts: [
      { attempt: 0, status: 'unhandledError', flags: ['retried'], lines: 0 },
      { attempt: 1, status: 'ok', flags: ['retried'], lines: 1 },
    ],
    ledger: { attached: 5, duplicate: 0 },
  },
  {
    name: 'text: an End and then a Start are two attempts, for order is order',
    records: [end('a'), start('a')],
    attempts: [
      { attempt: 0, status: 'ok', closedBy: 'end', flags: ['missingStart', 'retried'] },
      { attempt: 1, status: 'incomplete', closedBy: 'eof', flags: ['missingEnd', 'retried'] },
    ],
  },
  {
    name: 'a copy of an End that knows of the error wins over the one that does not',
    records: [start('a'), end('a'), failedEnd('a'), start('b'), failedEnd('b'), end('b')],
    attempts: [
      { requestId: 'a', status: 'unhandledError', errorCode: 'UnhandledInvocationError', flags: ['duplicateMarkers'] },
      { requestId: 'b', status: 'unhandledError', errorCode: 'UnhandledInvocationError', flags: ['duplicateMarkers'] },
    ],
  },
  {
    name: 'rows: less than 1 s after the End a Start is a copy, with its End',
    records: [row(0, start('a')), row(100, end('a')), row(1099, start('a')), row(1150, end('a'))],
    attempts: [{ attempt: 0, startTime: at(0), endTime: at(100), durationMs: 100, flags: ['duplicateMarkers'] }],
    ledger: { attached: 2, duplicate: 2 },
  },
  {
    name: 'rows: 1 s after the End a Start is a new attempt',
    records: [row(0, start('a')), row(100, end('a')), row(1100, start('a')), row(1150, end('a'))],
    attempts: [
      { attempt: 0, startTime: at(0), durationMs: 100, flags: ['retried'] },
      { attempt: 1, startTime: at(1100), durationMs: 50, flags: ['retried'] },
    ],
    ledger: { attached: 4, duplicate: 0 },
  },
  {
    name: 'rows: metrics rows show that a Start less than 1 s after the End was a retry',
    records: [
      row(0, start('a')),
      row(100, failedEnd('a')),
      row(500, start('a')),
      row(600, end('a')),
      metricsRow('a', 0, 99.5, { retryCount: '0' }),
      metricsRow('a', 500, 98.5, { retryCount: '1' }),
    ],
    attempts: [
      { attempt: 0, status: 'unhandledError', durationMs: 99.5, flags: ['retried'] },
      { attempt: 1, status: 'ok', durationMs: 98.5, flags: ['retried'] },
    ],
    ledger: { attached: 6, duplicate: 0 },
  },
  {
    name: 'rows without times: a Start after the End is a new attempt',
    records: [timelessRow(start('a')), timelessRow(end('a')), timelessRow(start('a')), timelessRow(end('a'))],
    attempts: [
      { attempt: 0, flags: ['retried'], startTime: null },
      { attempt: 1, flags: ['retried'], startTime: null },
    ],
  },
  {
    name: 'rows: the same id on two instances is two attempts, numbered by time',
    records: [
      row(500, start('a'), elsewhere),
      row(600, end('a'), elsewhere),
      row(0, start('a')),
      row(100, failedEnd('a')),
    ],
    attempts: [
      { attempt: 0, instanceID: 'c-1', startTime: at(0), flags: ['retried'] },
      { attempt: 1, instanceID: 'c-2', startTime: at(500), flags: ['retried'] },
    ],
  },
  ...[
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ].map(order => ({
    name: `attempts of which one has no time are numbered alike in whatever order they come: ${order.join(' ')}`,
    records: order.map(
      index =>
        [
          secondsRow(1, end(id)),
          secondsRow(0, `2025-01-15T12:00:00.123Z ${id} [INFO] x`, elsewhere),
          secondsRow(0, start(id), { instanceID: 'c-3' }),
        ][index] ?? '',
    ),
    attempts: [{ instanceID: 'c-3' }, { instanceID: 'c-1' }, { instanceID: 'c-2' }],
  })),
  {
    name: 'rows: open on one instance, started on another: two attempts',
    records: [row(0, start('a')), row(10, start('a'), elsewhere), row(20, end('a'), elsewhere)],
    attempts: [
      { attempt: 0, instanceID: 'c-1', status: 'incomplete', flags: ['missingEnd', 'retried'] },
      { attempt: 1, instanceID: 'c-2', status: 'ok', flags: ['retried'] },
    ],
  },
  {
    name: 'rows: where one of two Starts does not name its instance they are one attempt',
    records: [row(0, start('a'), nowhere), row(10, start('a')), row(20, end('a'))],
    attempts: [{ attempt: 0, instanceID: 'c-1', status: 'ok', flags: ['duplicateMarkers'] }],
  },
  {
    name: 'rows: an End up to 60 s before its Start is its End',
    records: [row(60_000, end('a')), row(0, start('a')), row(50, '2025-01-15T12:00:00Z a [INFO] x')],
    attempts: [{ attempt: 0, durationMs: 60_000, flags: [], lines: 1, linesAfterEnd: 0, closedBy: 'end' }],
  },
  {
    name: 'rows: an End more than 60 s before its Start is not',
    records: [row(60_001, end('a')), row(0, start('a'))],
    attempts: [
      { attempt: 0, startTime: at(0), endTime: null, flags: ['missingEnd', 'retried'] },
      { attempt: 1, startTime: null, endTime: at(60_001), flags: ['missingStart', 'retried'] },
    ],
  },
  {
    name: 'rows: a Start a second after an End without a Start is the next attempt',
    records: [row(0, end('a')), row(1000, start('a')), row(1100, end('a'))],
    attempts: [
      { attempt: 0, endTime: at(0), flags: ['missingStart', 'retried'] },
      { attempt: 1, startTime: at(1000), durationMs: 100, flags: ['retried'] },
    ],
  },
  {
    name: 'whole seconds make a duration of whole seconds',
    records: [secondsRow(0, start('a')), secondsRow(3, end('a'))],
    attempts: [{ startTime: at(0), endTime: at(3000), durationMs: 3000, durationUncertaintyMs: 1000, billedMs: 3000 }],
  },
  {
    name: 'an End after a sentence that closed the attempt is late',
    records: [start('a'), 'Function timed out after 3 seconds (maxMemoryUsage: 10.00MB)', failedEnd('a')],
    attempts: [
      {
        status: 'unhandledError',
        closedBy: 'end',
        flags: ['lateEnd'],
        lines: 1,
        linesAfterEnd: 0,
        maxMemoryUsedMB: 10,
      },
    ],
  },
  {
    name: 'an End alone',
    records: [failedEnd('a')],
    attempts: [{ requestId: 'a', status: 'unhandledError', flags: ['missingStart'], closedBy: 'end' }],
  },
  {
    name: 'the End of a hook tells what a line without a Start began, and what comes then is alone on its instance',
    records: [
      row(0, `2025-01-15T12:00:00Z ${id} [INFO] pool ready`),
      row(10, `FC Initialize End RequestId: ${id}`),
      row(20, start('b')),
      row(30, 'plain'),
      row(40, end('b')),
    ],
    attempts: [
      { requestId: id, phase: 'initialize', attempt: 0, flags: ['missingStart'], lines: 1 },
      { requestId: 'b', phase: 'invoke', flags: [], lines: 1 },
    ],
    ledger: { attached: 5, unattached: 0 },
  },
  {
    name: 'text: markers without an id: the End closes the only open one',
    records: [start('None'), 'x', end('undefined')],
    attempts: [{ requestId: null, attempt: 0, status: 'ok', lines: 1, flags: [], closedBy: 'end' }],
  },
  {
    name: 'text: with two open without an id an End belongs to neither',
    records: [start('None'), start('None'), end('None')],
    inAnyOrder: true,
    attempts: [
      { requestId: null, status: 'ok', flags: ['missingStart'], closedBy: 'end' },
      { requestId: null, status: 'incomplete', flags: ['missingEnd'], closedBy: 'eof' },
      { requestId: null, status: 'incomplete', flags: ['missingEnd'], closedBy: 'eof' },
    ],
  },
  {
    name: 'hooks are attempts of their own phase, and no retries of each other',
    records: [
      start('a'),
      end('a'),
      'FC PreFreeze Start RequestId: a',
      'FC PreFreeze End RequestId: a',
      'FC PreStop Start RequestId: a',
      'FC PreStop End RequestId: a, Error: Unhandled function error',
      'FC PreFreeze Start RequestId: a',
      'FC PreFreeze End RequestId: a',
    ],
    attempts: [
      { phase: 'invoke', attempt: 0, flags: [] },
      { phase: 'preFreeze', attempt: 0, flags: [] },
      { phase: 'preFreeze', attempt: 1, flags: [] },
      { phase: 'preStop', attempt: 0, status: 'unhandledError', flags: [] },
    ],
  },
  {
    name: 'an End that was canceled tells figures in its brackets',
    records: [
      start('a'),
      `${end('a')}, Error: Invocation canceled by client (duration: 43.50ms, maxMemoryUsage: 65.25MB)`,
    ],
    attempts: [
      {
        status: 'canceled',
        errorCode: null,
        errorType: null,
        errorMessage: null,
        durationMs: 43.5,
        billedMs: 44,
        maxMemoryUsedMB: 65.25,
        closedBy: 'end',
      },
    ],
  },
  {
    name: 'handledError from the End',
    records: [start('a'), `${end('a')}, Error: Handled function error`],
    attempts: [{ status: 'handledError', errorCode: 'HandledInvocationError', sources: { status: 'marker' } }],
  },
])

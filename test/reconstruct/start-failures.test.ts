// Failed starts: no Start precedes them, a metrics row may claim them (contract §4 rule 5, docs/semantics.md §4).
import { end, metricsRow, playScenarios, row, start } from './scenario.ts'

const body = '{"ErrorCode":"CAFileNotFound","ErrorMessage":"The function cannot be started. gone"}'
const failed = { hasFunctionError: 'true', errorType: 'FunctionUnhandledError' }

playScenarios([
  {
    name: 'it belongs to the row of its instance that covers its time, 2 s before at most',
    records: [row(-2000, body), metricsRow('a', 0, 100, failed)],
    attempts: [
      {
        status: 'startFailed',
        errorCode: 'CAFileNotFound',
        errorMessage: 'The function cannot be started. gone',
        lines: 1,
        flags: ['missingStart', 'missingEnd'],
        closedBy: 'metrics',
      },
    ],
    ledger: { unattached: 0, attached: 2 },
  },
  {
    name: '2 s behind at most',
    records: [row(2100, body), metricsRow('a', 0, 100, failed)],
    attempts: [{ status: 'startFailed', lines: 1 }],
    ledger: { unattached: 0 },
  },
  {
    name: 'further away it is nobody’s',
    records: [row(2101, body), row(-2001, body), metricsRow('a', 0, 100, failed)],
    attempts: [{ status: 'unhandledError', errorCode: 'FunctionUnhandledError', lines: 0, flags: ['metricsOnly'] }],
    ledger: { unattached: 2 },
  },
  ...[0, 1].map(first => ({
    name: `of two rows that cover it the ${first === 0 ? 'first' : 'last'} that came is no better than the other`,
    records: [
      row(0, body),
      metricsRow('a', first, 100, { ...failed, retryCount: String(first) }),
      metricsRow('a', 1 - first, 100, { ...failed, retryCount: String(1 - first) }),
    ],
    attempts: [
      { attempt: 0, lines: 1 },
      { attempt: 1, lines: 0 },
    ],
  })),
  {
    name: 'a row of another instance does not cover it',
    records: [row(0, body), metricsRow('a', 0, 100, { ...failed, instanceID: 'c-2' })],
    attempts: [{ status: 'unhandledError', lines: 0 }],
    ledger: { unattached: 1 },
  },
  {
    name: 'it never belongs to an attempt that has ended',
    records: [row(0, start('a')), row(10, end('a')), row(11, body)],
    attempts: [{ status: 'ok', lines: 0 }],
    ledger: { unattached: 1 },
  },
  {
    name: 'text: nothing can claim it',
    records: [start('a'), end('a'), body],
    attempts: [{ status: 'ok', lines: 0 }],
    ledger: { unattached: 1 },
  },
  {
    name: 'it belongs to the only open attempt',
    records: [start('a'), body],
    attempts: [{ status: 'startFailed', errorCode: 'CAFileNotFound', lines: 1, closedBy: 'errorText' }],
    ledger: { unattached: 0 },
  },
])

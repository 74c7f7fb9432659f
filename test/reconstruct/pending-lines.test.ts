// Lines that several open attempts could own until metrics rows tell (docs/semantics.md §4).
import { end, metricsRow, playScenarios, row, start } from './scenario.ts'

const twoOpen = [row(0, start('a')), row(10, start('b'))]
const otherInstance = row(350, start('z'), { instanceID: 'c-2' })

playScenarios([
  {
    name: 'the line belongs to the one that was not over, when a row says that the other was',
    records: [...twoOpen, row(500, 'of b'), row(600, end('b')), metricsRow('a', 0, 400)],
    attempts: [
      { requestId: 'a', lines: 0, closedBy: 'metrics', flags: ['missingEnd'], status: 'ok' },
      { requestId: 'b', lines: 1 },
    ],
    ledger: { unattached: 0, attached: 5 },
  },
  {
    name: 'the row may come first',
    records: [metricsRow('a', 0, 400), ...twoOpen, row(500, 'of b'), row(600, end('b'))],
    attempts: [{ lines: 0 }, { lines: 1 }],
    ledger: { unattached: 0 },
  },
  {
    name: 'a row that ended after the line leaves it undecided',
    records: [...twoOpen, row(300, 'whose?'), row(600, end('b')), metricsRow('a', 0, 400)],
    attempts: [{ lines: 0 }, { lines: 0 }],
    ledger: { unattached: 1 },
  },
  {
    name: 'ended at the very moment of the line is not ended before it',
    records: [...twoOpen, row(400, 'whose?'), row(600, end('b')), metricsRow('a', 0, 400)],
    attempts: [{ lines: 0 }, { lines: 0 }],
    ledger: { unattached: 1 },
  },
  {
    name: 'an error sentence that waited says how its attempt went',
    records: [
      ...twoOpen,
      row(500, 'Process exited unexpectedly before completing request (duration: 490ms, maxMemoryUsage: 10.00MB)'),
      metricsRow('a', 0, 400),
      metricsRow('b', 10, 495, { hasFunctionError: 'true', errorType: 'FunctionUnhandledError' }),
    ],
    attempts: [
      { status: 'ok', lines: 0 },
      { status: 'processExited', lines: 1 },
    ],
  },
  {
    name: 'each line is judged by its own time',
    records: [...twoOpen, row(342, 'whose?'), row(500, 'of b'), row(600, end('b')), metricsRow('a', 0, 400)],
    attempts: [{ lines: 0 }, { lines: 1 }],
    ledger: { unattached: 1 },
  },
  {
    name: 'what other instances do in between does not matter',
    records: [
      ...twoOpen,
      row(342, 'whose?'),
      otherInstance,
      row(500, 'of b'),
      row(600, end('b')),
      metricsRow('a', 0, 400),
    ],
    attempts: [{ requestId: 'a', lines: 0 }, { requestId: 'b', lines: 1 }, { requestId: 'z' }],
    ledger: { unattached: 1 },
  },
])

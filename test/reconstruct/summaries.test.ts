// Rule 6 of the contract, docs/semantics.md §4.
import { end, playScenarios, row, start } from './scenario.ts'

const summary = (durationMs: number): string =>
  `Duration: ${durationMs}.25 ms, Billed Duration: ${durationMs + 1} ms, Memory Size: 512 MB, Max Memory Used: ${durationMs}.50 MB`
const localSummary = (id: string): string =>
  `RequestId: ${id} \t Billed Duration: 13 ms \t Memory Size: 1998 MB \t Max Memory Used: 49 MB`
const id = '65a24fa0-7e42-4ee5-8a5c-0b44b15d431a'

playScenarios([
  {
    name: 'a summary belongs to what ended last',
    records: [start('a'), end('a'), summary(10), start('b'), end('b'), summary(20)],
    attempts: [
      {
        durationMs: 10.25,
        billedMs: 11,
        memoryMB: 512,
        maxMemoryUsedMB: 10.5,
        durationUncertaintyMs: 0,
        sources: {
          status: 'marker',
          durationMs: 'summary',
          billedMs: 'summary',
          memoryMB: 'summary',
          maxMemoryUsedMB: 'summary',
        },
      },
      { durationMs: 20.25 },
    ],
    ledger: { attached: 6 },
  },
  {
    name: 'when several ended since the last one, a summary belongs to none of them',
    records: [start('a'), start('b'), end('a'), end('b'), summary(10), summary(20)],
    attempts: [{ durationMs: null, memoryMB: null }, { durationMs: null }],
    ledger: { unattached: 2 },
  },
  {
    name: 'a second summary of the same attempt belongs to nobody',
    records: [start('a'), end('a'), summary(10), summary(20)],
    attempts: [{ durationMs: 10.25 }],
    ledger: { unattached: 1 },
  },
  {
    name: 'a summary before any End belongs to nobody',
    records: [summary(10), start('a'), end('a')],
    attempts: [{ durationMs: null }],
    ledger: { unattached: 1 },
  },
  {
    name: 'an initialization or a hook that ended takes no summary',
    records: ['FC Initialize Start RequestId: i', 'FC Initialize End RequestId: i', summary(10)],
    attempts: [{ phase: 'initialize', durationMs: null }],
    ledger: { unattached: 1 },
  },
  {
    name: 'a copy of an End does not count as another End',
    records: [start('a'), end('a'), end('a'), summary(10)],
    attempts: [{ durationMs: 10.25, flags: ['duplicateMarkers'] }],
    ledger: { unattached: 0 },
  },
  {
    name: 'what a sentence closed has ended',
    records: [start('a'), 'Function timed out after 3 seconds (maxMemoryUsage: 10.00MB)', summary(10)],
    attempts: [{ status: 'timeout', durationMs: 10.25, maxMemoryUsedMB: 10.5 }],
    ledger: { unattached: 0 },
  },
  {
    name: 'a local summary belongs to its id, open or ended',
    records: [start(id), localSummary(id), end(id)],
    attempts: [{ billedMs: 13, memoryMB: 1998, maxMemoryUsedMB: 49, durationMs: null, lines: 0 }],
    ledger: { attached: 3 },
  },
  {
    name: 'rows: a summary belongs to what ended on its own instance',
    records: [
      row(0, start('a')),
      row(0, start('b'), { instanceID: 'c-2' }),
      row(10, end('b'), { instanceID: 'c-2' }),
      row(20, end('a')),
      row(21, summary(10)),
    ],
    attempts: [
      { requestId: 'a', durationMs: 10.25 },
      {
        requestId: 'b',
        durationMs: 10,
        sources: {
          status: 'marker',
          startTime: 'recordTime',
          endTime: 'recordTime',
          durationMs: 'recordTime',
          billedMs: 'recordTime',
        },
      },
    ],
  },
])

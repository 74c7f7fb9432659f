// Rules 7 and 9 of the contract, docs/semantics.md §5 and §6.
import { at, end, metricsRow, playScenarios, row, secondsRow, start } from './scenario.ts'

const summary = 'Duration: 20.50 ms, Billed Duration: 21 ms, Memory Size: 128 MB, Max Memory Used: 9.00 MB'
const sentence = 'Function timed out after 3 seconds (maxMemoryUsage: 10.00MB)'

playScenarios([
  {
    name: 'a row wins over the summary, the summary over record times',
    records: [
      row(0, start('a')),
      row(30, end('a')),
      row(31, summary),
      metricsRow('a', 5, 19.75, { memoryMB: '256', memoryUsageMB: '8.5' }),
    ],
    attempts: [
      {
        durationMs: 19.75,
        billedMs: 21,
        memoryMB: 256,
        maxMemoryUsedMB: 8.5,
        startTime: at(5),
        endTime: at(25),
        sources: {
          status: 'marker',
          startTime: 'metrics',
          endTime: 'metrics',
          durationMs: 'metrics',
          billedMs: 'summary',
          memoryMB: 'metrics',
          maxMemoryUsedMB: 'metrics',
        },
      },
    ],
  },
  {
    name: 'what a row leaves out comes from the next best',
    records: [
      row(0, start('a')),
      row(30, end('a')),
      row(31, summary),
      metricsRow('a', 5, 0, { durationMs: '', memoryUsageMB: '8.5' }),
    ],
    attempts: [{ durationMs: 20.5, memoryMB: 128, maxMemoryUsedMB: 8.5 }],
  },
  {
    name: 'the summary wins over the sentence',
    records: [start('a'), sentence, summary],
    attempts: [{ durationMs: 20.5, maxMemoryUsedMB: 9, memoryMB: 128 }],
  },
  {
    name: 'the sentence wins over record times',
    records: [secondsRow(0, start('a')), secondsRow(4, sentence), secondsRow(4, end('a'))],
    attempts: [{ durationMs: 3000, durationUncertaintyMs: 0, billedMs: 3000, maxMemoryUsedMB: 10 }],
  },
  {
    name: 'the times of application lines never make a duration',
    records: [
      start('a'),
      '2025-01-15T12:00:00.000Z a [INFO] begins',
      '2025-01-15T12:00:09.000Z a [INFO] ends',
      end('a'),
    ],
    attempts: [{ startTime: null, endTime: null, durationMs: null, billedMs: null }],
  },
  {
    name: 'console: prefix times are record times, by the clock of Shanghai',
    records: [`2025-01-15 20:00:00${start('a')}`, '2025-01-15 20:00:01x', `2025-01-15 20:00:02${end('a')}`],
    attempts: [
      {
        startTime: at(0),
        endTime: at(2000),
        durationMs: 2000,
        durationUncertaintyMs: 1000,
        instanceID: null,
        sources: {
          status: 'marker',
          startTime: 'text',
          endTime: 'text',
          durationMs: 'text',
          billedMs: 'text',
        },
      },
    ],
  },
  {
    name: 'console: an instance id in front becomes the attempt’s',
    records: [
      `c-65a24fa0-37e1bf7123054a77aaaa2025-01-15 20:00:00${start('a')}`,
      `c-65a24fa0-37e1bf7123054a77aaaa2025-01-15 20:00:02${end('a')}`,
    ],
    attempts: [{ requestId: 'a', instanceID: 'c-65a24fa0-37e1bf7123054a77aaaa', durationMs: 2000 }],
  },
  {
    name: 'all that a row tells',
    records: [
      metricsRow('a', 0, 12.6, {
        invocationType: 'Async',
        triggerType: 'oss',
        resourceMode: 'OnDemand',
        isColdStart: 'true',
        coldStartLatencyMs: '801.5',
        prepareCodeLatencyMs: '300.25',
        runtimeInitializationMs: '501.25',
        initializationMs: '77',
        scheduleLatencyMs: '3.5',
        method: 'POST',
        requestURI: '/x?y=1',
        statusCode: '200',
        retryCount: '2',
        traceContext: '1a2b:3c4d:0:1',
        versionId: '7',
        serviceName: 's',
      }),
    ],
    attempts: [
      {
        attempt: 2,
        serviceName: 's',
        versionId: '7',
        qualifier: 'LATEST',
        instanceID: 'c-1',
        invocationType: 'Async',
        triggerType: 'oss',
        resourceMode: 'OnDemand',
        coldStart: true,
        coldStartMs: 801.5,
        prepareCodeMs: 300.25,
        runtimeInitMs: 501.25,
        initializeMs: 77,
        scheduleMs: 3.5,
        httpMethod: 'POST',
        httpPath: '/x?y=1',
        httpStatus: 200,
        endTime: at(13),
        billedMs: 13,
        traceId: '00000000000000000000000000001a2b',
        spanId: '0000000000003c4d',
        parentSpanId: null,
        revision: 1,
        cu: null,
      },
    ],
  },
  {
    name: 'the start of an asynchronous row',
    records: [
      metricsRow('a', 0, 10, { invocationStartTimestamp: '', asyncAttemptStartTimestamp: '1736942400007' }),
      metricsRow('b', 0, 10, {
        invocationStartTimestamp: '',
        invokeFunctionStartTimestamp: '1736942400009',
        asyncAttemptStartTimestamp: '1736942400007',
      }),
    ],
    attempts: [{ startTime: at(7) }, { startTime: at(9) }],
  },
  {
    name: 'the same row again is a copy, another execution is not',
    records: [metricsRow('a', 0, 10), metricsRow('a', 0, 10), metricsRow('a', 5000, 10)],
    attempts: [
      { attempt: 0, startTime: at(0), flags: ['retried', 'metricsOnly'] },
      { attempt: 1, startTime: at(5000), flags: ['retried', 'metricsOnly'] },
    ],
    ledger: { attached: 2, duplicate: 1 },
  },
  {
    name: 'rows and attempts of one instance are matched in order of time',
    records: [
      metricsRow('a', 5000, 11),
      metricsRow('a', 0, 10),
      row(5000, start('a')),
      row(5011, end('a')),
      row(0, start('a')),
      row(10, end('a')),
    ],
    attempts: [
      { attempt: 0, durationMs: 10, startTime: at(0) },
      { attempt: 1, durationMs: 11, startTime: at(5000) },
    ],
  },
  {
    name: 'a row of another instance is another attempt',
    records: [row(0, start('a')), row(10, end('a')), metricsRow('a', 3000, 10, { instanceID: 'c-2' })],
    attempts: [
      { attempt: 0, instanceID: 'c-1', closedBy: 'end', flags: ['retried'] },
      { attempt: 1, instanceID: 'c-2', closedBy: 'metrics', flags: ['retried', 'metricsOnly'] },
    ],
  },
  {
    name: 'a row without an instance belongs to the attempt of its request',
    records: [row(0, start('a')), row(10, end('a')), metricsRow('a', 0, 9, { instanceID: '' })],
    attempts: [{ instanceID: 'c-1', durationMs: 9, flags: [] }],
  },
  {
    name: 'an initialization makes the first invocation of its instance a cold start',
    records: [
      row(0, 'FC Initialize Start RequestId: i'),
      row(700, 'FC Initialize End RequestId: i'),
      row(800, start('a')),
      row(810, end('a')),
      row(900, start('b')),
      row(910, end('b')),
    ],
    attempts: [
      { requestId: 'a', coldStart: true, initializeMs: 700, coldStartMs: null },
      { requestId: 'b', coldStart: null, initializeMs: null },
      { requestId: 'i', phase: 'initialize', coldStart: null, durationMs: 700 },
    ],
  },
  {
    name: 'an initialization in whole seconds says nothing of its length',
    records: [
      secondsRow(0, 'FC Initialize Start RequestId: a'),
      secondsRow(1, 'FC Initialize End RequestId: a'),
      secondsRow(1, start('a')),
    ],
    attempts: [
      { phase: 'initialize', durationMs: 1000 },
      { phase: 'invoke', coldStart: true, initializeMs: null },
    ],
  },
  {
    name: 'text: a runtime start announces a cold start',
    records: ['FunctionCompute python3 runtime inited.', start('a'), end('a'), start('b'), end('b')],
    attempts: [{ coldStart: true }, { coldStart: null }],
  },
  {
    name: 'a row knows better whether the start was cold',
    records: [
      row(0, 'FunctionCompute python3 runtime inited.'),
      row(1, start('a')),
      row(2, end('a')),
      metricsRow('a', 1, 1, { isColdStart: 'false' }),
    ],
    attempts: [{ coldStart: false }],
  },
])

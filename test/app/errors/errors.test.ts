// `errors`: whatever is asked, the store and the files give the same groups, and their figures are those of the attempts.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ErrorReport, ErrorSort, ErrorWish } from '../../../src/app/errors/error-report.ts'
import { errorsInFiles } from '../../../src/app/errors/errors-in-files.ts'
import { storedErrors } from '../../../src/app/errors/stored-errors.ts'
import { failureStatuses } from '../../../src/model/failure.ts'
import { openEmbeddedStore, readersOf } from '../../../src/store/embedded-store.ts'
import { fcscope, run, runFcscope } from '../../cli/run-fcscope.ts'
import { withoutChdb } from '../../store/temporary-store.ts'
import { WorkerProcess } from '../worker/worker-process.ts'

const config = 'sources: [{type: file, paths: ["a.log"]}]\nmetrics: {listen: "127.0.0.1:0"}\n'
const all: ErrorWish = {
  functions: [],
  statuses: failureStatuses,
  fromMs: Date.parse('2025-01-15'),
  toMs: Date.parse('2025-01-16'),
}

const wishes: readonly [what: string, wish: ErrorWish, sort: ErrorSort, limit: number][] = [
  ['everything', all, 'count', 1000],
  ['a few of everything', all, 'last', 5],
  [
    'the new ones first',
    { ...all, toMs: Date.parse('2025-01-15T08:05:00Z'), fromMs: Date.parse('2025-01-15T08:00:30Z') },
    'new',
    1000,
  ],
  ['some functions', { ...all, functions: ['*-api', 'order*', 'nothing_here'] }, 'count', 1000],
  ['an underscore is no pattern', { ...all, functions: ['checkout_api'] }, 'count', 1000],
  ['other statuses', { ...all, statuses: ['canceled', 'timeout'] }, 'count', 1000],
]

const inFiles = (log: string, wish: ErrorWish, sort: ErrorSort, limit: number): Promise<ErrorReport> =>
  errorsInFiles(
    {
      inputs: [log],
      format: 'auto',
      timeZone: 'Asia/Shanghai',
      logTimeZone: 'UTC',
      lang: 'en',
      output: { write: () => {} },
      onProgress: null,
      functionsPath: null,
    },
    wish,
    { sort, limit, lang: 'en' },
  )

for (const [name, words] of [
  ['Logstore rows', ['--format', 'sls', '--late', '--shuffle']],
  [
    'rows whose ends come late',
    [
      '--format',
      'sls',
      '--faults',
      'retry=0.2,lateLines=0.2,unhandledError=0.2,duplicateRow=0.1,processExited=0.1,timeout=0.05,canceled=0.05',
    ],
  ],
] as const) {
  test(`${name}: store and files give the same groups`, { skip: withoutChdb }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fcscope-errors-'))
    try {
      const log = join(folder, 'a.log')
      writeFileSync(join(folder, 'fcscope.yaml'), config)
      await runFcscope(['generate', '--lines', '6000', '--seed', '42', '--faults', '0.5', ...words, '--out', log])
      const stored = await run(fcscope, ['run', '--once'], { folder })
      assert.equal(stored.status, 0, stored.stderr)
      const { stdout } = await runFcscope(['reconstruct', log])
      const attempts: { status: string; startTime: string; functionName: string | null }[] = stdout
        .trim()
        .split('\n')
        .map(line => JSON.parse(line))
      const store = await openEmbeddedStore({ path: join(folder, '.fcscope/store'), maxMemoryBytes: 2 ** 30 })
      try {
        for (const [what, wish, sort, limit] of wishes) {
          const found = await inFiles(log, wish, sort, limit)
          const { report } = await storedErrors(readersOf(store), wish, { sort, limit, lang: 'en' })
          assert.deepEqual(JSON.parse(JSON.stringify(report)), JSON.parse(JSON.stringify(found)), what)
          const expected = attempts.filter(
            ({ status, startTime }) =>
              wish.statuses.some(wanted => wanted === status) &&
              Date.parse(startTime) >= (wish.fromMs ?? 0) &&
              Date.parse(startTime) < (wish.toMs ?? 0),
          )
          if (wish.functions.length > 0) continue
          assert.equal(found.failures, expected.length, what)
          if (limit > found.groups)
            assert.equal(
              found.errors.reduce((sum, { count }) => sum + count, 0),
              expected.length,
              what,
            )
          assert.ok(
            found.groups > 5 && found.groups < expected.length,
            `${what}: ${found.groups} groups of ${expected.length}`,
          )
        }
      } finally {
        await store.close()
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
}

test('beside a running worker, and without one, errors and trace say the same', { skip: withoutChdb }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fcscope-errors-'))
  try {
    const log = join(folder, 'a.log')
    writeFileSync(join(folder, 'fcscope.yaml'), config)
    await runFcscope(['generate', '--lines', '1500', '--seed', '9', '--faults', '0.4', '--out', log])
    assert.equal((await run(fcscope, ['run', '--once'], { folder })).status, 0)
    const words = ['errors', '--json', '--since', '2025-01-15', '--until', '2025-01-16', '--sort', 'last']
    const alone = await run(fcscope, words, { folder })
    assert.equal(alone.status, 0, alone.stderr)
    const failed = JSON.parse(alone.stdout).errors[0].requests[0].requestId
    const traceAlone = await run(fcscope, ['trace', failed, '--json'], { folder })
    assert.equal(JSON.parse(traceAlone.stdout).requestId, failed)
    const worker = new WorkerProcess({ folder })
    try {
      await worker.event('workerStarted')
      const beside = await run(fcscope, words, { folder })
      assert.deepEqual([beside.status, beside.stdout], [0, alone.stdout], beside.stderr)
      const traceBeside = await run(fcscope, ['trace', failed, '--json'], { folder })
      assert.deepEqual([traceBeside.status, traceBeside.stdout], [0, traceAlone.stdout], traceBeside.stderr)
    } finally {
      worker.child.kill('SIGINT')
      await worker.ended
    }
    const files = await run(fcscope, [...words, '--from', log], { folder })
    assert.equal(files.stdout, alone.stdout)
    const none = await run(fcscope, ['errors'], { folder })
    assert.match(none.stderr, /^0 failures in 0 groups, .*\n.* attempts, the newest of which began at 2025-01-15T/)
    assert.deepEqual([none.status, none.stdout], [0, ''])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

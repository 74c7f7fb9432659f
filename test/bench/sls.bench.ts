// Times the source for Logstores, alone and with the engine of the worker behind it, on the larger fake of Simple Log Service, and writes
// its part of docs/performance.md. Options: --quick (one round, a twentieth of the size, nothing written), --rounds N (3), --no-page.
// Says so when there is no fake here. Fails when a row is missing, or when it has become far slower.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { missingFake, SlsFake } from '../sources/sls/sls-fake.ts'
import type { Drained, DrainTask } from './drain-source.ts'
import { generateRows } from './generate-rows.ts'
import { writeSection } from './report-page.ts'
import { readRoundOptions } from './round-options.ts'
import { runDrain, summarizeDrains } from './run-drain.ts'
import { describeSls, findSlsFailures, type SlsReport } from './sls-report.ts'
import { logsPerGroup, writeLoad } from './sls-rows.ts'

const page = fileURLToPath(new URL('../../docs/performance.md', import.meta.url))
const { isQuick, rounds, writesPage } = readRoundOptions(3)
const logstore = 'rows'
const shards = 4

/** What has to be ended and removed, in the order of its making. */
const closers: (() => void)[] = []
try {
  if (missingFake === false) await runBench()
  else process.stdout.write(`not run: ${missingFake}\n`)
} finally {
  for (const close of closers.reverse()) close()
}

async function runBench(): Promise<void> {
  const loadBefore = loadavg()[0] ?? 0
  const fake = await SlsFake.start({ after: end => void closers.push(end) })
  const loaded = await loadRows(fake)
  const runs: Record<DrainTask['take'], Drained[]> = { drop: [], engine: [] }
  for (let round = 1; round <= rounds; round += 1) {
    process.stdout.write(`round ${round} of ${rounds}\n`)
    for (const take of ['drop', 'engine'] as const) runs[take].push(runDrain(taskOf(fake, loaded, { take, round })))
  }
  process.stdout.write('once more, for the heap\n')
  const { warm, end } = runDrain(taskOf(fake, loaded, { take: 'engine', round: rounds + 1 }), { collects: true })
  const report: SlsReport = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}`,
    rounds,
    load: [loadBefore, loadavg()[0] ?? 0],
    ...loaded,
    shards,
    alone: summarizeDrains(runs.drop),
    whole: summarizeDrains(runs.engine),
    heapMB: [warm.heapMB, end.heapMB],
  }
  const text = describeSls(report)
  process.stdout.write(`\n${text}\n`)
  if (writesPage) writeSection(page, 'sls', text)
  for (const failure of findSlsFailures(report, isQuick ? 'quick' : 'full')) {
    process.stderr.write(`${failure}\n`)
    process.exitCode = 1
  }
}

interface Loaded {
  readonly rows: number
  readonly groups: number
  readonly rawBytes: number
}

/** Every row once: the same rows again would be late copies, which is another way through the engine. */
async function loadRows(fake: SlsFake): Promise<Loaded> {
  process.stdout.write('making and loading the rows\n')
  const folder = mkdtempSync(join(tmpdir(), 'fcscope-bench-'))
  try {
    const [rows, load] = [join(folder, 'rows.jsonl'), join(folder, 'rows.load')]
    generateRows(rows, isQuick ? 100_000 : 2_000_000)
    await writeLoad(rows, load, shards)
    process.stdout.write(`${(statSync(load).size / 1e6).toFixed(0)} MB to load\n`)
    await fake.makeLogstore(logstore, shards)
    // What the fake answers.
    const answer = (await fake.admin(
      'POST',
      `load?logstore=${logstore}&perGroup=${logsPerGroup}&file=${encodeURIComponent(load)}`,
    )) as { loaded: number; groups: number; rawBytes: number }
    return { rows: answer.loaded, groups: answer.groups, rawBytes: answer.rawBytes }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function taskOf(fake: SlsFake, { rows, groups }: Loaded, run: { take: DrainTask['take']; round: number }): DrainTask {
  const { take, round } = run
  const source = {
    type: 'sls',
    endpoint: fake.endpoint,
    project: 'fc-test',
    logstore,
    consumerGroup: `${take}-${round}`,
    startAt: 'beginning',
    accessKeyId: 'test-ak',
    accessKeySecret: 'test-sk',
  }
  return { source, take, records: groups, rows }
}

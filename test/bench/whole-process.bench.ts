// Times whole processes beside yardsticks and writes docs/performance.md. Options: --quick (one round, a tenth of the size,
// nothing written), --rounds N, --no-page. Fails when a command fails, gives a wrong answer, or has become far slower.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { batchBars, compareWithBars, findSevereDrops } from './bars.ts'
import { listCases } from './cases.ts'
import { measure } from './measure.ts'
import { describeReport } from './report.ts'
import { writeSection } from './report-page.ts'
import { readRoundOptions } from './round-options.ts'
import { CommandRunner } from './run-command.ts'
import { makeWorkloads, type Workloads } from './workloads.ts'

const project = fileURLToPath(new URL('../../', import.meta.url))
const fcscope = join(project, 'bin/fcscope')
const page = join(project, 'docs/performance.md')

const { isQuick, rounds, writesPage } = readRoundOptions(5)

// An interrupted child makes its run fail, and that clears the folder; without this the signal would end us before.
process.on('SIGINT', () => {})
const folder = mkdtempSync(join(tmpdir(), 'fcscope-bench-'))
try {
  runBench()
} finally {
  rmSync(folder, { recursive: true })
}

function runBench(): void {
  process.stdout.write('making inputs\n')
  const loadBefore = loadavg()[0] ?? 0
  const workloads = makeWorkloads({ folder, fcscope, share: isQuick ? 0.1 : 1 })
  checkAnswer(workloads)
  const cases = listCases({ workloads, fcscope, node: process.execPath })
  const runner = new CommandRunner(folder)
  const onRound = (round: number): void => void process.stdout.write(`round ${round} of ${rounds}\n`)
  const figures = measure({ cases, rounds, runner, onRound })
  const bars = compareWithBars(figures, batchBars)
  const report = describeReport({
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}`,
    rounds,
    load: [loadBefore, loadavg()[0] ?? 0],
    workloads: Object.values(workloads),
    bars,
    figures,
  })
  process.stdout.write(`\n${report}\n`)
  if (isQuick) process.stdout.write('A quick run is mostly starting: its bars mean nothing, only its failures do.\n')
  if (writesPage) writeSection(page, 'batch', report)
  for (const drop of findSevereDrops(figures, isQuick ? 'quick' : 'full')) {
    process.stderr.write(`far slower or larger than documented: ${drop}
`)
    process.exitCode = 1
  }
}

/** What is timed must be right; and after this the compiled modules are cached. */
function checkAnswer({ a, e }: Workloads): void {
  const ledgerPath = join(folder, 'ledger.json')
  runOrThrow(['reconstruct', '--out', 'none', '--ledger', ledgerPath, a.path])
  const { attempts, attached, unaccounted } = JSON.parse(readFileSync(ledgerPath, 'utf8'))
  if (attempts !== a.invocations || attached !== a.records || unaccounted !== 0) {
    throw new Error(`${a.records} lines, ${a.invocations} invocations: found ${attached} and ${attempts}`)
  }
  runOrThrow(['reconstruct', '--out', 'jsonl', e.path])
  runOrThrow(['parse', e.path])
  runOrThrow(['--version'])
}

function runOrThrow(args: readonly string[]): void {
  const { status } = spawnSync(fcscope, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`fcscope ${args.join(' ')} failed (${status})`)
}

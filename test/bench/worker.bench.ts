// Times `run --once` beside inserting the same rows straight, and writes its part of docs/performance.md. Options: --quick (one
// round, a tenth of the size, nothing written), --rounds N, --no-page. Fails when a command fails, when the store does not hold
// what was written, or when it has become far slower.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compareWithBars, findSevereDrops, workerBars } from './bars.ts'
import type { Case } from './cases.ts'
import { measure } from './measure.ts'
import { describeWorkerReport } from './report.ts'
import { writeSection } from './report-page.ts'
import { readRoundOptions } from './round-options.ts'
import { CommandRunner } from './run-command.ts'
import { measureFile } from './workloads.ts'
import { writeWorkloadA } from './write-workload-a.ts'

const project = fileURLToPath(new URL('../../', import.meta.url))
const fcscope = join(project, 'bin/fcscope')
const page = join(project, 'docs/performance.md')
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

const { isQuick, rounds, writesPage } = readRoundOptions(5)

process.on('SIGINT', () => {})
const folder = mkdtempSync(join(tmpdir(), 'fcscope-bench-'))
try {
  runBench()
} finally {
  rmSync(folder, { recursive: true })
}

function runBench(): void {
  process.stdout.write('making the input and its blocks\n')
  const loadBefore = loadavg()[0] ?? 0
  const path = join(folder, 'a.log')
  const { invocations } = writeWorkloadA(path, { lines: isQuick ? 200_000 : 2_000_000, seed: 11 })
  const workload = { name: 'A', path, about: 'healthy text, 50 invocations interleaved', ...measureFile(path) }
  const blocks = join(folder, 'blocks')
  const config = join(folder, 'fcscope.yaml')
  writeFileSync(
    config,
    JSON.stringify({ sources: [{ type: 'file', paths: [path] }], metrics: { listen: '127.0.0.1:0' } }),
  )
  runOrThrow([process.execPath, here('prepare-blocks.ts'), path, blocks])
  const own = join(folder, '.fcscope')
  const straight = join(folder, 'straight')
  const anew = (removed: string, argv: readonly string[]): readonly string[] => [
    '/bin/sh',
    '-c',
    'rm -rf "$1"; shift; exec "$@"',
    'anew',
    removed,
    ...argv,
  ]
  const common = { workload, records: workload.records, runs: 1 }
  const cases: readonly Case[] = [
    {
      ...common,
      id: 'insert straight A',
      about: 'insert straight',
      command: { argv: anew(straight, [process.execPath, here('insert-blocks.ts'), blocks, straight]) },
      yardstick: null,
    },
    {
      ...common,
      id: 'run --once A',
      about: 'run --once',
      command: { argv: anew(own, [fcscope, 'run', '-c', config, '--once', '--log-level', 'error']) },
      yardstick: 'insert straight A',
    },
  ]
  const onRound = (round: number): void => void process.stdout.write(`round ${round} of ${rounds}\n`)
  const figures = measure({ cases, rounds, runner: new CommandRunner(folder), onRound })
  checkStore(config, invocations)
  const report = describeWorkerReport({
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}`,
    rounds,
    load: [loadBefore, loadavg()[0] ?? 0],
    workloads: [workload],
    bars: compareWithBars(figures, workerBars),
    figures,
  })
  process.stdout.write(`\n${report}\n`)
  if (writesPage) writeSection(page, 'worker', report)
  for (const drop of findSevereDrops(figures, isQuick ? 'quick' : 'full')) {
    process.stderr.write(`far slower or larger than documented: ${drop}\n`)
    process.exitCode = 1
  }
}

/** Every attempt of the last run is there, and every application line. */
function checkStore(config: string, invocations: number): void {
  const sql = 'SELECT count() AS attempts, sum(lines) AS counted FROM invocations'
  const { attempts, counted } = ask(config, sql)
  const { stored } = ask(config, 'SELECT count() AS stored FROM otel_logs')
  if (attempts !== invocations || stored !== counted) {
    throw new Error(`${invocations} invocations: ${attempts} attempts of ${counted} lines, ${stored} lines are stored`)
  }
}

function ask(config: string, sql: string): Record<string, number> {
  const { status, stdout } = spawnSync(fcscope, ['query', '-c', config, sql], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`query failed (${status})`)
  return JSON.parse(stdout)
}

function runOrThrow([program = '', ...args]: readonly string[]): void {
  const { status } = spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed (${status})`)
}

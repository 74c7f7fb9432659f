// Times `run --once` on a topic of a real broker beside kafkajs alone, and what the steps between take; then one worker beside two. Writes
// its part of docs/performance.md. Options: --quick (one round, a twentieth of the size, nothing written), --rounds N (3), --no-page.
// Says so when there can be no broker or no store here. Fails when a row is missing, or when it has become far slower.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { noKafka } from '../services/kafka-broker.ts'
import { withoutChdb } from '../store/temporary-store.ts'
import { compareWithBars, findSevereDrops, kafkaBars } from './bars.ts'
import type { Case } from './cases.ts'
import { describeKafka, type SharePair } from './kafka-report.ts'
import { runShare } from './kafka-share.ts'
import { fcscope, KafkaStage, type StageTopic } from './kafka-stage.ts'
import { type FiguresById, measure } from './measure.ts'
import { writeSection } from './report-page.ts'
import { readRoundOptions } from './round-options.ts'
import { CommandRunner } from './run-command.ts'

const page = fileURLToPath(new URL('../../docs/performance.md', import.meta.url))
const { isQuick, rounds, writesPage } = readRoundOptions(3)
const rows = isQuick ? 50_000 : 1_000_000
const [warmUpRows, sharedRows] = isQuick ? [10_000, 20_000] : [400_000, 600_000]

const missing = noKafka || withoutChdb
if (missing !== false) process.stdout.write(`not run: ${missing}\n`)
else {
  process.stdout.write('making the rows, and starting the broker\n')
  const stage = await KafkaStage.open(rows)
  try {
    await runBench(stage)
  } finally {
    await stage.close()
  }
}

async function runBench(stage: KafkaStage): Promise<void> {
  const loadBefore = loadavg()[0] ?? 0
  const one = await stage.fill('one')
  const many = await stage.route(one, 'many')
  await stage.fill('copies')
  const onRound = (round: number): void => void process.stdout.write(`round ${round} of ${rounds}\n`)
  const cases = listCases(stage, { one, many })
  const figures = measure({ cases, rounds, runner: new CommandRunner(stage.folder), onRound })
  for (const topic of [one, many]) checkStore(stage, topic)
  const shares = await measureShares(stage)
  const report = describeKafka({
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}, Kafka ${stage.broker.version}`,
    rounds,
    load: [loadBefore, loadavg()[0] ?? 0],
    workloads: [stage.rows],
    bars: compareWithBars(figures, kafkaBars),
    figures,
    rowsPerMessage: stage.rows.records / many.messages,
    shares,
    sharedRows,
    cores: cpus().length,
  })
  process.stdout.write(`\n${report}\n`)
  if (writesPage) writeSection(page, 'kafka', report)
  failOnDrops(figures)
}

/** Yardsticks come before what is measured beside them. */
function listCases(stage: KafkaStage, topics: { one: StageTopic; many: StageTopic }): readonly Case[] {
  const { one, many } = topics
  const common = { workload: stage.rows, records: stage.rows.records, runs: 1 }
  const casesOf = (topic: StageTopic, form: string): Case[] => {
    const yardstick = `kafkajs alone, ${form}`
    const beside = (about: string, argv: readonly string[]): Case => ({
      ...common,
      id: `${about}, ${form}`,
      about,
      command: { argv },
      yardstick,
    })
    return [
      { ...beside('kafkajs alone', stage.reading(topic)), yardstick: null },
      beside('the source', stage.draining(topic, 'drop')),
      beside('source and engine', stage.draining(topic, 'engine')),
      beside('run --once', stage.running(topic)),
    ]
  }
  const routing = {
    ...common,
    id: 'route --once, one row',
    about: 'route --once',
    command: { argv: stage.routing(one, 'copies') },
    yardstick: 'kafkajs alone, one row',
  }
  return [...casesOf(one, 'one row'), routing, ...casesOf(many, 'many rows')]
}

/** The last run stored every attempt, and every line of an attempt. */
function checkStore(stage: KafkaStage, topic: StageTopic): void {
  const ledger = stage.path('ledger.json')
  runOrThrow(['reconstruct', '--out', 'none', '--ledger', ledger, stage.rows.path])
  const { attempts: expected } = JSON.parse(readFileSync(ledger, 'utf8'))
  const config = stage.configOf(topic)
  const ask = (sql: string): Record<string, number> => JSON.parse(runOrThrow(['query', '-c', config, sql]))
  const { attempts, counted } = ask('SELECT count() AS attempts, sum(lines) AS counted FROM invocations')
  const { stored } = ask("SELECT count() AS stored FROM otel_logs WHERE requestId != ''")
  if (attempts !== expected || Number(stored) > Number(counted))
    throw new Error(`${expected} attempts: ${attempts} are stored, of ${counted} lines, and ${stored} lines`)
}

function runOrThrow(words: readonly string[]): string {
  const { status, stdout } = spawnSync(fcscope, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  if (status !== 0) throw new Error(`${words[0]} failed (${status})`)
  return stdout
}

async function measureShares(stage: KafkaStage): Promise<readonly SharePair[]> {
  const lines = readFileSync(stage.rows.path, 'utf8')
    .split('\n')
    .slice(0, warmUpRows + sharedRows)
  const pairs: SharePair[] = []
  for (let round = 1; round <= rounds; round += 1) {
    process.stdout.write(`one worker and two, round ${round} of ${rounds}\n`)
    const alone = await runShare(stage, { name: `alone-${round}`, workers: 1, rows: lines, warmUp: warmUpRows })
    const both = await runShare(stage, { name: `both-${round}`, workers: 2, rows: lines, warmUp: warmUpRows })
    pairs.push({ alone, both })
  }
  return pairs
}

function failOnDrops(figures: FiguresById): void {
  for (const drop of findSevereDrops(figures, isQuick ? 'quick' : 'full')) {
    process.stderr.write(`far slower or larger than documented: ${drop}\n`)
    process.exitCode = 1
  }
}

// What the bench of the Kafka source runs on: a broker, topics of generated rows, and the commands that read them.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createTopic, fillTopic } from '../app/kafka/fill-topic.ts'
import { KafkaBroker } from '../services/kafka-broker.ts'
import type { DrainTask } from './drain-source.ts'
import { generateRows } from './generate-rows.ts'
import { runDrain } from './run-drain.ts'
import { measureFile, type Workload } from './workloads.ts'

const project = fileURLToPath(new URL('../../', import.meta.url))
export const fcscope = join(project, 'bin/fcscope')
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
export const partitions = 4

/** Set for each run. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: what the configuration expands
const groupOfRun = 'bench-${env:BENCH_GROUP:-none}'

/** A topic of the stage. */
export interface StageTopic {
  readonly name: string
  readonly messages: number
}

export class KafkaStage {
  readonly broker: KafkaBroker
  readonly rows: Workload
  readonly folder: string

  private constructor(broker: KafkaBroker, rows: Workload, folder: string) {
    this.broker = broker
    this.rows = rows
    this.folder = folder
  }

  static async open(rows: number): Promise<KafkaStage> {
    const folder = mkdtempSync(join(tmpdir(), 'fcscope-bench-'))
    const path = join(folder, 'rows.jsonl')
    generateRows(path, rows)
    const about = 'generated Logstore rows, with request metrics'
    const broker = await KafkaBroker.start()
    return new KafkaStage(broker, { name: 'C', path, about, ...measureFile(path) }, folder)
  }

  /** Removes everything. */
  async close(): Promise<void> {
    await this.broker.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  topicOf(name: string): { readonly broker: string; readonly topic: string; readonly partitions: number } {
    return { broker: this.broker.address, topic: name, partitions }
  }

  /** A topic with a message for every row. */
  async fill(name: string): Promise<StageTopic> {
    await createTopic(this.topicOf(name))
    return { name, messages: await fillTopic(this.rows.path, this.topicOf(name)) }
  }

  /** A topic as `fcscope route` writes it: messages of many rows of one function. */
  async route(from: StageTopic, name: string): Promise<StageTopic> {
    await createTopic(this.topicOf(name))
    const [program = '', ...words] = this.routing(from, name)
    const { status } = spawnSync(program, words, { stdio: ['ignore', 'ignore', 'inherit'] })
    if (status !== 0) throw new Error(`route failed (${status})`)
    // Offsets do not tell: every transaction leaves a mark in each partition that it wrote to.
    return { name, messages: runDrain(this.#taskOf(name, 'engine', 0)).records }
  }

  #taskOf(topic: string, take: DrainTask['take'], records: number): DrainTask {
    const source = { type: 'kafka', ...this.#sourceOf(topic), groupId: 'counting' }
    return { source, take, records, rows: this.rows.records }
  }

  /** `fcscope route --once` of a topic into another one. */
  routing(from: StageTopic, to: string): readonly string[] {
    const sources = [{ type: 'kafka', ...this.#sourceOf(from.name) }]
    const route = { brokers: [this.broker.address], topic: to }
    return this.#anew(`route-${to}`, { sources, route }, 'route')
  }

  /** `fcscope run --once` of a topic into a new embedded store. */
  running(topic: StageTopic): readonly string[] {
    return this.#anew(`run-${topic.name}`, { sources: [{ type: 'kafka', ...this.#sourceOf(topic.name) }] }, 'run')
  }

  /** Where the store of {@link running} is, and everything else of it. */
  configOf(topic: StageTopic): string {
    return this.path(`run-${topic.name}/fcscope.yaml`)
  }

  /** The source with nothing behind it, or the engine. */
  draining(topic: StageTopic, take: 'drop' | 'engine'): readonly string[] {
    const { name, messages } = topic
    const task = JSON.stringify(this.#taskOf(name, take, messages))
    const flags = ['--max-semi-space-size=16', '--no-concurrent-sparkplug']
    // The group of each run is a new one.
    const script = 'exec "$@" "bench-$$"'
    return ['/bin/sh', '-c', script, 'drain', process.execPath, ...flags, here('drain-source.ts'), task]
  }

  reading({ name, messages }: StageTopic): readonly string[] {
    const quiet = '--disable-warning=TimeoutNegativeWarning'
    return [process.execPath, quiet, here('kafka-client.ts'), this.broker.address, name, String(messages)]
  }

  #sourceOf(topic: string): Readonly<Record<string, unknown>> {
    return { brokers: [this.broker.address], topics: [topic], groupId: groupOfRun, startAt: 'beginning' }
  }

  /** A command in a folder that is emptied before it, and with a group that is new. */
  #anew(name: string, config: object, command: string): readonly string[] {
    const folder = this.path(name)
    mkdirSync(folder, { recursive: true })
    const file = join(folder, 'fcscope.yaml')
    writeFileSync(file, JSON.stringify({ ...config, metrics: { listen: '127.0.0.1:0' } }))
    const script = 'rm -rf "$1"; shift; BENCH_GROUP=$$ exec "$@"'
    const words = [fcscope, command, '-c', file, '--once', '--log-level', 'error']
    return ['/bin/sh', '-c', script, 'anew', join(folder, '.fcscope'), ...words]
  }
}

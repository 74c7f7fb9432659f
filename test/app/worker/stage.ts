// A folder of its own for a worker, its state and its store, with traffic to read.
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fcscope, type Outcome, run } from '../../cli/run-fcscope.ts'
import { assertCounted, assertStored } from './compare.ts'
import { MetricsPage } from './metrics-page.ts'
import { readStored } from './stored.ts'
import { mustBeDone, readTruth, type Truth } from './truth.ts'
import { WorkerProcess } from './worker-process.ts'

export interface TrafficOptions {
  readonly lines: number
  readonly seed: number
  readonly format: 'text' | 'sls'
  readonly extra?: readonly string[]
}

/** A worker's place. */
export class WorkerStage {
  readonly folder: string
  readonly #workers: WorkerProcess[] = []

  constructor(config = 'sources: [{type: file, paths: ["logs/*.log*"], pollMs: 20, scanMs: 100}]\n') {
    this.folder = mkdtempSync(join(tmpdir(), 'fcscope-worker-'))
    mkdirSync(this.path('logs'))
    this.configure(config)
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  /** Metrics listen on any free port unless the text says something else. */
  configure(text: string): void {
    const metrics = text.includes('metrics:') ? '' : 'metrics: {listen: "127.0.0.1:0"}\n'
    writeFileSync(this.path('fcscope.yaml'), `${text}${metrics}`)
  }

  /** Makes traffic with every fault, the same for the same seed. */
  async generate(name: string, { lines, seed, format, extra = [] }: TrafficOptions): Promise<Buffer> {
    const words = ['generate', '--lines', String(lines), '--seed', String(seed), '--format', format, ...extra]
    mustBeDone(await run(fcscope, [...words, '--out', this.path(name)]), words)
    return readFileSync(this.path(name))
  }

  start(options: Partial<ConstructorParameters<typeof WorkerProcess>[0]> = {}): WorkerProcess {
    const worker = new WorkerProcess({ folder: this.folder, ...options })
    this.#workers.push(worker)
    // All that workers said, for whoever looks into a folder that a failed test has left.
    worker.child.stderr?.on('data', (part: string) => appendFileSync(this.path('workers.log'), part))
    worker.child.on('exit', (status, signal) => appendFileSync(this.path('workers.log'), `-- ${status ?? signal}\n`))
    return worker
  }

  /** `fcscope run --once` as it ends. */
  async once(options: { words?: readonly string[]; input?: string | Uint8Array } = {}): Promise<Outcome> {
    const { words = [], input } = options
    const how = { folder: this.folder, ...(input === undefined ? {} : { input }) }
    const outcome = await run(fcscope, ['run', '--once', ...words], how)
    appendFileSync(this.path('workers.log'), `${outcome.stderr}-- ${outcome.status}\n`)
    return outcome
  }

  /** Reads everything to its present end, and fails when that fails. */
  async finish(): Promise<Outcome> {
    return mustBeDone(await this.once(), ['run', '--once'])
  }

  /** The counters as a worker has them that starts now. */
  async counters(): Promise<MetricsPage> {
    // Where standard input is a source, the worker would end with it.
    const worker = this.start({ stdin: 'pipe' })
    try {
      return await MetricsPage.read(await worker.ready())
    } finally {
      await worker.stop()
    }
  }

  /** Store and, unless told otherwise, counters against what the batch commands say of these files. */
  async mustHold(files: readonly string[], options: { about: string; counters?: boolean }): Promise<Truth> {
    const truth = await readTruth(files.map(file => this.path(file)))
    assertStored(await readStored(this.folder), truth, options.about)
    if (options.counters !== false) assertCounted(await this.counters(), truth, options.about)
    return truth
  }

  remove(name: string): void {
    rmSync(this.path(name), { recursive: true, force: true })
  }

  /** Ends workers that a failed test has left. */
  async end(): Promise<void> {
    await Promise.all(this.#workers.filter(worker => !worker.hasEnded).map(worker => worker.kill()))
  }

  /** The end of a test that went well. */
  async clear(): Promise<void> {
    await this.end()
    this.remove('.')
  }
}

// A worker that follows one log into an embedded store, for benches that watch it from outside.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStoreReader, type StoreReader } from '../../src/app/open-store-reader.ts'
import { loadWorkerConfig } from '../../src/app/worker-config.ts'
import { MetricsPage } from '../app/worker/metrics-page.ts'
import { WorkerProcess } from '../app/worker/worker-process.ts'

/** Started, with its log at `logs/app.log`. */
export class FollowedWorker {
  readonly folder: string
  readonly process: WorkerProcess
  #metrics = ''
  #reader: StoreReader | null = null

  private constructor(folder: string) {
    this.folder = folder
    this.process = new WorkerProcess({ folder })
  }

  /** With the defaults but for the ports; `more` is further configuration. */
  static async start(more = ''): Promise<FollowedWorker> {
    const folder = mkdtempSync(join(tmpdir(), 'fcscope-bench-'))
    mkdirSync(join(folder, 'logs'))
    const config = `sources: [{type: file, paths: ["logs/app.log"]}]\nmetrics: {listen: "127.0.0.1:0"}\n${more}`
    writeFileSync(join(folder, 'fcscope.yaml'), config)
    const worker = new FollowedWorker(folder)
    worker.#metrics = await worker.process.ready()
    worker.#reader = await openStoreReader(loadWorkerConfig(join(folder, 'fcscope.yaml'), {}))
    if (worker.#reader.worker === null) throw new Error('the worker does not answer queries')
    return worker
  }

  get pid(): number {
    return this.process.child.pid ?? 0
  }

  get log(): string {
    return join(this.folder, 'logs/app.log')
  }

  metrics(): Promise<MetricsPage> {
    return MetricsPage.read(this.#metrics)
  }

  /** Asked of the running worker, through its socket. */
  async query<Row>(sql: string): Promise<readonly Row[]> {
    const answer = await this.#reader?.connection.query({ sql })
    const lines = answer?.toString('utf8').split('\n') ?? []
    return lines.filter(line => line !== '').map(line => JSON.parse(line))
  }

  /** Resolves when the worker has ended as it should. */
  async stop(): Promise<void> {
    await this.#reader?.connection.close()
    this.#reader = null
    const { status, signal } = await this.process.stop()
    if (status !== 0) throw new Error(`the worker ended with ${status ?? signal}:\n${this.process.stderr}`)
  }

  async remove(): Promise<void> {
    if (!this.process.hasEnded) await this.process.kill()
    rmSync(this.folder, { recursive: true })
  }
}

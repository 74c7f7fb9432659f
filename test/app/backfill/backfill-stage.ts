// A Logstore that can be searched, a worker's place beside it, and `fcscope backfill` between the two.
import { writeFileSync } from 'node:fs'
import { fcscope, type Outcome, run } from '../../cli/run-fcscope.ts'
import { type FakeRow, FakeSearch, fakeKeys, fakePlace } from '../../sources/sls-search/fake-search.ts'
import { WorkerStage } from '../worker/stage.ts'
import { query } from '../worker/stored.ts'
import { mustBeDone } from '../worker/truth.ts'

export const keys = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: fakeKeys.accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: fakeKeys.accessKeySecret,
}

export const timeText = (seconds: number): string => new Date(seconds * 1000).toISOString()

export const rowsOfText = (text: string): FakeRow[] =>
  text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line))

export const secondsOf = (row: FakeRow): number => Number(row['__time__'])

export interface Span {
  readonly from: number
  readonly to: number
}

export class BackfillStage {
  readonly worker: WorkerStage
  readonly fake = new FakeSearch()
  /** All rows, in order of time. */
  rows: readonly FakeRow[] = []

  private constructor(config?: string) {
    this.worker = config === undefined ? new WorkerStage() : new WorkerStage(config)
  }

  /** With the same traffic in the Logstore for the same seed. */
  static async open(options: {
    lines: number
    seed: number
    extra?: readonly string[]
    config?: string
  }): Promise<BackfillStage> {
    const { lines, seed, extra = [], config } = options
    const stage = new BackfillStage(config)
    await stage.fake.start()
    const traffic = await stage.worker.generate('made.log', { lines, seed, format: 'sls', extra })
    // The service gives rows in order of time: what must come out is what comes of them in that order.
    stage.rows = rowsOfText(traffic.toString('utf8')).toSorted((a, b) => secondsOf(a) - secondsOf(b))
    stage.fake.rows = [...stage.rows]
    stage.write('all.log', stage.rows)
    return stage
  }

  write(name: string, rows: readonly FakeRow[]): void {
    writeFileSync(this.worker.path(name), rows.map(row => `${JSON.stringify(row)}\n`).join(''))
  }

  /** All of the traffic. */
  get span(): Span {
    return { from: secondsOf(this.rows[0]!), to: secondsOf(this.rows.at(-1)!) + 1 }
  }

  words({ from, to }: Span, more: readonly string[] = []): string[] {
    const place = ['--endpoint', this.fake.endpoint, '--project', fakePlace.project, '--logstore', fakePlace.logstore]
    return ['backfill', ...place, '--from', timeText(from), '--to', timeText(to), ...more]
  }

  try(span: Span = this.span, more: readonly string[] = []): Promise<Outcome> {
    return run(fcscope, this.words(span, more), { folder: this.worker.folder, environment: keys })
  }

  /** The line that it ends with. */
  async backfill(span: Span = this.span, more: readonly string[] = []): Promise<string> {
    const { stderr } = mustBeDone(await this.try(span, more), this.words(span, more))
    return stderr.trimEnd().split('\n').at(-1) ?? ''
  }

  /** All rows of the tables of which something could be doubled. */
  async everything(): Promise<unknown> {
    const lines = 'SELECT Timestamp, Body, requestId, instanceID, streamId, position FROM log_lines ORDER BY ALL'
    const attempts = 'SELECT * EXCEPT (revision) FROM invocations ORDER BY ALL'
    return [await query(this.worker.folder, lines), await query(this.worker.folder, attempts)]
  }

  async clear(): Promise<void> {
    await this.fake.stop()
    await this.worker.clear()
  }
}

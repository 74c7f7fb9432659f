// Attempts in the making, and metrics as a scrape reads them after a commit.
import { Registry } from 'prom-client'
import type { Attempt } from '../../../src/model/attempt.ts'
import type { AttemptCosts } from '../../../src/model/attempt-costs.ts'
import { emptyAttempt } from '../../../src/reconstruct/empty-attempt.ts'
import { AttemptMetrics, type GivenMetrics } from '../../../src/sinks/prometheus/attempt-metrics.ts'
import { type Family, readExposition, sumOf } from '../../telemetry/exposition.ts'

export const usual: Attempt = {
  ...emptyAttempt(),
  requestId: 'r-1',
  functionName: 'f',
  serviceName: 's',
  qualifier: 'LATEST',
  status: 'ok',
  durationMs: 25,
  billedMs: 26,
  memoryMB: 512,
  maxMemoryUsedMB: 64,
  sources: { durationMs: 'metrics' },
}
const first: GivenMetrics = { isFirst: true, wasFailure: false, wasMeasured: false, isFinal: false }

/** Metrics, and what a scrape would read after a commit. */
export class Rig {
  readonly registry = new Registry()
  readonly metrics: AttemptMetrics

  constructor(maxFunctions = 10, costs: AttemptCosts | null = null) {
    this.metrics = new AttemptMetrics({ registry: this.registry, maxFunctions, costs })
  }

  take(says: Partial<Attempt> = {}, given: Partial<GivenMetrics> = {}): boolean {
    return this.metrics.take({ ...usual, ...says }, { ...first, ...given })
  }

  async read(): Promise<Map<string, Family>> {
    this.metrics.takeChanges()
    this.metrics.expose()
    return readExposition(await this.registry.metrics())
  }

  /** Sums of these series. */
  async sums(...names: string[]): Promise<number[]> {
    const families = await this.read()
    return names.map(name => sumOf(families, name))
  }
}

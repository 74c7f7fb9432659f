// Real backends of spans for tests, on ports and in folders of their own: an OpenTelemetry Collector that writes what it takes into a
// file, and Jaeger. The scripts beside the checkout build them once, which takes minutes.
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'
import { freePort } from './free-port.ts'

const scripts = fileURLToPath(new URL('../../../shared/services/', import.meta.url))
const cache = process.env['FCSCOPE_SERVICES'] ?? join(homedir(), '.cache', 'fc-services')
/** What the scripts make: the folder's name, and the programs in it. */
const programs = { otelcol: ['otelcol-0.160.0', 'dist'], jaeger: ['jaeger-1.62.0', 'jaeger'] } as const
type Name = keyof typeof programs

/** Why there can be no backends here; false when there can. */
export const noBackends: string | false = reasonAgainst()

function reasonAgainst(): string | false {
  if (!existsSync(join(scripts, 'otelcol.sh'))) return 'no scripts that start backends'
  const isBuilt = Object.values(programs).every(([folder, program]) => existsSync(join(cache, folder, program)))
  if (isBuilt) return false
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' })
    return false
  } catch {
    return 'no go to build them'
  }
}

/** One of the scripts, with a folder and ports of its own. */
class Service {
  readonly folder = mkdtempSync(join(tmpdir(), 'fcscope-traces-'))
  readonly #name: Name
  readonly #environment: NodeJS.ProcessEnv

  constructor(name: Name, ports: Readonly<Record<string, number>>) {
    this.#name = name
    const [folder, program] = programs[name]
    mkdirSync(join(this.folder, folder))
    if (!existsSync(join(cache, folder, program))) {
      const script = join(scripts, `${name}.sh`)
      for (const word of ['start', 'stop']) execFileSync(script, [word], { stdio: 'ignore' })
    }
    symlinkSync(join(cache, folder, program), join(this.folder, folder, program))
    const texts = Object.entries(ports).map(([key, port]) => [key, String(port)] as const)
    this.#environment = { ...process.env, ...Object.fromEntries(texts), FCSCOPE_SERVICES: this.folder }
  }

  async run(word: 'start' | 'stop'): Promise<void> {
    await promisify(execFile)(join(scripts, `${this.#name}.sh`), [word], { env: this.#environment })
  }

  async end(): Promise<void> {
    await this.run('stop')
    rmSync(this.folder, { recursive: true, force: true })
  }
}

const attribute = z.object({ key: z.string(), value: z.record(z.string(), z.unknown()) })
const span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().default(''),
  name: z.string(),
  attributes: z.array(attribute).default([]),
})
const points = z.object({
  dataPoints: z.array(z.object({ attributes: z.array(attribute).default([]), asDouble: z.number().default(0) })),
})
const metric = z.object({ name: z.string(), sum: points.optional(), gauge: points.optional() })
/** A line has either. */
const exported = z.object({
  resourceSpans: z.array(z.object({ scopeSpans: z.array(z.object({ spans: z.array(span) })) })).default([]),
  resourceMetrics: z.array(z.object({ scopeMetrics: z.array(z.object({ metrics: z.array(metric) })) })).default([]),
})

/** A span as a backend has it. */
export interface BackendSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string
  readonly name: string
}

/** A collector; what it took before it was started anew is remembered. */
export class Collector {
  readonly #service: Service
  readonly httpUrl: string
  readonly grpcUrl: string
  #before: BackendSpan[] = []

  private constructor(http: number, grpc: number) {
    this.#service = new Service('otelcol', { OTEL_HTTP_PORT: http, OTEL_GRPC_PORT: grpc })
    this.httpUrl = `http://127.0.0.1:${http}`
    this.grpcUrl = `http://127.0.0.1:${grpc}`
  }

  static async start(): Promise<Collector> {
    const collector = new Collector(await freePort(), await freePort())
    await collector.#service.run('start')
    return collector
  }

  /** All spans that came, in their order, as often as they came. */
  spans(): readonly BackendSpan[] {
    const file = join(this.#service.folder, programs.otelcol[0], 'out.jsonl')
    if (!existsSync(file)) return this.#before
    // The last line may be half written.
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
    return [
      ...this.#before,
      ...lines.flatMap(line =>
        exported
          .parse(JSON.parse(line))
          .resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
      ),
    ]
  }

  /** The newest value of each series without labels that came, by the name of its metric. */
  metrics(): ReadonlyMap<string, number> {
    const file = join(this.#service.folder, programs.otelcol[0], 'out.jsonl')
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []
    const all = lines
      .flatMap(line => exported.parse(JSON.parse(line)).resourceMetrics)
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
    return new Map(
      all.flatMap(({ name, sum, gauge }) => {
        const points = (sum ?? gauge)?.dataPoints.filter(({ attributes }) => attributes.length === 0) ?? []
        return points.map(({ asDouble }) => [name, asDouble] as const)
      }),
    )
  }

  /** Lets it write what it has, and ends it. */
  async halt(): Promise<void> {
    await this.#service.run('stop')
    this.#before = [...this.spans()]
    rmSync(join(this.#service.folder, programs.otelcol[0], 'out.jsonl'), { force: true })
  }

  async comeBack(): Promise<void> {
    await this.#service.run('start')
  }

  async end(): Promise<void> {
    await this.#service.end()
  }
}

const found = z.object({
  data: z.array(
    z.object({
      traceID: z.string(),
      spans: z.array(
        z.object({
          traceID: z.string(),
          spanID: z.string(),
          operationName: z.string(),
          references: z.array(z.object({ refType: z.string(), spanID: z.string() })),
          tags: z.array(z.object({ key: z.string(), value: z.unknown() })),
        }),
      ),
    }),
  ),
})
export type JaegerTrace = z.output<typeof found>['data'][number]

/** It looks at the last days only, unless it is told; unix microseconds. */
const always = { start: '1', end: '4102444800000000' }

/** Jaeger with its memory. */
export class Jaeger {
  readonly #service: Service
  readonly #query: string
  readonly httpUrl: string
  readonly grpcUrl: string

  private constructor([http, grpc, query]: readonly [number, number, number]) {
    this.#service = new Service('jaeger', { JAEGER_OTLP_PORT: http, JAEGER_GRPC_PORT: grpc, JAEGER_QUERY_PORT: query })
    this.httpUrl = `http://127.0.0.1:${http}`
    this.grpcUrl = `http://127.0.0.1:${grpc}`
    this.#query = `http://127.0.0.1:${query}`
  }

  static async start(): Promise<Jaeger> {
    const jaeger = new Jaeger([await freePort(), await freePort(), await freePort()])
    await jaeger.#service.run('start')
    return jaeger
  }

  /** The trace of an id, or none. */
  async trace(traceId: string): Promise<JaegerTrace | null> {
    return (await this.#ask(`/api/traces/${traceId}`))[0] ?? null
  }

  /** Traces of a service with a span that has this tag. */
  async search(service: string, tag: Readonly<Record<string, string>>): Promise<readonly JaegerTrace[]> {
    const words = new URLSearchParams({ service, tags: JSON.stringify(tag), limit: '20', ...always })
    return this.#ask(`/api/traces?${words}`)
  }

  async #ask(path: string): Promise<readonly JaegerTrace[]> {
    const answer = await fetch(`${this.#query}${path}`)
    if (answer.status === 404) return []
    return found.parse(await answer.json()).data
  }

  async end(): Promise<void> {
    await this.#service.end()
  }
}

// Sources on a fake search, and what they give; everything ends with the test. Nothing waits: waits are written down.
import type { TestContext } from 'node:test'
import type { SearchCredentialsProvider } from '../../../src/sources/sls-search/search-api.ts'
import { openSearchCalls } from '../../../src/sources/sls-search/search-calls.ts'
import { SearchPatience } from '../../../src/sources/sls-search/search-patience.ts'
import { SearchSource, type SearchSourceParts } from '../../../src/sources/sls-search/search-source.ts'
import { SourceWorld } from '../shared/source-world.ts'
import { type FakeRow, FakeSearch, fakeKeys, fakePlace } from './fake-search.ts'

export const startSeconds = 1_736_928_000

/** So many rows, of which `perSecond` have the same time. */
export const rowsOf = (count: number, perSecond = 10): FakeRow[] =>
  Array.from({ length: count }, (_, i) => ({
    __time__: String(startSeconds + Math.floor(i / perSecond)),
    __topic__: 'FCLogs:f',
    message: `row ${i}`,
  }))

export class SearchRig {
  readonly fake = new FakeSearch()
  readonly world = new SourceWorld()
  readonly waits: number[] = []
  /** The clock that waits move. */
  elapsedMs = 0
  random = 0.5
  inFlight = 4
  limitMs = 60_000
  query: string | null = null
  credentials: SearchCredentialsProvider = {
    get: async () => ({ ...fakeKeys, securityToken: null }),
    invalidate: () => {},
  }

  static async start(t: TestContext, rows: readonly FakeRow[] = []): Promise<SearchRig> {
    const rig = new SearchRig()
    rig.fake.rows = [...rows]
    await rig.fake.start()
    t.after(async () => {
      await rig.fake.stop()
      rig.world.remove()
    })
    return rig
  }

  async connect() {
    const { fake, credentials, inFlight, limitMs, query } = this
    const place = { ...fakePlace, address: fake.address, credentials, inFlight, limitMs, query }
    return openSearchCalls({ ...place, nowMs: Date.now })
  }

  get clock(): Pick<SearchSourceParts, 'sleep' | 'random' | 'monotonicMs'> {
    return {
      sleep: async (ms, signal) => {
        signal.throwIfAborted()
        this.waits.push(ms)
        this.elapsedMs += ms
        await new Promise(setImmediate)
      },
      random: () => this.random,
      monotonicMs: () => this.elapsedMs,
    }
  }

  async patience(t: TestContext, giveUpMs = 300_000): Promise<SearchPatience> {
    const calls = await this.connect()
    t.after(() => calls.close())
    const { signal } = new AbortController()
    return new SearchPatience({ calls, signal, ...this.clock, log: this.world.deps().log, giveUpMs })
  }

  /** Reads these spans of seconds from the start. */
  source(
    t: TestContext,
    spans: readonly (readonly [number, number])[],
    options: { maxRows?: number } = {},
  ): SearchSource {
    const source = new SearchSource({
      ...fakePlace,
      endpoint: this.fake.endpoint,
      spans: spans.map(([from, to], i) => ({
        from: startSeconds + from,
        to: startSeconds + to,
        streamId: `000000000000000${i + 1}`,
      })),
      connect: () => this.connect(),
      inFlight: this.inFlight,
      deps: this.world.deps(true),
      ...this.clock,
      ...options,
    })
    t.after(() => source.stop())
    return source
  }
}

export interface GivenRows {
  /** Rows by stream, in the order in which they came. */
  readonly rows: ReadonlyMap<string, readonly FakeRow[]>
  readonly chunks: number
}

/** Takes everything that a started source gives, through windows of this size. */
export async function takeAll(source: SearchSource, world: SourceWorld, windowBytes = 65_536): Promise<GivenRows> {
  const texts = new Map<string, string>()
  let window = new Uint8Array(windowBytes)
  let chunks = 0
  while (!source.isDone()) {
    const waiting = world.nextWake()
    const chunk = source.read(window)
    if (chunk === null) {
      if (!source.isDone()) await waiting
      continue
    }
    chunks += 1
    const bytes = window.subarray(0, chunk.length)
    const end = bytes.lastIndexOf(10) + 1
    if (end === 0) window = new Uint8Array(window.length * 2)
    const before = texts.get(chunk.stream.id) ?? ''
    if (chunk.position !== Buffer.byteLength(before)) throw new Error(`${chunk.position} behind ${before.length} bytes`)
    texts.set(chunk.stream.id, before + Buffer.from(bytes.subarray(0, end)).toString('utf8'))
    source.advance(chunk, end)
  }
  const rows = [...texts].map(([id, text]): [string, FakeRow[]] => {
    const lines = text.split('\n').filter(line => line !== '')
    return [id, lines.map(line => JSON.parse(line))]
  })
  return { rows: new Map(rows), chunks }
}

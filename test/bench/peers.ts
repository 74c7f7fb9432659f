// What other tools reached on workload A, once, with two shared cores; they are not run again with the bench.

export interface Peer {
  readonly tool: string
  readonly job: string
  readonly linesPerSecond: number
  /** What is missing to tell the truth about every invocation. */
  readonly missing: string
}

const afterParsing = 'everything after parsing'

// biome-ignore format: a table
export const peers: readonly Peer[] = [
  { tool: 'Vector 0.58', job: 'three regular expressions', linesPerSecond: 69_000, missing: afterParsing },
  { tool: 'Vector 0.58', job: '+ `reduce` by request id', linesPerSecond: 45_000, missing: 'lines without an id, duration, memory, billed time, cold starts, retries, missing Ends' },
  { tool: 'Fluent Bit 5.1', job: 'three regular expressions (per CPU second)', linesPerSecond: 247_000, missing: afterParsing },
  { tool: 'OpenTelemetry Collector', job: 'three regular expressions', linesPerSecond: 228_000, missing: afterParsing },
  { tool: 'OpenTelemetry Collector', job: '+ groups by request id', linesPerSecond: 157_000, missing: 'groups beyond one batch' },
  { tool: 'Vector 0.58', job: 'lines joined, then `reduce`: healthy invocations whole', linesPerSecond: 50_000, missing: 'retries, missing Ends, cold starts, interleaved lines without an id' },
  { tool: 'OpenTelemetry Collector', job: 'lines joined and recombined: healthy invocations whole', linesPerSecond: 120_000, missing: 'the same, and levels' },
  { tool: 'Fluent Bit 5.1', job: '+ a Lua script for healthy invocations (per CPU second)', linesPerSecond: 435_000, missing: 'retries, missing Ends, cold starts, interleaved lines without an id' },
  { tool: 'mtail', job: 'counters and a histogram', linesPerSecond: 202_000, missing: 'invocations' },
  { tool: 'Node 20, by hand', job: 'readline, regular expressions, Map', linesPerSecond: 725_000, missing: 'every fault; memory grows with the file' },
  { tool: 'Python, by hand', job: 'regular expressions, dict', linesPerSecond: 420_000, missing: 'every fault; memory grows with the file' },
  { tool: 'awk, by hand', job: 'regular expressions, arrays', linesPerSecond: 295_000, missing: 'every fault; memory grows with the file' },
]

// Writes workload A: healthy Function Compute text, about 134 bytes a line and 7.5 lines an invocation, some 50 interleaved.
// Not made by `generate`, so that neither side is tuned to the other.
import { closeSync, openSync, writeSync } from 'node:fs'
import { Random } from '../../src/lib/random.ts'

export interface WorkloadA {
  readonly path: string
  readonly lines: number
  readonly invocations: number
}

interface Invocation {
  readonly id: string
  readonly appLines: number
  written: number
}

const concurrency = 50
const flushBytes = 1 << 20
const messages = [
  'order accepted for a customer, items checked against the stock list, carrier picked by weight, reference ',
  'method: POST path: /2016-08-15/orders/submit status: 200 took a few ms, body kept in the cache of tenant ',
  'read object from the bucket, parsed its head, wrote a thumbnail beside it, and told the queue about the key: ',
  'query finished on the replica, rows mapped to documents, the next page token kept as number ',
  'message taken from the topic, checked, applied to the ledger and confirmed, offset ',
] as const

/** Writes whole invocations until there are `lines` lines or a few more; the same seed gives the same bytes. */
export function writeWorkloadA(path: string, options: { lines: number; seed: number }): WorkloadA {
  const random = new Random(options.seed)
  const file = openSync(path, 'w')
  const open: Invocation[] = []
  let text = ''
  let lines = 0
  let invocations = 0
  let clockMs = Date.UTC(2025, 0, 15, 8)
  for (;;) {
    while (open.length < concurrency && lines < options.lines) {
      const next = { id: uuid(random), appLines: random.between(2, 7), written: 0 }
      open.push(next)
      invocations += 1
      lines += 1
      text += `FC Invoke Start RequestId: ${next.id}\n`
    }
    if (open.length === 0) break
    clockMs += random.below(2)
    const place = random.below(open.length)
    const one = open[place]
    if (one === undefined) break
    if (one.written < one.appLines) {
      one.written += 1
      lines += 1
      text += appLine(random, one.id, clockMs)
    } else {
      open.splice(place, 1)
      lines += 2
      text += endAndSummary(random, one.id)
    }
    if (text.length > flushBytes) {
      writeSync(file, text)
      text = ''
    }
  }
  writeSync(file, text)
  closeSync(file)
  return { path, lines, invocations }
}

function appLine(random: Random, id: string, atMs: number): string {
  const dice = random.below(100)
  const level = dice < 86 ? 'INFO' : dice < 92 ? 'DEBUG' : dice < 97 ? 'WARNING' : 'ERROR'
  const message = random.pick(messages)
  return `${new Date(atMs).toISOString()} ${id} [${level}] ${message}${random.below(1_000_000)}\n`
}

function endAndSummary(random: Random, id: string): string {
  const durationMs = random.between(1_00, 900_00) / 100
  const usedMB = (random.between(20_00, 250_00) / 100).toFixed(2)
  const suffix = random.below(100) === 0 ? ', Error: Unhandled function error' : ''
  return (
    `FC Invoke End RequestId: ${id}${suffix}\n` +
    `Duration: ${durationMs.toFixed(2)} ms, Billed Duration: ${Math.ceil(durationMs)} ms, ` +
    `Memory Size: 256 MB, Max Memory Used: ${usedMB} MB\n`
  )
}

function uuid(random: Random): string {
  const hex = random.hex(32)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

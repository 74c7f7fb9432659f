// The inputs of the whole-process bench, made anew in a folder of their own, the same bytes every time.
import { spawnSync } from 'node:child_process'
import { closeSync, fsyncSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Random } from '../../src/lib/random.ts'
import { writeWorkloadA } from './write-workload-a.ts'

export interface Workload {
  readonly name: string
  readonly path: string
  /** Lines or rows. */
  readonly records: number
  readonly bytes: number
  readonly about: string
}

export interface Workloads {
  readonly a: Workload & { readonly invocations: number }
  readonly b: Workload
  readonly c: Workload
  readonly d: Workload
  readonly e: Workload
}

/** `share` of the full size: 1, or less for a quick look. */
export function makeWorkloads(options: { folder: string; fcscope: string; share: number }): Workloads {
  const { folder, fcscope, share } = options
  const million = Math.round(1_000_000 * share)
  const a = writeWorkloadA(join(folder, 'a.log'), { lines: 2 * million, seed: 11 })
  const generate = (name: string, lines: number, format: string): string => {
    const path = join(folder, name)
    const amount = ['--lines', String(lines), '--concurrency', '50', '--seed', '7']
    const { status } = spawnSync(fcscope, ['generate', ...amount, '--format', format, '--out', path], {
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    if (status !== 0) throw new Error(`generate failed (${status})`)
    return path
  }
  return {
    a: { ...workload('A', a.path, 'healthy text, 50 invocations interleaved'), invocations: a.invocations },
    b: workload('B', generate('b.log', 2 * million, 'text'), 'generated text, every runtime and fault'),
    c: workload('C', generate('c.jsonl', million, 'sls'), 'generated Logstore rows, with request metrics'),
    d: workload('D', writeOpenStarts(join(folder, 'd.log'), million), 'Starts without an End'),
    e: workload('E', writeOneLine(join(folder, 'e.log')), 'one line'),
  }
}

function workload(name: string, path: string, about: string): Workload {
  return { name, path, about, ...measureFile(path) }
}

/** Counts lines, and sees to it that writing back to the disk does not go on while something is measured. */
export function measureFile(path: string): { records: number; bytes: number } {
  const file = openSync(path, 'r+')
  fsyncSync(file)
  const chunk = Buffer.allocUnsafe(1 << 20)
  let records = 0
  let bytes = 0
  for (let count = readSync(file, chunk); count > 0; count = readSync(file, chunk)) {
    bytes += count
    const part = chunk.subarray(0, count)
    for (let at = part.indexOf(10); at >= 0; at = part.indexOf(10, at + 1)) records += 1
  }
  closeSync(file)
  return { records, bytes }
}

function writeOpenStarts(path: string, count: number): string {
  const random = new Random(13)
  const file = openSync(path, 'w')
  const linesAtOnce = 10_000
  for (let written = 0; written < count; written += linesAtOnce) {
    const lines = Array.from({ length: Math.min(linesAtOnce, count - written) }, () => {
      const instance = `${random.hex(8)}-${random.hex(8)}`
      return `FC Invoke Start RequestId: 1-${instance}-${random.hex(12)}\n`
    })
    writeSync(file, lines.join(''))
  }
  closeSync(file)
  return path
}

function writeOneLine(path: string): string {
  writeFileSync(path, 'FC Invoke Start RequestId: 1-65a24fa0-0b44b15d-431a6b32cc8c\n')
  return path
}

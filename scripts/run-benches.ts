// Runs benches, each in a process of its own, one after the other; options are handed on. `npm run bench` alone runs the one
// of whole processes, which writes docs/performance.md. `npm run bench -- micro` runs the small ones, and any other word those
// whose name contains it: `npm run bench -- parse-line`, `npm run bench -- soak --minutes 5`.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../test/bench/', import.meta.url))
const main = 'whole-process.bench.ts'
/** Those of a worker: they take minutes and a store. */
const large: readonly string[] = [
  main,
  'worker.bench.ts',
  'latency.bench.ts',
  'soak.bench.ts',
  'trace.bench.ts',
  'bill.bench.ts',
  'sls.bench.ts',
  'kafka.bench.ts',
  'otlp.bench.ts',
]
const withValue: readonly string[] = [
  '--rounds',
  '--seconds',
  '--minutes',
  '--lines',
  '--requests',
  '--attempts',
  '--keep',
]
const all = readdirSync(folder)
  .filter(name => name.endsWith('.bench.ts'))
  .sort()

const args = process.argv.slice(2)
const words = args.filter((arg, i) => !arg.startsWith('--') && !withValue.includes(args[i - 1] ?? ''))
const options = args.filter(arg => !words.includes(arg))
const isPicked = (name: string): boolean =>
  words.length === 0
    ? name === main
    : words.some(word => (word === 'micro' ? !large.includes(name) : name.includes(word)))

const picked = all.filter(isPicked)
if (picked.length === 0) {
  process.stderr.write(`no such bench: ${words.join(' ')}. There are ${all.join(', ')}.\n`)
  process.exitCode = 2
}
for (const name of picked) {
  process.stdout.write(`\n${name}\n`)
  const { status } = spawnSync(process.execPath, [`${folder}${name}`, ...options], { stdio: 'inherit' })
  if (status !== 0) {
    process.stderr.write(`${name} failed (${status})\n`)
    process.exitCode = 1
  }
}

// Runs benches, each in a process of its own, one after the other; options are handed on. `npm run bench` alone runs the one
// of whole processes, which writes docs/performance.md. `npm run bench -- micro` runs all others, and any other word those
// whose name contains it: `npm run bench -- parse-line`.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../test/bench/', import.meta.url))
const main = 'whole-process.bench.ts'
const all = readdirSync(folder)
  .filter(name => name.endsWith('.bench.ts'))
  .sort()

const args = process.argv.slice(2)
const words = args.filter((arg, i) => !arg.startsWith('--') && args[i - 1] !== '--rounds')
const options = args.filter(arg => !words.includes(arg))
const isPicked = (name: string): boolean =>
  words.length === 0 ? name === main : words.some(word => (word === 'micro' ? name !== main : name.includes(word)))

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

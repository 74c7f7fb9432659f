// Runs every test/bench/*.bench.ts in a process of its own, one after the other; arguments are handed on.
// A word that is no option picks the benches whose name contains it: `npm run bench -- parse-line`.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../test/bench/', import.meta.url))
const words = process.argv.slice(2)
const options = words.filter(word => word.startsWith('--'))
const picked = words.filter(word => !word.startsWith('--'))
const wanted = (name: string): boolean => picked.length === 0 || picked.some(word => name.includes(word))

for (const name of readdirSync(folder).sort()) {
  if (!name.endsWith('.bench.ts') || !wanted(name)) continue
  process.stdout.write(`\n${name}\n`)
  const { status } = spawnSync(process.execPath, [`${folder}${name}`, ...options], { stdio: 'inherit' })
  if (status !== 0) {
    process.stderr.write(`${name} failed (${status})\n`)
    process.exitCode = 1
  }
}

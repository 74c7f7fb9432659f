// The process edge: arguments, environment, signals, exit status. The only file that may end the process.
// It loads nothing that the command at hand does not need: start-up time is what a user of small commands feels.
import { writeSync } from 'node:fs'
import { readVersion } from './cli/version.ts'

const words = process.argv.slice(2)
const [first = ''] = words
const interrupted = 130

/** What a signal asks of a command that has something to finish; null for all others. */
let stop: (() => void) | null = null
let isStopping = false
process.on('SIGINT', () => {
  if (stop === null || isStopping) process.exit(interrupted)
  isStopping = true
  stop()
})

/** SIGTERM keeps its meaning for whoever has nothing to finish. */
function onInterrupt(listener: () => void): void {
  stop = listener
  process.on('SIGTERM', () => {
    isStopping = true
    listener()
  })
}

if (words.length === 1 && ['--version', '-V'].includes(first)) {
  writeSync(1, `${readVersion()}\n`)
} else {
  const { runCommandLine } = await import('./cli/run-command-line.ts')
  process.exit(await runCommandLine(words, { environment: process.env, unixMs: Date.now, onInterrupt }))
}

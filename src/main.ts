// The process edge: arguments, environment, signals, exit status. The only file that may end the process.
// It loads nothing that the command at hand does not need: start-up time is what a user of small commands feels.
import { readVersion } from './cli/version.ts'

const words = process.argv.slice(2)

if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
  const { writeSync } = await import('node:fs')
  writeSync(1, `${readVersion()}\n`)
} else {
  const interrupted = 130
  process.on('SIGINT', () => process.exit(interrupted))
  const { runCommandLine } = await import('./cli/run-command-line.ts')
  process.exit(await runCommandLine(words, process.env))
}

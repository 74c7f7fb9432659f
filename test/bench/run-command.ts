// Runs one command as a process of its own and says what it took: wall time, processor time, peak memory.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

export interface Command {
  readonly argv: readonly string[]
  /** Files that are piped in, one after the other. */
  readonly stdin?: readonly string[]
  /** No shell and no pipe around it: for commands that take milliseconds. Then only the wall time is known. */
  readonly bare?: boolean
}

export interface Run {
  readonly wallMs: number
  /** User and system time of the command alone, in steps of 10 ms; null where GNU time is not installed. */
  readonly cpuMs: number | null
  readonly peakMB: number | null
}

/** What runs longer than this hangs: the slowest command takes some seconds. */
const maxCpuSeconds = 120

/** Ends with an error when a command fails: a bench of something that does not work says nothing. */
export class CommandRunner {
  readonly #statusPath: string
  readonly #usagePath: string
  readonly #hasTime: boolean

  /** `folder` takes two small files. */
  constructor(folder: string) {
    this.#statusPath = join(folder, 'status')
    this.#usagePath = join(folder, 'usage')
    this.#hasTime = isGnuTime()
  }

  run(command: Command): Run {
    return command.bare === true ? runBare(command) : this.#runInPipe(command)
  }

  /**
   * Output goes through a pipe to `cat`, which reads all of it: `grep -c` straight into /dev/null would stop at its first
   * match, and a program that writes nowhere would be spared a part of its work.
   */
  #runInPipe({ argv, stdin = [] }: Command): Run {
    const time = this.#hasTime ? `/usr/bin/time -o ${quote(this.#usagePath)} -f '%U %S %M' ` : ''
    const feed = stdin.length === 0 ? '' : `cat ${stdin.map(quote).join(' ')} | `
    const script = `ulimit -t ${maxCpuSeconds}; ${feed}{ ${time}${argv.map(quote).join(' ')}; echo $? > ${quote(this.#statusPath)}; } | cat > /dev/null`
    // Nothing may be taken for the status of a run that was killed.
    rmSync(this.#statusPath, { force: true })
    const begun = process.hrtime.bigint()
    spawnSync('/bin/sh', ['-c', script], { stdio: ['ignore', 'ignore', 'inherit'] })
    const wallMs = millisecondsSince(begun)
    const status = existsSync(this.#statusPath) ? readFileSync(this.#statusPath, 'utf8').trim() : 'no status'
    if (status !== '0') throw new Error(`${argv.join(' ')} failed (${status})`)
    if (!this.#hasTime) return { wallMs, cpuMs: null, peakMB: null }
    const [user = 0, system = 0, peakKiB = 0] = readFileSync(this.#usagePath, 'utf8').trim().split(' ').map(Number)
    return { wallMs, cpuMs: (user + system) * 1000, peakMB: peakKiB / 1024 }
  }
}

function runBare({ argv }: Command): Run {
  const [program = '', ...rest] = argv
  const begun = process.hrtime.bigint()
  const { status } = spawnSync(program, rest, { stdio: ['ignore', 'ignore', 'inherit'] })
  const wallMs = millisecondsSince(begun)
  if (status !== 0) throw new Error(`${argv.join(' ')} failed (${status})`)
  return { wallMs, cpuMs: null, peakMB: null }
}

function isGnuTime(): boolean {
  const { status, stderr } = spawnSync('/usr/bin/time', ['-f', '%M', 'true'], { encoding: 'utf8' })
  return status === 0 && /^\d+\n$/.test(stderr)
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}

function millisecondsSince(begun: bigint): number {
  return Number(process.hrtime.bigint() - begun) / 1e6
}

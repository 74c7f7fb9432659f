// Runs bin/fcscope on a pipe and watches its memory.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fcscope } from '../cli/run-fcscope.ts'

/** A stream of bytes to write; undefined at its end. */
export type NextChunk = () => Buffer | undefined

export interface Watched {
  readonly status: number | null
  readonly stderr: string
  /** Number of lines on standard output; their content is gone. */
  readonly outputLines: number
  /** The highest resident memory, in MB of 1,000,000 bytes. */
  readonly peakMB: number
}

/** Writes the chunks to a process as fast as it takes them. */
export async function watchFcscope(words: readonly string[], next: NextChunk): Promise<Watched> {
  const child = spawn(fcscope, words, { env: { ...process.env, LC_ALL: 'C' } })
  const closed = new Promise<number | null>(resolve => child.on('close', resolve))
  let stderr = ''
  let outputLines = 0
  let peakMB = 0
  child.stderr.on('data', part => {
    stderr += part
  })
  child.stdout.on('data', (part: Buffer) => {
    for (let at = part.indexOf(10); at >= 0; at = part.indexOf(10, at + 1)) outputLines++
  })
  // A program that ends early closes its input; its status and its last words say why.
  child.stdin.on('error', () => {})
  const look = (): void => {
    peakMB = Math.max(peakMB, readPeakMB(child.pid))
  }
  const watching = setInterval(look, 100)
  for (let chunk = next(); chunk !== undefined; chunk = next()) {
    if (!child.stdin.writable) break
    if (!child.stdin.write(chunk)) {
      await Promise.race([new Promise(resolve => child.stdin.once('drain', resolve)), closed])
    }
    look()
  }
  child.stdin.end()
  const status = await closed
  clearInterval(watching)
  return { status, stderr, outputLines, peakMB }
}

/** `VmHWM` never falls: the last look before the end knows of every peak but those of the very last moments. */
function readPeakMB(pid: number | undefined): number {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return (Number(kilobytes ?? 0) * 1024) / 1e6
  } catch {
    return 0
  }
}

// Runs bin/fcscope as a user would and gives back what it printed.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const fcscope = fileURLToPath(new URL('../../bin/fcscope', import.meta.url))

export interface Outcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly input?: string | Uint8Array
  readonly environment?: Readonly<Record<string, string>>
  readonly folder?: string
}

/** English unless `environment` says otherwise; an empty standard input unless `input` is given. */
export function runFcscope(words: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return run(fcscope, words, options)
}

export function run(program: string, words: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, LC_ALL: 'C', ...options.environment }
    const child = spawn(program, words, { env, cwd: options.folder })
    const out: string[] = []
    const err: string[] = []
    child.stdout.setEncoding('utf8').on('data', part => out.push(part))
    child.stderr.setEncoding('utf8').on('data', part => err.push(part))
    child.on('error', reject)
    child.on('close', status => resolve({ status, stdout: out.join(''), stderr: err.join('') }))
    // A program that does not read its input closes it: that is its right.
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
  })
}

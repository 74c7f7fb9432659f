// A command that goes on until it is stopped, as a user has it in a terminal.
import { type ChildProcess, spawn } from 'node:child_process'
import { fcscope } from './run-fcscope.ts'

export class FollowProcess {
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  stdout = ''
  stderr = ''

  constructor(folder: string, words: readonly string[]) {
    this.child = spawn(fcscope, words, {
      cwd: folder,
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.ended = new Promise((resolve, reject) => {
      this.child.on('error', reject)
      this.child.on('close', resolve)
    })
    this.child.stdout?.setEncoding('utf8').on('data', part => {
      this.stdout += part
    })
    this.child.stderr?.setEncoding('utf8').on('data', part => {
      this.stderr += part
    })
  }

  /** Whole lines of JSON so far. */
  rows<T>(): readonly T[] {
    return this.stdout
      .slice(0, this.stdout.lastIndexOf('\n') + 1)
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line))
  }

  /** Ctrl-C; the exit status. */
  interrupt(): Promise<number | null> {
    this.child.kill('SIGINT')
    return this.ended
  }
}

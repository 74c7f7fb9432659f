// Logstore rows for benches: every runtime and every fault, with request metrics, the same for the same number.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const fcscope = fileURLToPath(new URL('../../bin/fcscope', import.meta.url))

/** Writes about so many rows into a file. */
export function generateRows(path: string, rows: number): void {
  const amount = ['--lines', String(rows), '--concurrency', '50', '--seed', '7']
  const { status } = spawnSync(fcscope, ['generate', ...amount, '--format', 'sls', '--out', path], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (status !== 0) throw new Error(`generate failed (${status})`)
}

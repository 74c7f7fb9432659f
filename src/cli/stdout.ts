// Standard output as an Output: synchronous while the reader keeps up, a promise while it does not.
import { writeSync } from 'node:fs'
import { FcscopeError } from '../model/fcscope-error.ts'
import { type Output, OutputClosed } from '../model/output.ts'

/** process.stdout would queue without bound and load the stream classes; a descriptor needs neither. */
export function createStdout(fd: number): Output {
  return { write: bytes => writeFrom(fd, bytes, 0) }
}

/** How long to wait when a pipe that another program has set to non-blocking is full. */
const retryMs = 2

function writeFrom(fd: number, bytes: Uint8Array, start: number): void | Promise<void> {
  let at = start
  while (at < bytes.length) {
    try {
      at += writeSync(fd, bytes, at)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null
      if (code !== 'EAGAIN') throw code === 'EPIPE' ? new OutputClosed('nobody reads') : outputFailed(code, error)
      return new Promise(resolve => setTimeout(resolve, retryMs)).then(() => writeFrom(fd, bytes, at))
    }
  }
}

const outputFailed = (code: unknown, cause: unknown): FcscopeError =>
  new FcscopeError(
    'FCS_OUTPUT_FAILED',
    {
      en: `standard output: cannot be written (${code}). Check where it goes: a full disk, a closed terminal.`,
      zh: `标准输出：无法写入（${code}），请检查输出目标是否磁盘已满或终端已关闭。`,
    },
    { cause, exitStatus: 3 },
  )

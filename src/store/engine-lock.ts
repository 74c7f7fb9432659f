// Whether another process has an embedded store open, asked before the engine is: the engine would print its own complaint.
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The file that the engine locks for as long as it runs. */
const lockedFile = 'status'

/** True when it is open elsewhere for certain. Only Linux tells; where nothing is told the engine itself finds out. */
export function isEngineOpen(data: string): boolean {
  try {
    const { dev, ino } = statSync(join(data, lockedFile))
    return readFileSync('/proc/locks', 'utf8')
      .split('\n')
      .some(line => isLockOf(line, dev, ino))
  } catch {
    return false
  }
}

/** `1: FLOCK  ADVISORY  WRITE 1234 fe:00:5678 0 EOF`: device in hex, file number in decimal. */
function isLockOf(line: string, dev: number, ino: number): boolean {
  const [, major = '', minor = '', number = ''] = /\sWRITE\s+\d+\s+([0-9a-f]+):([0-9a-f]+):(\d+)\s/.exec(line) ?? []
  return Number(number) === ino && deviceOf(Number.parseInt(major, 16), Number.parseInt(minor, 16)) === dev
}

/** As `makedev` puts the two together, for numbers below 2^12 and 2^20. */
const deviceOf = (major: number, minor: number): number => (minor & 0xff) | (major << 8) | ((minor & 0xfff00) * 0x1000)

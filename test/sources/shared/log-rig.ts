// A write-ahead log in a folder of its own, with everything that a test wants to know about it.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Frame } from '../../../src/sources/shared/frame.ts'
import {
  type AppendResult,
  WriteAheadLog,
  type WriteAheadLogOptions,
} from '../../../src/sources/shared/write-ahead-log.ts'
import { SourceWorld } from './source-world.ts'

export interface ReadFrame {
  readonly stream: string
  readonly position: number
  readonly text: string
}

export class LogRig {
  readonly world = new SourceWorld()
  readonly #logs: WriteAheadLog[] = []

  async open(options: Partial<WriteAheadLogOptions> = {}): Promise<WriteAheadLog> {
    const { log, nowMs } = this.world.deps()
    const opened = await WriteAheadLog.open({
      folder: this.world.folder,
      fsync: false,
      notBefore: () => 0,
      onAppended: () => undefined,
      source: 'test',
      log,
      nowMs,
      ...options,
    })
    this.#logs.push(opened)
    return opened
  }

  /** Names of the segment files, oldest first. */
  get segments(): readonly string[] {
    return readdirSync(this.world.folder)
      .filter(name => name.endsWith('.log'))
      .toSorted()
  }

  path(segment: string): string {
    return join(this.world.folder, segment)
  }

  size(segment: string): number {
    return statSync(this.path(segment)).size
  }

  bytes(segment: string): Buffer {
    return readFileSync(this.path(segment))
  }

  /** Writes a segment file as it might be after a fault. */
  put(segment: string, bytes: Uint8Array): void {
    writeFileSync(this.path(segment), bytes)
  }

  async close(): Promise<void> {
    await Promise.all(this.#logs.map(log => log.close()))
    this.world.remove()
  }
}

/** Runs with a rig and removes it afterwards. */
export async function withLogRig(use: (rig: LogRig) => Promise<void>): Promise<void> {
  const rig = new LogRig()
  try {
    await use(rig)
  } finally {
    await rig.close()
  }
}

export const append = (
  log: WriteAheadLog,
  text: string,
  options: { stream?: string; key?: string | null } = {},
): Promise<AppendResult> =>
  log.append({ stream: options.stream ?? 's', payload: [Buffer.from(text, 'latin1')], key: options.key ?? null })

/** Everything that can be read, from an offset on. */
export function readFrames(log: WriteAheadLog, from = log.begin): readonly ReadFrame[] {
  const reader = log.reader(true)
  const frames: ReadFrame[] = []
  for (let frame = reader.nextWhole(from); frame !== null; frame = reader.nextWhole(frame.next)) {
    frames.push({ stream: frame.stream, position: frame.position, text: textOf(log, frame) })
  }
  reader.close()
  return frames
}

export const readTexts = (log: WriteAheadLog): readonly string[] => readFrames(log).map(frame => frame.text)

function textOf(log: WriteAheadLog, frame: Frame): string {
  const reader = log.reader(false)
  const bytes = Buffer.alloc(frame.length)
  const isThere = reader.copy(frame, 0, bytes, 0, frame.length)
  reader.close()
  return isThere ? bytes.toString('latin1') : 'not there'
}

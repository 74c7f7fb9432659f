// A source over a log that a test fills by hand, over several runs.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { StoredStream } from '../../../src/model/source.ts'
import { LoggedSource, type LoggedSourceOptions } from '../../../src/sources/shared/logged-source.ts'
import { HandIntake } from './hand-intake.ts'
import { SmallWorker } from './small-worker.ts'
import { SourceWorld } from './source-world.ts'

export class LoggedRig {
  readonly world = new SourceWorld()
  readonly #sources: LoggedSource[] = []

  async begin(options: Partial<LoggedSourceOptions> = {}, stored: readonly StoredStream[] = []) {
    const intake = new HandIntake()
    const source = new LoggedSource(
      { format: 'text', fsync: false, maxBacklogBytes: 1024 * 1024, ...options },
      this.world.deps(),
      intake,
    )
    this.#sources.push(source)
    await source.start(stored)
    return { source, intake, worker: new SmallWorker(source) }
  }

  get folder(): string {
    return join(this.world.folder, 'wal')
  }

  get segments(): readonly string[] {
    return readdirSync(this.folder)
      .filter(name => name.endsWith('.log'))
      .toSorted()
      .map(name => join(this.folder, name))
  }

  async close(): Promise<void> {
    await Promise.all(this.#sources.map(source => source.stop()))
    this.world.remove()
  }
}

export const rigTest = (name: string, check: (rig: LoggedRig) => Promise<void>): void => {
  test(name, async () => {
    const rig = new LoggedRig()
    try {
      await check(rig)
    } finally {
      await rig.close()
    }
  })
}

/** Releases what the worker took of each stream. */
export function releaseAll(source: LoggedSource, worker: SmallWorker): void {
  for (const { streamId, position, text } of worker.taken) source.release(streamId, position + text.length)
}

// Makes the files that the worker would insert for an input: `prepare-blocks.ts INPUT FOLDER`. The worker itself runs, and what it
// hands to its store is kept instead. FOLDER has `inserts.json` in the end: the inserts in their order.
import { linkSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Assembly } from '../../src/app/assemble-worker.ts'
import { StoredLines } from '../../src/app/stored-lines.ts'
import { defaultWorkerConfig } from '../../src/app/worker-config.ts'
import type { FileInsert, StoreWriter } from '../../src/model/store-connection.ts'
import { WorkerState } from '../../src/state/worker-state.ts'

const [input = '', folder = ''] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })

/** Takes the inserts down, and keeps their files. */
class KeepingStore implements StoreWriter {
  readonly label = folder
  readonly inserts: FileInsert[] = []

  async insertFile(insert: FileInsert): Promise<void> {
    const path = join(folder, `${this.inserts.length}.native`)
    linkSync(insert.path, path)
    this.inserts.push({ ...insert, path })
  }

  async run(): Promise<void> {}

  queryAside(): Promise<Buffer> {
    return this.query()
  }

  query(): Promise<Buffer> {
    throw new Error('nothing can be asked of it')
  }

  stream(): AsyncIterable<Uint8Array> {
    throw new Error('nothing can be asked of it')
  }

  async close(): Promise<void> {}
}

const connection = new KeepingStore()
const state = WorkerState.open(join(folder, 'state'))
const assembly = new Assembly({
  options: {
    config: defaultWorkerConfig(folder, { sources: [{ type: 'file', paths: [input] }] }),
    once: true,
    lang: 'en',
    version: 'bench',
    log: { write: () => {} },
    nowMs: Date.now,
    random: Math.random,
    onStoppable: () => {},
    onStarted: () => {},
    onProgress: null,
  },
  state,
  store: { connection, isStateLost: false, streams: new Map(), stored: new StoredLines(connection, new Map(), null) },
  remembered: state.remember(),
})
for (const source of assembly.sources) await source.start([])
await assembly.worker.run()
for (const source of assembly.sources) await source.stop()
for (const queue of assembly.queues) while (!queue.isEmpty) await queue.changed()
await assembly.close()
state.close()
writeFileSync(join(folder, 'inserts.json'), JSON.stringify(connection.inserts))

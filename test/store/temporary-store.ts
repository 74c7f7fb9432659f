// Embedded stores for tests: one at a time in a process, in a folder that goes with it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StoreConnection, StoreWriter } from '../../src/model/store-connection.ts'
import { openEmbeddedStore } from '../../src/store/embedded-store.ts'

const maxMemoryBytes = 1024 * 1024 * 1024

/** Tests that need the embedded engine are passed over where its optional package is not installed. */
export const withoutChdb: string | false = await import('chdb').then(
  () => false as const,
  () => 'chdb is not installed',
)

/** Opens the store in a folder. */
export const openIn = (folder: string): Promise<StoreWriter> =>
  openEmbeddedStore({ path: join(folder, 'store'), maxMemoryBytes })

/** A new store; `close` removes it. */
export async function openTemporary(): Promise<{ store: StoreWriter; folder: string; close: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'fcscope-store-'))
  const store = await openIn(folder)
  return {
    store,
    folder,
    close: async () => {
      await store.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** Rows as objects. */
export async function rowsOf<T = Record<string, unknown>>(store: StoreConnection, sql: string): Promise<T[]> {
  const text = (await store.query({ sql })).toString('utf8')
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line))
}

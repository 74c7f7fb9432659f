// The stores that the contract of the sink is held to: embedded, and a server.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StoreWriter } from '../../../src/model/store-connection.ts'
import { migrate } from '../../../src/store/migrate.ts'
import { openServerStore } from '../../../src/store/server-store.ts'
import { ClickHouseServer } from '../../services/clickhouse-server.ts'
import { FaultProxy } from '../../services/fault-proxy.ts'
import { openIn } from '../../store/temporary-store.ts'

/** A store of this version's schema. */
export interface StoreRig {
  readonly store: StoreWriter
  readonly folder: string
  /** Null where there is no network. */
  readonly proxy: FaultProxy | null
  close(): Promise<void>
}

async function openEmbedded(): Promise<StoreRig> {
  const folder = mkdtempSync(join(tmpdir(), 'fcscope-sink-'))
  const store = await openIn(folder)
  await migrate(store, { retentionDays: 90 })
  return {
    store,
    folder,
    proxy: null,
    close: async () => {
      await store.close()
      rmSync(folder, { recursive: true })
    },
  }
}

async function openServer(): Promise<StoreRig> {
  const folder = mkdtempSync(join(tmpdir(), 'fcscope-sink-'))
  const server = new ClickHouseServer(join(folder, 'server'))
  await server.start()
  const proxy = new FaultProxy(server.url)
  const url = await proxy.start()
  const account = { username: 'writer', password: 'a secret' }
  const store = await openServerStore({ url, database: 'fcscope', ...account, timeoutMs: 30_000 })
  await migrate(store, { retentionDays: 90 })
  return {
    store,
    folder,
    proxy,
    close: async () => {
      await store.close()
      await proxy.close()
      await server.end('SIGTERM')
      rmSync(folder, { recursive: true })
    },
  }
}

export const storeRigs: Readonly<Record<string, () => Promise<StoreRig>>> = {
  'an embedded store': openEmbedded,
  'a server': openServer,
}

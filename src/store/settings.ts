// What a store knows of itself, by name: the newest value counts.

import { sqlText } from '../lib/sql-text.ts'
import type { StoreConnection, StoreWriter } from '../model/store-connection.ts'

/** Null when it was never set. Fails with a `StoreError`. */
export async function setting(store: StoreConnection, key: string): Promise<string | null> {
  const sql = `SELECT value FROM store_settings FINAL WHERE key = ${sqlText(key)}`
  const text = (await store.query({ sql })).toString('utf8').trim()
  return text === '' ? null : String(JSON.parse(text).value)
}

/** Fails with a `StoreError`. */
export async function set(store: StoreWriter, key: string, value: string): Promise<void> {
  const values = `${sqlText(key)}, ${sqlText(value)}`
  // No VALUES: see `EmbeddedStore.insertFile`.
  await store.run(`INSERT INTO store_settings (key, value) SETTINGS async_insert = 0 SELECT ${values}`)
}

// How much a store holds, for whoever found nothing in it.
import type { StoreConnection } from '../../model/store-connection.ts'
import { rowsOf } from '../trace/rows-of.ts'

/** `newestStart`: RFC 3339; null where no attempt has a time. Old revisions count. */
export async function attemptsHeld(store: StoreConnection): Promise<{ attempts: number; newestStart: string | null }> {
  const sql = 'SELECT count() AS attempts, max(startTime) AS newestStart FROM attempts'
  const [row] = rowsOf<{ attempts: number; newestStart: string | null }>(await store.query({ sql }))
  return { attempts: Number(row?.attempts ?? 0), newestStart: row?.newestStart ?? null }
}

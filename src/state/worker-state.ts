// What the worker has to remember: positions of streams, batches since the last snapshot, deliveries that are not done, counters.
// One SQLite file; a batch is one transaction, so that all of it is there after a crash, or nothing.
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { BatchCommit, BatchStep, SavedSeries } from '../model/batch-commit.ts'
import type { Delivery } from '../model/delivery.ts'
import { FcscopeError } from '../model/fcscope-error.ts'
import type { StoredStream } from '../model/source.ts'
import { readSnapshot, removeOtherSnapshots, type SnapshotReference, writeSnapshot } from './snapshot-file.ts'
import { newerState, stateError } from './state-error.ts'

/** What an earlier run left. */
export interface Remembered {
  /** By source; those that changed last at the end. */
  readonly streams: ReadonlyMap<string, readonly StoredStream[]>
  readonly snapshot: SnapshotReference | null
  /** Batches behind the snapshot, in order. */
  readonly batches: readonly { readonly batch: number; readonly steps: readonly BatchStep[] }[]
  /** In order of their batches. */
  readonly deliveries: readonly Delivery[]
  readonly counters: readonly SavedSeries[]
  /** The number of the last batch; 0 when there was none. */
  readonly lastBatch: number
}

const schema = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS streams (
  source TEXT NOT NULL, streamId TEXT NOT NULL, position INTEGER NOT NULL, memo TEXT NOT NULL,
  PRIMARY KEY (source, streamId));
CREATE TABLE IF NOT EXISTS batches (batch INTEGER PRIMARY KEY, steps TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS deliveries (
  sink TEXT NOT NULL, batch INTEGER NOT NULL, part TEXT NOT NULL, file TEXT NOT NULL, rows INTEGER NOT NULL,
  bytes INTEGER NOT NULL, storedMs INTEGER NOT NULL, PRIMARY KEY (sink, batch, part)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counters (
  family TEXT NOT NULL, labels TEXT NOT NULL, numbers TEXT NOT NULL, PRIMARY KEY (family, labels)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS snapshots (
  batch INTEGER PRIMARY KEY, file TEXT NOT NULL, checksum INTEGER NOT NULL, bytes INTEGER NOT NULL);
`

/** Grows when the tables change; an older state is brought up to date by a step of {@link WorkerState.open}. */
const schemaVersion = '1'

/** The state in one folder. */
export class WorkerState {
  readonly folder: string
  /** Made with the state: what is delivered under it is told apart from what another state delivered. */
  readonly id: string
  /** False for a state that was made just now. */
  readonly isOld: boolean
  readonly #db: DatabaseSync
  readonly #statements: Statements
  #isOpen = true

  private constructor(folder: string, db: DatabaseSync, isOld: boolean) {
    this.folder = folder
    this.isOld = isOld
    this.#db = db
    this.#statements = prepare(db)
    const known = this.meta('stateId')
    this.id = known ?? randomUUID()
    if (known === null) {
      this.setMeta('stateId', this.id)
      this.setMeta('schemaVersion', schemaVersion)
    }
  }

  /**
   * Opens the state in `folder`, which is made if need be. Fails with `FCS_STATE_LOCKED` when another process has it, and with
   * `FCS_STATE_UNUSABLE` when it is damaged, written by a newer version, or cannot be written.
   */
  static open(folder: string): WorkerState {
    const file = join(folder, 'state.sqlite')
    let db: DatabaseSync | null = null
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const isOld = existsSync(file)
      db = new DatabaseSync(file)
      // Exclusive locking keeps a second worker out for as long as this one lives, and ends with the process. In this mode the
      // write-ahead log needs no shared memory. What is committed survives the process; a power cut may cost the last batches,
      // which are read again then.
      db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
      db.exec('BEGIN IMMEDIATE; COMMIT')
      if (isOld) checkIntegrity(db)
      db.exec(schema)
      if (isNewer(db)) throw newerState(folder)
      return new WorkerState(folder, db, isOld)
    } catch (error) {
      db?.close()
      throw error instanceof FcscopeError ? error : stateError(folder, error)
    }
  }

  meta(key: string): string | null {
    const row = this.#statements.getMeta.get(key)
    return row === undefined ? null : String(row['value'])
  }

  setMeta(key: string, value: string): void {
    this.#statements.setMeta.run(key, value)
  }

  /** Everything that an earlier run left. */
  remember(): Remembered {
    const { all } = this.#statements
    const streams = new Map<string, StoredStream[]>()
    for (const row of all('SELECT * FROM streams ORDER BY rowid')) {
      const source = String(row['source'])
      const list = streams.get(source) ?? []
      list.push({ streamId: String(row['streamId']), position: Number(row['position']), memo: String(row['memo']) })
      streams.set(source, list)
    }
    const [snapshot] = all('SELECT * FROM snapshots ORDER BY batch DESC LIMIT 1').map(row => ({
      batch: Number(row['batch']),
      file: String(row['file']),
      checksum: Number(row['checksum']),
      bytes: Number(row['bytes']),
    }))
    const batches = all('SELECT * FROM batches ORDER BY batch').map(row => ({
      batch: Number(row['batch']),
      // Written by `commit`.
      steps: JSON.parse(String(row['steps'])) as readonly BatchStep[],
    }))
    const [last] = all("SELECT value FROM meta WHERE key = 'lastBatch'")
    return {
      streams,
      snapshot: snapshot ?? null,
      batches: batches.filter(({ batch }) => batch > (snapshot?.batch ?? 0)),
      // Of a batch: records, owners, lines, ids for lines that are there by then, attempts.
      deliveries: all('SELECT * FROM deliveries ORDER BY batch, part DESC').map(deliveryOf),
      counters: all('SELECT * FROM counters').map(row => ({
        family: String(row['family']),
        labels: String(row['labels']),
        values: JSON.parse(String(row['numbers'])) as readonly number[],
      })),
      lastBatch: Number(last?.['value'] ?? 0),
    }
  }

  /** The snapshot's bytes; null when the file is gone or not what was written. */
  readSnapshot(reference: SnapshotReference): Promise<Buffer | null> {
    return readSnapshot(this.folder, reference)
  }

  /** Commits one batch: all of it or, with an exception, nothing. */
  commit(commit: BatchCommit): void {
    const { putStream, dropStream, putBatch, putDelivery, putCounter } = this.#statements
    this.#transaction(() => {
      for (const { source, stream } of commit.streams) {
        putStream.run(source, stream.streamId, stream.position, stream.memo)
      }
      for (const { source, streamId } of commit.forgotten) dropStream.run(source, streamId)
      putBatch.run(commit.batch, JSON.stringify(commit.steps))
      for (const { sink, batch, part, file, rows, bytes, storedMs } of commit.deliveries) {
        putDelivery.run(sink, batch, part, file, rows, bytes, storedMs)
      }
      for (const { family, labels, values } of commit.counters) putCounter.run(family, labels, JSON.stringify(values))
      this.setMeta('lastBatch', String(commit.batch))
    })
  }

  /** The file has reached its sink. */
  delivered({ sink, batch, part }: Delivery): void {
    this.#statements.dropDelivery.run(sink, batch, part)
  }

  /** Writes the engine's state as of a batch that was committed; batches up to it are not needed any more then. */
  async saveSnapshot(batch: number, bytes: Buffer): Promise<void> {
    const { file, checksum, bytes: size } = await writeSnapshot(this.folder, batch, bytes)
    if (!this.#isOpen) return
    this.#transaction(() => {
      this.#db.exec('DELETE FROM snapshots')
      this.#statements.putSnapshot.run(batch, file, checksum, size)
      this.#statements.dropBatches.run(batch)
    })
    await removeOtherSnapshots(this.folder, file)
  }

  #transaction(work: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      work()
      this.#db.exec('COMMIT')
    } catch (error) {
      // A full disk may have rolled it back already.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      throw error
    }
  }

  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#db.close()
  }
}

function deliveryOf(row: Readonly<Record<string, unknown>>): Delivery {
  return {
    sink: String(row['sink']),
    batch: Number(row['batch']),
    part: String(row['part']),
    file: String(row['file']),
    rows: Number(row['rows']),
    bytes: Number(row['bytes']),
    storedMs: Number(row['storedMs']),
  }
}

/** Tables of a version that is not known yet may mean anything. */
function isNewer(db: DatabaseSync): boolean {
  const row = db.prepare("SELECT value FROM meta WHERE key = 'schemaVersion'").get()
  return Number(row?.['value'] ?? 0) > Number(schemaVersion)
}

/** A damaged file is better found now than in the middle of a batch. */
function checkIntegrity(db: DatabaseSync): void {
  const row = db.prepare('PRAGMA quick_check(1)').get()
  if (row?.['quick_check'] === 'ok') return
  throw Object.assign(new Error(`quick_check: ${String(row?.['quick_check'])}`), { errcode: 11 })
}

interface Statements {
  readonly getMeta: StatementSync
  readonly setMeta: StatementSync
  readonly putStream: StatementSync
  readonly dropStream: StatementSync
  readonly putBatch: StatementSync
  readonly dropBatches: StatementSync
  readonly putDelivery: StatementSync
  readonly dropDelivery: StatementSync
  readonly putCounter: StatementSync
  readonly putSnapshot: StatementSync
  all(sql: string): readonly Readonly<Record<string, unknown>>[]
}

const prepare = (db: DatabaseSync): Statements => ({
  getMeta: db.prepare('SELECT value FROM meta WHERE key = ?'),
  setMeta: db.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)'),
  // A row that is replaced gets a new rowid: they are in the order of their last change.
  putStream: db.prepare('INSERT OR REPLACE INTO streams VALUES (?, ?, ?, ?)'),
  dropStream: db.prepare('DELETE FROM streams WHERE source = ? AND streamId = ?'),
  putBatch: db.prepare('INSERT INTO batches VALUES (?, ?)'),
  dropBatches: db.prepare('DELETE FROM batches WHERE batch <= ?'),
  putDelivery: db.prepare('INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?)'),
  dropDelivery: db.prepare('DELETE FROM deliveries WHERE sink = ? AND batch = ? AND part = ?'),
  putCounter: db.prepare('INSERT OR REPLACE INTO counters VALUES (?, ?, ?)'),
  putSnapshot: db.prepare('INSERT INTO snapshots VALUES (?, ?, ?, ?)'),
  all: sql => db.prepare(sql).all(),
})

// What of the worker's engine survives a restart, as bytes: open attempts, what was given out, the ledger.
import { deserialize, serialize } from 'node:v8'
import { bytesOf, joinSections, splitSections, wordsOf } from '../lib/sections.ts'
import type { Ledger, LedgerReport } from '../model/ledger.ts'
import type { GivenOut } from '../pipeline/given-out.ts'
import type { Reconstructor } from '../reconstruct/reconstructor.ts'
import { loadEngine, saveEngine } from '../reconstruct/snapshot.ts'
import type { SavedHeld } from '../sinks/otlp/held-attempts.ts'
import { cannotLoad } from './engine-load-error.ts'
import type { SavedTextStreams, TextStreams } from './text-streams.ts'

export interface EngineState {
  readonly reconstructor: Reconstructor
  readonly textStreams: TextStreams
  readonly givenOut: GivenOut
  readonly ledger: Ledger
  /** Null where no spans are sent. */
  readonly spans: { save(): SavedHeld; load(saved: SavedHeld): void } | null
}

/** What has to survive beside the engine and the memory of what was given out. */
interface Saved {
  readonly ledger: LedgerReport
  readonly textStreams: SavedTextStreams
  /** Not in states that were saved where no spans were sent. */
  readonly spans?: SavedHeld
}

const nothing = new Uint8Array(0)
const noTextStreams: SavedTextStreams = { numbers: [], skipping: [], done: [] }

/**
 * `withAttempts` false: without attempts and streams, which is most of it. Those of partitions are read again by whoever has the
 * partitions next, and whoever loads them abandons them.
 */
export function saveState(state: EngineState, withAttempts: boolean): Buffer {
  const { reconstructor, textStreams, givenOut, ledger, spans } = state
  const saved: Saved = {
    ledger: ledger.report(),
    textStreams: withAttempts ? textStreams.save() : noTextStreams,
    ...(withAttempts && spans !== null && { spans: spans.save() }),
  }
  const engine = withAttempts ? saveEngine(reconstructor.parts, textStreams.all()) : nothing
  const { old, young } = givenOut.save()
  return joinSections([serialize(saved), engine, bytesOf(old), bytesOf(young)])
}

/** Into an engine that is new; returns whether there were attempts. Fails with an `FcscopeError` when it cannot. */
export function loadState(state: EngineState, bytes: Uint8Array): boolean {
  const { reconstructor, textStreams, givenOut, ledger, spans } = state
  const [head, engine, old, young] = splitSections(bytes) ?? []
  if (head === undefined || engine === undefined || old === undefined || young === undefined) {
    throw cannotLoad('otherVersion')
  }
  // Written by `saveState`; a checksum around it says that the bytes are the same.
  const saved = deserialize(head) as Saved
  const withAttempts = engine.length > 0
  if (withAttempts) {
    const result = loadEngine(reconstructor.parts, engine)
    if (result.status !== 'loaded') throw cannotLoad(result.status)
    textStreams.load(saved.textStreams, result.textStreams)
  }
  givenOut.load({ old: wordsOf(old), young: wordsOf(young) })
  ledger.load(saved.ledger)
  if (saved.spans !== undefined) spans?.load(saved.spans)
  return withAttempts
}

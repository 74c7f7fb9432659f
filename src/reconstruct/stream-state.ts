// What is known of one stream: an instance, or what must be treated as one (docs/semantics.md §2).

import type { ErrorDetail } from '../model/error-detail.ts'
import type { FunctionConfig } from '../model/function-config.ts'
import type { LinePlace } from '../model/line-owner.ts'
import type { RecordOrigin } from '../model/record-origin.ts'
import { none } from './attempt-layout.ts'
import { BodyCollector, type SavedBody } from './body-collector.ts'
import { PendingLines, type SavedGroup } from './pending-lines.ts'
import { loadReference, type SavedReference, SlotReference } from './slot-reference.ts'

/** When a record came: the number that an attempt would have had that began with it, and the tick. */
export interface Since {
  readonly number: number
  readonly tick: number
}

/** A start failure that no open attempt could take; it waits for the metrics row that covers its time. */
export interface StartFailure {
  readonly detail: ErrorDetail
  readonly timeMs: number
  readonly wholeSeconds: boolean
  /** Where its line stands, for whoever keeps lines. */
  readonly place: LinePlace | null
  readonly since: Since
  /** The row that whoever keeps lines heard of last. */
  told: SavedReference | null
}

/** Start failures kept per stream. */
export const maxStartFailures = 64

/** How a pending cold start was announced. */
export const ColdStart = { none: 0, runtimeStart: 1, initialize: 2 } as const

type PlainField =
  | 'number'
  | 'key'
  | 'origin'
  | 'instanceKnown'
  | 'ordered'
  | 'nameless'
  | 'openHead'
  | 'openCount'
  | 'lastEndMs'
  | 'lastEndWholeSeconds'
  | 'lastWasMarker'
  | 'endedSinceSummary'
  | 'coldStart'
  | 'coldStartSince'
  | 'initializeMs'
  | 'lastInvokeEndMs'
  | 'destroyed'
  | 'lastTimeMs'
  | 'home'
  | 'startFailures'

/** A stream in a snapshot. Its configuration is looked up anew. */
export interface SavedStream extends Readonly<Pick<StreamState, PlainField>> {
  readonly lastEnded: SavedReference
  readonly lastLine: SavedReference
  readonly summaryTarget: SavedReference
  readonly collector: SavedBody | null
  readonly pending: readonly SavedGroup[] | null
  readonly failedRows: readonly SavedReference[] | null
}

/** Mutable state of one stream. */
export class StreamState {
  /** Tells streams apart where objects cannot go; never used again for another one. */
  readonly number: number
  /** Names a text stream in identities, see {@link goOn}; empty for rows, whose instance does. */
  key: string
  readonly origin: RecordOrigin
  readonly config: FunctionConfig | null
  /** True for rows that name their instance: two such streams never share an attempt. */
  readonly instanceKnown: boolean
  /** True for text: the order of lines is the order of events. */
  readonly ordered: boolean
  /** Attempts without a request id that began here so far. */
  nameless = 0
  openHead: number = none
  openCount = 0
  /** The attempt that ended here last, and the record time of its End. */
  readonly lastEnded = new SlotReference()
  lastEndMs = Number.NaN
  lastEndWholeSeconds = true
  /** The attempt of the line before; `lastWasMarker` when that line was a marker. */
  readonly lastLine = new SlotReference()
  lastWasMarker = false
  /** Ends of invoke attempts since the last summary, and the last of them. */
  endedSinceSummary = 0
  readonly summaryTarget = new SlotReference()
  coldStart: 0 | 1 | 2 = ColdStart.none
  /** Since when it is pending. */
  coldStartSince: Since | null = null
  initializeMs = Number.NaN
  /** End of the invocation before, by record time, for the idle gap. */
  lastInvokeEndMs = Number.NaN
  destroyed = false
  /** The time of the last line that had one, unix ms: lines without a time are kept beside it. */
  lastTimeMs = 0
  /** Where its records come from, see `Streams.home`. */
  home = ''
  collector: BodyCollector | null = null
  pending: PendingLines | null = null
  startFailures: StartFailure[] | null = null
  /** Rows that say that something failed, for start failures to find. */
  failedRows: SlotReference[] | null = null

  constructor(options: {
    number: number
    key: string
    origin: RecordOrigin
    config: FunctionConfig | null
    instanceKnown: boolean
    ordered: boolean
  }) {
    this.number = options.number
    this.key = options.key
    this.origin = options.origin
    this.config = options.config
    this.instanceKnown = options.instanceKnown
    this.ordered = options.ordered
  }

  /** The next invocation is the first of its instance. */
  expectColdStart(how: 1 | 2, since: Since): void {
    this.coldStart = how
    this.coldStartSince = since
  }

  /**
   * From here on it goes on under another key: as a log does in the next file. Attempts without a request id are counted anew, so
   * that what they are called does not depend on whether the files before are still there.
   */
  goOn(key: string): void {
    this.key = key
    this.nameless = 0
  }

  save(): SavedStream {
    const { lastEnded, lastLine, summaryTarget, collector, pending, failedRows, config: _config, ...plain } = this
    return {
      ...plain,
      lastEnded: lastEnded.save(),
      lastLine: lastLine.save(),
      summaryTarget: summaryTarget.save(),
      collector: collector?.save() ?? null,
      pending: pending?.save() ?? null,
      failedRows: failedRows?.map(row => row.save()) ?? null,
    }
  }

  load(saved: SavedStream): void {
    this.nameless = saved.nameless
    this.openHead = saved.openHead
    this.openCount = saved.openCount
    this.lastEnded.load(saved.lastEnded)
    this.lastEndMs = saved.lastEndMs
    this.lastEndWholeSeconds = saved.lastEndWholeSeconds
    this.lastLine.load(saved.lastLine)
    this.lastWasMarker = saved.lastWasMarker
    this.endedSinceSummary = saved.endedSinceSummary
    this.summaryTarget.load(saved.summaryTarget)
    this.coldStart = saved.coldStart
    this.coldStartSince = saved.coldStartSince
    this.initializeMs = saved.initializeMs
    this.lastInvokeEndMs = saved.lastInvokeEndMs
    this.destroyed = saved.destroyed
    this.lastTimeMs = saved.lastTimeMs
    this.home = saved.home
    this.collector = saved.collector === null ? null : new BodyCollector(saved.collector)
    this.pending = saved.pending === null ? null : PendingLines.load(saved.pending)
    this.startFailures = saved.startFailures === null ? null : [...saved.startFailures]
    this.failedRows = saved.failedRows?.map(loadReference) ?? null
  }

  /** True when an attempt of the other stream may be one of this: it is this one, or one of the two does not know its instance. */
  mayShare(other: StreamState): boolean {
    return other === this || !this.instanceKnown || !other.instanceKnown
  }
}

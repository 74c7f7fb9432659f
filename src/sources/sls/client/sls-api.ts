// What a Logstore can be asked, and the failures that the answers may be. The consumer group and the source know no more than this.

/** A shard as ListShards tells it. Keys are 32 hex digits; the range is half-open. A shard says nothing about its parents. */
export interface Shard {
  readonly id: number
  /** It was split or merged: nothing is written into it any more. */
  readonly isReadonly: boolean
  readonly beginKey: string
  readonly endKey: string
  readonly createTimeSeconds: number
}

/** An answer to PullLogs. */
export interface PulledLogs {
  /** Where reading goes on, and the checkpoint once everything here is stored. The cursor that was asked for where the reply had none. */
  readonly nextCursor: string
  /** LogGroups in {@link body}. */
  readonly groups: number
  /** The decompressed LogGroupList (protobuf). The caller's own until {@link SlsApi.release}. */
  readonly body: Buffer
  /** Size of what was read for it, before a query's filter; paces the next pull. */
  readonly rawBytes: number
  /** Number of the last LogGroup, where the reply said it. Not meaningful with a query. */
  readonly lastCursor: bigint | null
  /** The present end of the shard was reached; null: the reply did not say. */
  readonly isAtEnd: boolean | null
  /** Receive time at the cursor, unix seconds. */
  readonly cursorTimeSeconds: number | null
}

/** What a consumer group knows about a shard. */
export interface Checkpoint {
  readonly shard: number
  /** `''`: there is none yet. */
  readonly cursor: string
  readonly consumer: string
  readonly updateTimeUs: number
}

export interface ConsumerGroup {
  readonly name: string
  /** Without a heartbeat for so long, a consumer loses its shards. */
  readonly timeoutSeconds: number
  /** Shards that came out of a split or a merge wait for those they came from. */
  readonly isOrdered: boolean
}

/** Clock skew and rotated credentials are mended inside, once; every other failure is an {@link SlsError}. An abort rejects with the signal's reason. */
export interface SlsApi {
  listShards(signal: AbortSignal): Promise<readonly Shard[]>
  /** `from`: unix seconds mean the time of receipt, not the log's own. */
  getCursor(shard: number, from: 'begin' | 'end' | number, signal: AbortSignal): Promise<string>
  /** `count`: at most so many LogGroups, 1 to 1000. `endCursor` is exclusive. */
  pullLogs(pull: PullRequest, signal: AbortSignal): Promise<PulledLogs>
  /** The body of a reply will not be looked at again: its memory may be used for another. */
  release?(body: Buffer): void
  listConsumerGroups(signal: AbortSignal): Promise<readonly ConsumerGroup[]>
  /** One that is there already is success, whatever its settings are. */
  createConsumerGroup(group: ConsumerGroup, signal: AbortSignal): Promise<void>
  updateConsumerGroup(group: ConsumerGroup, signal: AbortSignal): Promise<void>
  /** Reports the shards that are held, and says which ones the consumer should hold. */
  heartbeat(beat: Heartbeat, signal: AbortSignal): Promise<readonly number[]>
  updateCheckpoint(update: CheckpointUpdate, signal: AbortSignal): Promise<void>
  getCheckpoints(group: string, signal: AbortSignal, shard?: number): Promise<readonly Checkpoint[]>
  /** Ends idle connections, and makes calls that are under way fail. Safe twice. */
  close(): void
}

export interface PullRequest {
  readonly shard: number
  readonly cursor: string
  readonly count: number
  readonly endCursor?: string
}

export interface Heartbeat {
  readonly group: string
  readonly consumer: string
  readonly shards: readonly number[]
}

export interface CheckpointUpdate {
  readonly group: string
  readonly consumer: string
  readonly shard: number
  readonly cursor: string
  /** Also when the consumer does not hold the shard: only for a reset while nobody reads. */
  readonly isForced: boolean
}

/**
 * What to do about a failure. `retry`: again with back-off; `quota`: the same, beginning at 1 s or more; `cursorExpired`: begin
 * anew and report the gap; `shardGone`: the shard is at its end; `shardLost`: another consumer has it; `rejoin`: the group has
 * forgotten this consumer; `denied`: credentials or rights; `missing`: the project, Logstore or group is not there; `fatal`: the
 * request or the configuration is wrong.
 */
export type SlsFailureKind =
  | 'retry'
  | 'quota'
  | 'cursorExpired'
  | 'shardGone'
  | 'shardLost'
  | 'rejoin'
  | 'denied'
  | 'missing'
  | 'fatal'

export interface SlsFailure {
  /** The service's own code with its spelling mended, or one of ours: `Network`, `Timeout`, `Proxy`, `BadReply`, `Credentials`, `Closed`. */
  readonly code: string
  /** HTTP status; 0: there was no answer. */
  readonly status: number
  /** `''` where there is none. */
  readonly requestId: string
  readonly kind: SlsFailureKind
  readonly message: string
  readonly cause?: unknown
}

/** A call that failed. Its message never holds a secret. */
export class SlsError extends Error implements SlsFailure {
  override readonly name = 'SlsError'
  readonly code: string
  readonly status: number
  readonly requestId: string
  readonly kind: SlsFailureKind

  constructor(failure: SlsFailure) {
    super(failure.message, failure.cause === undefined ? {} : { cause: failure.cause })
    this.code = failure.code
    this.status = failure.status
    this.requestId = failure.requestId
    this.kind = failure.kind
  }
}

// What has to reach a sink: a file on disk, so that it outlives the process and a sink that is down.

export interface Delivery {
  readonly sink: string
  /** Number of the batch it is part of. */
  readonly batch: number
  /** What of the batch it holds: `lines`, `attempts`. */
  readonly part: string
  /** Path of the file. */
  readonly file: string
  readonly rows: number
  readonly bytes: number
  /** Unix ms of the batch. */
  readonly storedMs: number
}

export interface DeliverOptions {
  readonly mayBeThere: boolean
  readonly signal: AbortSignal
  /** Ids of streams; not given where there are none. */
  readonly excluded?: readonly string[]
}

/** Takes deliveries. */
export interface DeliverySink {
  readonly name: string
  /** Files that may be on their way at the same time. With more than one they may arrive in any order. */
  readonly maxConcurrent: number
  /** True of a file that may be delivered only when all that were added before it have arrived. Not given: of none. */
  comesBehindOthers?(delivery: Delivery): boolean
  /**
   * Delivers a file; with `mayBeThere` an earlier try may have reached its goal, and the sink must find out. Must leave the goal
   * with the file's content once, or reject and leave it as it was. Rejects when `signal` is aborted, sooner or later. Lines of
   * `excluded` streams must stay out: somebody else delivers them.
   */
  deliver(delivery: Delivery, options: DeliverOptions): Promise<void>
}

/** A try that failed, of a sink that may have said when to come back: no earlier than in `afterMs`; null where it did not. */
export class DeliveryPostponed extends Error {
  override readonly name = 'DeliveryPostponed'
  readonly afterMs: number | null

  constructor(message: string, afterMs: number | null) {
    super(message)
    this.afterMs = afterMs
  }
}

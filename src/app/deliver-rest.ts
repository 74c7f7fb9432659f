// The end of a run: waits until everything has reached its sinks. What has not by then waits on disk for the next run.

/** So long deliveries that are under way may take when it is time to stop. */
const stopWaitMs = 20_000
/** So long a sink that is down is waited for at the end of the input, when nobody will come again soon. */
const lastWaitMs = 10 * 60_000
const lookMs = 500

/** What is waited for. */
export interface RestParts<Queue> {
  readonly queues: readonly Queue[]
  readonly worker: {
    /** Nothing more can come. */
    readonly hasEnded: boolean
    /** It was told to stop, perhaps while this waits. */
    readonly isStopping: boolean
  }
  readonly nowMs: () => number
}

/** What is asked of a delivery queue. */
export interface RestQueue {
  readonly isEmpty: boolean
  readonly isFailing: boolean
  changed(): Promise<void>
  stop(): Promise<void>
}

/** Resolves with those queues of a run whose input has ended that could not deliver everything. */
export async function deliverRest<Queue extends RestQueue>(parts: RestParts<Queue>): Promise<readonly Queue[]> {
  const { queues, worker, nowMs } = parts
  const lastMs = nowMs() + lastWaitMs
  let stopMs: number | null = null
  const mayWait = (queue: Queue): boolean => {
    if (queue.isEmpty) return false
    if (worker.hasEnded && !worker.isStopping) return nowMs() < lastMs
    stopMs ??= nowMs() + stopWaitMs
    return !queue.isFailing && nowMs() < stopMs
  }
  for (const queue of queues) {
    while (mayWait(queue)) await Promise.race([queue.changed(), new Promise(resolve => setTimeout(resolve, lookMs))])
  }
  for (const queue of queues) await queue.stop()
  return worker.hasEnded ? queues.filter(queue => !queue.isEmpty) : []
}

// What `fcscope route` makes of lines: messages with a key, and the transactions that bring them to a topic.

/** What lines share that go to one partition. */
export const routeKinds = ['function', 'instance'] as const
export type RouteKind = (typeof routeKinds)[number]

/** What a line is routed by. Lines that have the same text go to the same partition, in their order. */
export interface RouteKey {
  readonly text: string
  /** The text in UTF-8. */
  readonly bytes: Buffer
  /** Of the topic. */
  readonly partition: number
}

/** Lines of one key, each with its line end. */
export interface RouteMessage {
  readonly key: RouteKey
  readonly value: Buffer
}

/**
 * One writer of the topic, and a number that goes with what it wrote: both are there or neither is. Nobody else with the same name
 * can write once {@link open} has come back. Calls must not overlap.
 */
export interface RouteTransactions {
  /**
   * Shuts out whoever wrote under this name before, and takes back what that one left unfinished. Resolves with the number of the
   * last {@link commit} that succeeded, whoever called it; null when there was none. To be called first, and after every failure.
   */
  open(): Promise<number | null>
  /** Writes messages, in order, with `next`: a whole number below 2 ** 53. After a rejection only {@link open} knows what became of it. */
  commit(messages: readonly RouteMessage[], next: number): Promise<void>
  /** Ends what is unfinished, as far as that is possible within seconds. Never rejects. Safe twice. */
  close(): Promise<void>
}

// Hot path, where attempts go to a topic: the attempts of a batch as JSON in one piece of memory, each a message with the key that
// keeps what belongs together in one partition.
import type { Attempt } from '../model/attempt.ts'
import type { AttemptRowTaker, GivenRow } from '../pipeline/emission.ts'
import type { AttemptRows } from '../sinks/clickhouse/attempt-rows.ts'
import type { KeyedRecord } from '../sinks/kafka/keyed-record.ts'
import { AttemptJsonWriter } from '../sinks/stdout/attempt-json.ts'
import { jsonPart } from '../sinks/stdout/json-writer.ts'

/** Of one batch; then it is closed. */
const maxBytes = 32 * 1024 * 1024
/** Said of what must not take the place of what others gave out: it counts where there is nothing else. */
const leastRevision = 0
/** Memory that is kept for the next batch. */
const keptBytes = 2 * maxBytes

const lineEnd = jsonPart('\n')

type Withdrawn = Parameters<AttemptRowTaker['withdraw']>[0]

/** Collects messages. */
export class AttemptMessages implements AttemptRowTaker {
  #writer = new AttemptJsonWriter()
  readonly #keys: string[] = []
  /** Where each message ends, with its line feed. */
  readonly #ends: number[] = []

  /** The batch must be closed before more is taken. */
  get isFull(): boolean {
    return this.#writer.json.length >= maxBytes
  }

  /** What has neither a request nor an instance keeps to itself. */
  add(attempt: Attempt, { mayKnowLess }: Pick<GivenRow, 'mayKnowLess'>): void {
    const { revision } = attempt
    if (mayKnowLess) attempt.revision = leastRevision
    this.#writer.write(attempt)
    attempt.revision = revision
    this.#end(attempt.requestId ?? attempt.instanceID ?? attempt.spanId)
  }

  /** Only an attempt of a request can turn out to be none. */
  withdraw({ requestId, phase, attempt, revision: given, position, mayKnowLess }: Withdrawn): void {
    const { json } = this.#writer
    const revision = mayKnowLess ? leastRevision : given
    json.value({ requestId, attempt, phase, revision, withdrawn: true })
    json.part(lineEnd)
    this.#end(requestId ?? position)
  }

  #end(key: string): void {
    this.#keys.push(key)
    this.#ends.push(this.#writer.json.length)
  }

  /** The messages of the batch, in the order in which they were given out; valid until {@link clear}. */
  records(): readonly KeyedRecord[] {
    const { bytes } = this.#writer.json
    return this.#ends.map((end, i) => ({
      key: Buffer.from(this.#keys[i] ?? ''),
      value: bytes.subarray(this.#ends[i - 1] ?? 0, end - 1),
    }))
  }

  clear(): void {
    this.#keys.length = 0
    this.#ends.length = 0
    if (this.#writer.json.bytes.length > keptBytes) this.#writer = new AttemptJsonWriter()
    else this.#writer.json.clear()
  }
}

/** Rows for the store, and messages beside them. */
export class RowsAndMessages implements AttemptRowTaker {
  readonly #rows: AttemptRows
  readonly #messages: AttemptMessages

  constructor(rows: AttemptRows, messages: AttemptMessages) {
    this.#rows = rows
    this.#messages = messages
  }

  get rows(): number {
    return this.#rows.rows
  }

  get isFull(): boolean {
    return this.#messages.isFull
  }

  add(attempt: Attempt, given: GivenRow): void {
    this.#rows.add(attempt, given)
    if (!given.isPassingOver) this.#messages.add(attempt, given)
  }

  withdraw(withdrawn: Withdrawn): void {
    this.#rows.withdraw(withdrawn)
    if (!withdrawn.isPassingOver) this.#messages.withdraw(withdrawn)
  }
}

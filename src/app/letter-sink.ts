// Where dead letters go: a folder or a topic, as the configuration says; the same for `fcscope run` and `fcscope route`.
import type { DeliverOptions, Delivery } from '../model/delivery.ts'
import {
  DeadLetterSink,
  type DeadRecord,
  type LetterSink,
  letterSinkName,
  type StoredDeadLetter,
  stageLetters,
} from '../sinks/dead-letter/dead-letter-sink.ts'
import { KafkaSink } from '../sinks/kafka/kafka-sink.ts'
import type { KeyedRecord } from '../sinks/kafka/keyed-record.ts'
import type { Log } from '../telemetry/log.ts'
import { type TopicSettings, topicOf } from './topic-sections.ts'

export interface LetterSinkParts {
  readonly settings: TopicSettings
  /** Where files wait, on the same disk as the folder if possible. */
  readonly waiting: string
  /** Tells this process's letters from others': 32 bits. */
  readonly workerNumber: number
  readonly log: Log
  readonly random: () => number
  readonly onTooLarge: (records: number) => void
}

/** Makes the sink; opens nothing. */
export function createLetterSink(parts: LetterSinkParts): LetterSink {
  const { settings, waiting, workerNumber, log, random, onTooLarge } = parts
  const { deadLetters } = settings
  const options = topicOf(settings, 'deadLetters')
  if (options !== null) {
    const topic = { options, folder: waiting, workerNumber, log, random, onTooLarge, decode: letterMessages }
    return new TopicLetters(new KafkaSink({ name: letterSinkName, ...topic }), { waiting, workerNumber })
  }
  if (deadLetters.type === 'kafka') throw new RangeError('BUG: a topic without a connection')
  const { path: folder, maxBytes } = deadLetters.options
  return new DeadLetterSink({ folder, waiting, maxBytes, workerNumber, log })
}

/** Each letter is a message: its stream's id is the key, and the value what a folder has as a line. */
class TopicLetters implements LetterSink {
  readonly name = letterSinkName
  readonly maxConcurrent = 1
  readonly #sink: KafkaSink
  readonly #place: Pick<LetterSinkParts, 'waiting' | 'workerNumber'>

  constructor(sink: KafkaSink, place: Pick<LetterSinkParts, 'waiting' | 'workerNumber'>) {
    this.#sink = sink
    this.#place = place
  }

  open(): Promise<void> {
    return this.#sink.open()
  }

  stage(batch: { batch: number; storedMs: number }, records: readonly DeadRecord[]): Delivery[] {
    return stageLetters(batch, records, this.#place)
  }

  deliver(delivery: Delivery, options: DeliverOptions): Promise<void> {
    return this.#sink.deliver(delivery, options)
  }

  stop(): Promise<void> {
    return this.#sink.stop()
  }
}

const lineFeed = 10

/** The letters of a file as they were staged. */
export function letterMessages(bytes: Buffer): readonly KeyedRecord[] {
  const messages: KeyedRecord[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(lineFeed, at)
    if (end < 0) throw new RangeError(`the file breaks off within the letter at byte ${at}`)
    const value = bytes.subarray(at, end)
    // Written by `stageLetters`.
    const { streamId } = JSON.parse(value.toString()) as StoredDeadLetter
    messages.push({ key: Buffer.from(streamId), value })
    at = end + 1
  }
  return messages
}

// The sinks of a worker beside its store: where dead letters go, and the topic of attempts and the backend of spans where there are any.
import type { DeliverySink } from '../model/delivery.ts'
import type { Stager } from '../pipeline/worker-parts.ts'
import type { LetterSink } from '../sinks/dead-letter/dead-letter-sink.ts'
import { KafkaSink } from '../sinks/kafka/kafka-sink.ts'
import type { Log } from '../telemetry/log.ts'
import type { AttemptMessages } from './attempt-messages.ts'
import { createLetterSink } from './letter-sink.ts'
import type { SpanExport } from './span-export.ts'
import { type TopicSettings, topicOf } from './topic-sections.ts'

export interface SideSinksParts {
  readonly settings: TopicSettings
  /** Null where attempts go to the store only. */
  readonly messages: AttemptMessages | null
  /** Null where no spans are sent. */
  readonly spans: SpanExport | null
  /** Where files wait. */
  readonly waiting: string
  readonly workerNumber: number
  readonly log: Log
  readonly random: () => number
  /** Called when a topic did not take so many messages because of their size. */
  readonly onTooLarge: (sink: string, messages: number) => void
}

export class SideSinks {
  readonly #letters: LetterSink
  readonly #attempts: KafkaSink | null
  readonly #messages: AttemptMessages | null
  readonly #spans: SpanExport | null

  /** Opens nothing yet. */
  constructor(parts: SideSinksParts) {
    const { settings, messages, spans, onTooLarge, waiting: folder, ...rest } = parts
    const tooLarge = (sink: string) => (count: number) => onTooLarge(sink, count)
    this.#letters = createLetterSink({ ...parts, onTooLarge: tooLarge('deadLetters') })
    const options = topicOf(settings, 'attempts')
    this.#messages = messages
    this.#spans = spans
    this.#attempts =
      options && new KafkaSink({ ...rest, name: 'attempts', options, folder, onTooLarge: tooLarge('attempts') })
  }

  get all(): readonly DeliverySink[] {
    return [this.#letters, this.#attempts, this.#spans?.sink ?? null].filter(sink => sink !== null)
  }

  stagers(): readonly Stager[] {
    const letters: Stager = {
      stage: (batch, { deadLetters }) => this.#letters.stage(batch, deadLetters),
      clear: () => {},
    }
    const topic = this.#attempts
    const messages = this.#messages
    const attempts: Stager | null = topic &&
      messages && { stage: batch => topic.stage(batch, messages.records()), clear: () => messages.clear() }
    return [letters, attempts, this.#spans].filter(stager => stager !== null)
  }

  /** Before anything is read. Fails with an `FcscopeError` when a topic cannot be written. */
  async open(): Promise<void> {
    await this.#letters.open()
    await this.#attempts?.open()
    await this.#spans?.sink.open()
  }

  /** Only when nothing is being delivered. */
  async stop(): Promise<void> {
    await this.#letters.stop()
    await this.#attempts?.stop()
    await this.#spans?.sink.stop()
  }
}

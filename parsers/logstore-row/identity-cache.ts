// Hot path: remembers what the identity members of a row said, by the place where the kernel keeps their bytes. The same
// bytes, from the first identity member to the last, have the same origin and topic, so that a known row needs neither.
import type { RecordOrigin } from '../../src/model/record-origin.ts'
import type { FlatObject } from '../shared/flat-object.ts'
import { placeCount } from '../shared/flat-scan/flat-scan.ts'
import { Topic, type TopicCode } from './row-topic.ts'

/** Bounded by the kernel's places; bytes that lose theirs are read anew. */
export class IdentityCache {
  readonly #origins: (RecordOrigin | null)[] = new Array<RecordOrigin | null>(placeCount).fill(null)
  readonly #topics: TopicCode[] = new Array<TopicCode>(placeCount).fill(Topic.none)
  /** The topic that belongs to the last origin found. */
  topic: TopicCode = Topic.none

  /** The origin of the object scanned last, or null when it has to be read. */
  find(fields: FlatObject): RecordOrigin | null {
    const { scanned } = fields
    if (scanned < 0) {
      // What is remembered here belongs to bytes that are no longer in the place.
      this.#origins[-2 - scanned] = null
      return null
    }
    if (scanned < 2) return null
    this.topic = this.#topics[scanned - 2]!
    return this.#origins[scanned - 2]!
  }

  /** Remembers the object scanned last, whose origin its own members gave alone. */
  keep(fields: FlatObject, origin: RecordOrigin, topic: TopicCode): void {
    const { scanned } = fields
    if (scanned === 0 || scanned === 1) return
    const place = scanned < 0 ? -2 - scanned : scanned - 2
    this.#origins[place] = origin
    this.#topics[place] = topic
  }
}

// Hot path: makes messages of a batch: lines of one key become one message, in their order, as long as there is room in it.
import type { RouteKey, RouteMessage } from '../model/route.ts'
import type { RouteBatch } from './route-batch.ts'

/** Lines of one key for the next message, as ranges of the batch that touch each other as little as possible. */
class Gathered {
  readonly key: RouteKey
  ranges: number[] = []
  bytes = 0

  constructor(key: RouteKey) {
    this.key = key
  }
}

/** Memory for messages, which is used again and again. */
export class MessageRoom {
  #bytes = Buffer.alloc(0)
  #used = 0

  /** A piece that stays as it is until {@link clear}. */
  take(bytes: number): Buffer {
    if (this.#used + bytes > this.#bytes.length) {
      this.#bytes = Buffer.allocUnsafeSlow(Math.max(bytes, this.#bytes.length * 2))
      this.#used = 0
    }
    const at = this.#used
    this.#used += bytes
    return this.#bytes.subarray(at, this.#used)
  }

  /** Nobody has to do with the pieces any more. */
  clear(): void {
    this.#used = 0
  }
}

export interface MessageOptions {
  /** Lines of records before this number are left out. */
  readonly from: number
  readonly maxBytes: number
  readonly room: MessageRoom
}

/**
 * Messages of a batch; they last as long as the batch and the room stay as they are. A line longer than `maxBytes` has a message
 * of its own.
 */
export function messagesOf(batch: RouteBatch, options: MessageOptions): readonly RouteMessage[] {
  const { from, maxBytes, room } = options
  const { lines, starts, ends, numbers, keys } = batch
  const messages: RouteMessage[] = []
  // By text: a key may have been made twice.
  const gathered = new Map<string, Gathered>()
  let last: Gathered | null = null
  for (let line = 0; line < lines; line++) {
    if (numbers[line]! < from) continue
    const key = keys[line]!
    if (last?.key !== key) last = gatheredOf(gathered, key)
    const start = starts[line]!
    const end = ends[line]!
    if (last.bytes > 0 && last.bytes + end - start > maxBytes) messages.push(flush(batch, last, room))
    const { ranges } = last
    if (ranges.length > 0 && ranges[ranges.length - 1] === start) ranges[ranges.length - 1] = end
    else ranges.push(start, end)
    last.bytes += end - start
  }
  for (const each of gathered.values()) if (each.bytes > 0) messages.push(flush(batch, each, room))
  return messages
}

function gatheredOf(gathered: Map<string, Gathered>, key: RouteKey): Gathered {
  let found = gathered.get(key.text)
  if (found === undefined) {
    found = new Gathered(key)
    gathered.set(key.text, found)
  }
  return found
}

function flush({ bytes }: RouteBatch, from: Gathered, room: MessageRoom): RouteMessage {
  const { key, ranges } = from
  let value: Buffer = bytes.subarray(ranges[0], ranges[1])
  if (ranges.length > 2) {
    value = room.take(from.bytes)
    let at = 0
    for (let i = 0; i < ranges.length; i += 2) at += bytes.copy(value, at, ranges[i], ranges[i + 1])
  }
  from.ranges = []
  from.bytes = 0
  return { key, value }
}

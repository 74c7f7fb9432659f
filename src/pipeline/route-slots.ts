// How many transactions may be under way at the same time: each holds several copies of its messages.
import { MessageRoom } from './route-messages.ts'

export class RouteSlots {
  readonly #free: MessageRoom[]
  readonly #waiting: ((room: MessageRoom) => void)[] = []

  constructor(count: number) {
    this.#free = Array.from({ length: count }, () => new MessageRoom())
  }

  /** Does the work when it is its turn, with a room for its messages; those who wait are served in the order of coming. */
  async use<T>(work: (room: MessageRoom) => Promise<T>): Promise<T> {
    let room = this.#free.pop() ?? (await new Promise<MessageRoom>(resolve => this.#waiting.push(resolve)))
    try {
      return await work(room)
    } catch (error) {
      // What failed may still be looking at its messages.
      room = new MessageRoom()
      throw error
    } finally {
      room.clear()
      const next = this.#waiting.shift()
      if (next === undefined) this.#free.push(room)
      else next(room)
    }
  }
}

// What `tail` follows: lines or attempts, by a filter, from a store that may be away for a while.
import type { StoreConnection } from '../../model/store-connection.ts'
import { AttemptFeed, type AttemptFilter, type FollowedAttempt } from '../../store/follow/attempt-feed.ts'
import type { Feed, History } from '../../store/follow/feed.ts'
import type { FollowedLine, LineFilter } from '../../store/follow/followed-line.ts'
import { LineFeed } from '../../store/follow/line-feed.ts'

export type TailWish =
  | { readonly kind: 'lines'; readonly filter: LineFilter }
  | { readonly kind: 'attempts'; readonly filter: AttemptFilter }

export type TailRow =
  | { readonly kind: 'line'; readonly line: FollowedLine }
  | { readonly kind: 'attempt'; readonly attempt: FollowedAttempt }

/** The feed that a wish asks for. */
export const feedOf = (wish: TailWish): Feed<TailRow> =>
  wish.kind === 'lines'
    ? new MappedFeed(new LineFeed(wish.filter), line => ({ kind: 'line', line }))
    : new MappedFeed(new AttemptFeed(wish.filter), attempt => ({ kind: 'attempt', attempt }))

/** A feed whose rows are given out as something else. */
class MappedFeed<From, To> implements Feed<To> {
  readonly #feed: Feed<From>
  readonly #map: (row: From) => To

  constructor(feed: Feed<From>, map: (row: From) => To) {
    this.#feed = feed
    this.#map = map
  }

  async begin(store: StoreConnection, history: History): Promise<readonly To[]> {
    return (await this.#feed.begin(store, history)).map(this.#map)
  }

  async next(store: StoreConnection): Promise<{ rows: readonly To[]; isCut: boolean }> {
    const { rows, isCut } = await this.#feed.next(store)
    return { rows: rows.map(this.#map), isCut }
  }
}

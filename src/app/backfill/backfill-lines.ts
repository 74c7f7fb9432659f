// The lines of a back-fill: those of its range, each with the number that tells whether the store has it.
import type { LineBlock } from '../../model/line-block.ts'
import type { ChosenLines, LineChoice } from '../../sinks/clickhouse/clickhouse-sink.ts'
import { keepRows } from '../../sinks/clickhouse/keep-rows.ts'
import type { EdgeRequests } from './edge-requests.ts'
import { equalPlaces } from './equal-places.ts'
import { LineColumnsView } from './line-columns-view.ts'
import { LineCopies } from './line-copies.ts'
import type { RangePart } from './range-parts.ts'

export class BackfillLines implements LineChoice {
  readonly #streams: ReadonlyMap<string, RangePart>
  readonly #edges: EdgeRequests
  readonly #copies = new LineCopies()
  #last: { readonly batch: number; readonly chosen: ChosenLines } | null = null

  /** `streams`: the run's own, by id. */
  constructor(streams: ReadonlyMap<string, RangePart>, edges: EdgeRequests) {
    this.#streams = streams
    this.#edges = edges
  }

  /** A batch is written again when the disk was full: its lines must not count twice. */
  choose(batch: number, lines: LineBlock): ChosenLines {
    if (this.#last?.batch === batch) return this.#last.chosen
    const chosen = this.#choose(lines)
    this.#last = { batch, chosen }
    return chosen
  }

  #choose(lines: LineBlock): ChosenLines {
    const partOf = (id: string): RangePart => this.#streams.get(id) ?? 'within'
    this.#edges.see(lines, partOf)
    // Of equal lines at an edge one may be beside the range: it is in the store as well.
    const counted = this.#copies.count(lines)
    const view = new LineColumnsView(lines)
    const wanted = lines.streams.map(({ id }) => Number(partOf(id) === 'within'))
    const keep = Uint8Array.from(counted, (_, row) => wanted[view.streamIndex(row)]!)
    const kept = keepRows(lines, keep)
    const copies = counted.filter((_, row) => keep[row] === 1)
    return { lines: kept, copies, among: equalPlaces(kept, [...this.#streams.keys()]) }
  }
}

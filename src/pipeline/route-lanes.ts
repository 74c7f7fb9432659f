// The partitions that are routed by this process: they come, they go, and each has its lane to the topic.
import type { PartitionedSource, PartitionMove } from '../model/partitioned-source.ts'
import type { RouteTransactions } from '../model/route.ts'
import { routePartitionsGivenUp, routePartitionsLost, routePartitionsTaken } from '../telemetry/events/route.ts'
import type { Log } from '../telemetry/log.ts'
import { homeOf } from './engine.ts'
import { RouteLane, type RouteLaneParts } from './route-lane.ts'
import type { RouteTroubles } from './route-troubles.ts'

/** What cannot be delivered by then is read again by whoever gets the partition. */
const giveUpMs = 45_000
/** A cluster that does not answer is not waited for. */
const endMs = 3000
const maxNamed = 50

type Assigned = Extract<PartitionMove, { kind: 'assigned' }>

export interface RouteLanesParts extends Omit<RouteLaneParts, 'source' | 'partition' | 'transactions' | 'onFailed'> {
  readonly transactionsOf: (source: PartitionedSource, partition: string) => RouteTransactions
  readonly troubles: RouteTroubles
  readonly onFailed: (seconds: number) => void
  /** A partition may give something from now on. */
  readonly onBegun: () => void
  readonly log: Log
}

export class RouteLanes {
  readonly #parts: RouteLanesParts
  readonly #lanes = new Map<string, RouteLane>()
  /** Partitions that are to be given up once everything of them is delivered. */
  readonly #leaving = new Map<string, RouteLane>()

  constructor(parts: RouteLanesParts) {
    this.#parts = parts
  }

  of(source: PartitionedSource, partition: string): RouteLane | undefined {
    return this.#lanes.get(homeOf(source.name, partition))
  }

  /** Those that are read. */
  all(): Iterable<RouteLane> {
    return this.#lanes.values()
  }

  /** Bytes that wait, of all. */
  get bytes(): number {
    let bytes = 0
    for (const lanes of [this.#lanes, this.#leaving]) for (const lane of lanes.values()) bytes += lane.bytes
    return bytes
  }

  get isIdle(): boolean {
    for (const lane of this.#lanes.values()) if (!lane.isIdle) return false
    return this.#leaving.size === 0
  }

  /** Does what a source's moves ask for, in their order. Waits for nothing. */
  follow(source: PartitionedSource): void {
    for (const moves of runsOf(source.takeMoves())) {
      const partitions = moves.map(({ partition }) => partition)
      if (moves[0]?.kind === 'lost') this.#lose(source, partitions)
      else if (moves[0]?.kind === 'revoked') void this.#giveUp(source, partitions)
      else {
        for (const move of moves.filter(isAssigned)) void this.#take(source, move)
        routePartitionsTaken(this.#parts.log, { source: source.name, partitions: namesOf(partitions) })
      }
    }
  }

  /** Reading begins behind what is in the topic, unless somebody has moved the group beyond it by hand. */
  async #take(source: PartitionedSource, { partition, position, isFromGroup }: Assigned): Promise<void> {
    const home = homeOf(source.name, partition)
    this.#drop(home)
    const lane = this.#create(source, partition)
    this.#lanes.set(home, lane)
    const committed = await lane.begin()
    this.#parts.troubles.end(lane)
    // It may have gone again meanwhile.
    if (this.#lanes.get(home) !== lane) return
    const from = committed === null || (isFromGroup && position > committed) ? position : committed
    lane.next = from
    source.begin(partition, from, [])
    // Whoever wrote it may not have lived to tell the group.
    if (from === committed) source.delivered(partition, from)
    this.#parts.onBegun()
  }

  #create(source: PartitionedSource, partition: string): RouteLane {
    const { transactionsOf, troubles, onFailed, onDelivered } = this.#parts
    return new RouteLane({
      ...this.#parts,
      source,
      partition,
      transactions: transactionsOf(source, partition),
      onDelivered: (batch, delivery) => {
        troubles.end(delivery.lane)
        source.delivered(partition, batch.next)
        onDelivered(batch, delivery)
      },
      onFailed: (lane, { reason, seconds }) => {
        troubles.begin(lane, reason)
        onFailed(seconds)
      },
    })
  }

  #lose(source: PartitionedSource, partitions: readonly string[]): void {
    const lost = partitions.filter(partition => this.#drop(homeOf(source.name, partition)))
    if (lost.length > 0) routePartitionsLost(this.#parts.log, { source: source.name, partitions: namesOf(lost) })
  }

  /** True when there was something that somebody else has to read again. */
  #drop(home: string): boolean {
    const lane = this.#lanes.get(home) ?? this.#leaving.get(home)
    if (lane === undefined) return false
    this.#lanes.delete(home)
    this.#leaving.delete(home)
    this.#parts.troubles.end(lane)
    void lane.end()
    return true
  }

  async #giveUp(source: PartitionedSource, revoked: readonly string[]): Promise<void> {
    const partitions = revoked.filter(partition => !this.#leaving.has(homeOf(source.name, partition)))
    const leaving = partitions.flatMap(partition => this.#lanes.get(homeOf(source.name, partition)) ?? [])
    for (const lane of leaving) {
      const home = homeOf(source.name, lane.partition)
      this.#lanes.delete(home)
      this.#leaving.set(home, lane)
      lane.send(true)
    }
    await Promise.all(leaving.map(lane => within(giveUpMs, lane.settled())))
    const late = leaving.filter(({ isOver, isIdle }) => !isOver && !isIdle).map(({ partition }) => partition)
    const done = leaving.filter(({ isOver, isIdle }) => !isOver && isIdle).map(({ partition }) => partition)
    const { log } = this.#parts
    this.#lose(source, late)
    for (const partition of done) this.#drop(homeOf(source.name, partition))
    for (const partition of partitions) source.letGo(partition)
    if (done.length > 0) routePartitionsGivenUp(log, { source: source.name, partitions: namesOf(done) })
  }

  /** Brings everything that was read to its end, until the time for it has passed; true when it is all delivered. */
  async finish(passed: Promise<void>): Promise<boolean> {
    const lanes = [...this.#lanes.values(), ...this.#leaving.values()]
    for (const lane of lanes) lane.send(true)
    await Promise.race([Promise.all(lanes.map(lane => lane.settled())), passed])
    return this.isIdle
  }

  /** Nothing more goes out. Resolves when everything is closed; takes seconds. */
  async end(): Promise<void> {
    const lanes = [...this.#lanes.values(), ...this.#leaving.values()]
    this.#lanes.clear()
    this.#leaving.clear()
    await Promise.all(lanes.map(lane => within(endMs, lane.end())))
  }
}

const isAssigned = (move: PartitionMove): move is Assigned => move.kind === 'assigned'

/** Moves of one kind that follow each other. */
function runsOf(moves: readonly PartitionMove[]): readonly (readonly PartitionMove[])[] {
  const runs: PartitionMove[][] = []
  for (const move of moves) {
    const last = runs.at(-1)
    if (last?.[0]?.kind === move.kind) last.push(move)
    else runs.push([move])
  }
  return runs
}

const namesOf = (partitions: readonly string[]): string =>
  partitions.length <= maxNamed ? partitions.join(', ') : `${partitions.slice(0, maxNamed).join(', ')}, …`

/** Resolves with the work, or after so long. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<void>()
  const timer = setTimeout(late.resolve, ms)
  await Promise.race([work, late.promise])
  clearTimeout(timer)
}

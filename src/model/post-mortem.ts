// What is known of one request, for people and programs: its attempts, what surrounded them, and its lines (`trace`).
import type { Attempt, Status } from './attempt.ts'
import type { LevelName } from './level.ts'
import type { PhaseName, RecordKind } from './record-kind.ts'

/** An attempt as it leaves the program (contract §4): times are RFC 3339. */
export type AttemptRecord = Omit<Attempt, 'startTimeMs' | 'endTimeMs' | 'errorStack' | 'errorLines'> & {
  readonly startTime: string | null
  readonly endTime: string | null
}

/** One line of a log. */
export interface TraceLine {
  /** RFC 3339; null where the line has no time of its own. */
  readonly time: string | null
  readonly level: LevelName | null
  /** As it was written. */
  readonly levelText: string
  readonly kind: RecordKind
  readonly message: string
  /** Bytes of the message that were left out at its end. */
  readonly bytesLeftOut: number
  readonly functionName: string | null
  readonly instanceID: string | null
  /** File, shard or sender. */
  readonly stream: string
}

/** The beginning and the end of a run of lines. */
export interface LineExcerpt {
  readonly total: number
  /** So many between `first` and `last` are not shown. */
  readonly leftOut: number
  readonly first: readonly TraceLine[]
  readonly last: readonly TraceLine[]
}

export const relations = ['before', 'overlapping', 'after'] as const
export type Relation = (typeof relations)[number]

/** Another attempt on the instance of one of ours. */
export interface Neighbour {
  readonly relation: Relation
  readonly requestId: string | null
  readonly attempt: number
  readonly phase: PhaseName
  readonly status: Status
  readonly startTime: string | null
  readonly endTime: string | null
  readonly durationMs: number | null
}

/** What shared an instance with an attempt: the nearest ones only. */
export interface Neighbourhood {
  readonly instanceID: string
  /** The attempt that they are neighbours of. */
  readonly attempt: number
  readonly neighbours: readonly Neighbour[]
}

export const stepNames = [
  'schedule',
  'coldStart',
  'prepareCode',
  'runtimeInit',
  'initialize',
  'invoke',
  'preFreeze',
  'preStop',
] as const
export type StepName = (typeof stepNames)[number]

/** One step of an attempt. */
export interface TimelineStep {
  readonly name: StepName
  readonly durationMs: number
  /**
   * Where it lies, in ms after the beginning of its timeline. `isPlaced`: only its length is known, and it is shown where the order of
   * the steps puts it; false where its times are.
   */
  readonly offsetMs: number
  readonly isPlaced: boolean
}

/** The steps of one attempt. Attempts of which no length is known have none. */
export interface Timeline {
  readonly attempt: number
  readonly phase: PhaseName
  /** When it begins, RFC 3339; null where no time is known, only lengths. */
  readonly startTime: string | null
  readonly totalMs: number
  readonly steps: readonly TimelineStep[]
}

/** The stack of the error of one attempt, as its lines show it. */
export interface AttemptStack {
  readonly attempt: number
  readonly phase: PhaseName
  /** Its lines in their order, each shortened. */
  readonly frames: readonly string[]
  /** Lines that are not among `frames`, behind them. */
  readonly framesLeftOut: number
  /** The one in which the function's own code failed; null where none of them is its own. */
  readonly ownFrame: string | null
}

/** How often the same failure came before this one: same function and same fingerprint, of other requests. */
export interface FailureHistory {
  /** 16 hex digits, as `errors` gives it. */
  readonly fingerprint: string
  /** The failure that others are the same as. */
  readonly attempt: number
  readonly phase: PhaseName
  /** The newest one before it; null when nothing is known of any. */
  readonly previous: { readonly requestId: string; readonly startTime: string; readonly agoMs: number } | null
  /** In the 24 hours before it. */
  readonly within24h: number
}

/** What was read for it. */
export interface TraceOrigin {
  readonly kind: 'store' | 'files'
  readonly names: readonly string[]
}

/** Everything about one request. */
export interface PostMortem {
  readonly requestId: string
  readonly origin: TraceOrigin
  /** In order of phase and number. */
  readonly attempts: readonly AttemptRecord[]
  /** `initialize` attempts of the instances on which an attempt met a cold start: joined by instance, never by id. */
  readonly initializers: readonly AttemptRecord[]
  readonly timelines: readonly Timeline[]
  readonly stacks: readonly AttemptStack[]
  /** Null where no attempt failed, or nobody knows when. */
  readonly history: FailureHistory | null
  readonly neighbourhoods: readonly Neighbourhood[]
  readonly lines: LineExcerpt
  /** Lines of the same instances in the time of the attempts that belong to no attempt; of the same streams where no instance is known. */
  readonly unattached: LineExcerpt
}

/** What is found before timelines and stacks are made of it. */
export type TraceFacts = Omit<PostMortem, 'timelines' | 'stacks'>

/** A request that an abbreviated id may mean. */
export interface RequestCandidate {
  readonly requestId: string
  readonly functionName: string | null
  readonly startTime: string | null
}

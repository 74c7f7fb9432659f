// What a record can be (contract §3), as words for the outside and as small numbers for the hot path.

/** Every kind of record, in the order of {@link Kind}'s numbers. */
export const recordKinds = [
  'text',
  'appLine',
  'errorJson',
  'errorText',
  'invokeStart',
  'invokeEnd',
  'initializeStart',
  'initializeEnd',
  'preFreezeStart',
  'preFreezeEnd',
  'preStopStart',
  'preStopEnd',
  'runtimeStart',
  'summary',
  'requestMetrics',
  'instanceMetrics',
  'instanceEvent',
  'deadLetter',
] as const

export type RecordKind = (typeof recordKinds)[number]

/**
 * The number of each kind: its index in {@link recordKinds}.
 * The four kinds that count as lines of an attempt come first (`kind <= Kind.errorText`); the eight markers
 * follow in pairs, Start even and End odd, so that phase and side are arithmetic (see {@link markerPhase}).
 */
export const Kind = {
  text: 0,
  appLine: 1,
  errorJson: 2,
  errorText: 3,
  invokeStart: 4,
  invokeEnd: 5,
  initializeStart: 6,
  initializeEnd: 7,
  preFreezeStart: 8,
  preFreezeEnd: 9,
  preStopStart: 10,
  preStopEnd: 11,
  runtimeStart: 12,
  summary: 13,
  requestMetrics: 14,
  instanceMetrics: 15,
  instanceEvent: 16,
  deadLetter: 17,
} as const

export type KindCode = (typeof Kind)[keyof typeof Kind]

/** The phases of an instance's life that have markers, in the order of {@link Phase}'s numbers. */
export const phases = ['invoke', 'initialize', 'preFreeze', 'preStop'] as const
export type PhaseName = (typeof phases)[number]

/** Index of a phase in {@link phases}. */
export type PhaseCode = 0 | 1 | 2 | 3

/** True for the eight lifecycle markers. */
export const isMarker = (kind: number): boolean => kind >= Kind.invokeStart && kind <= Kind.preStopEnd

/** The phase a marker kind speaks of. Only for kinds for which {@link isMarker} holds. */
export const markerPhase = (kind: number): PhaseCode => ((kind - Kind.invokeStart) >> 1) as PhaseCode

/** True for the End marker kinds. Only for kinds for which {@link isMarker} holds. */
export const isEndMarker = (kind: number): boolean => (kind & 1) === 1

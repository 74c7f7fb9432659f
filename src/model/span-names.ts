// What spans and their attributes are called: the words of docs/traces.md, for the sink that sends spans and the view that shows them.
// Names without `fc.` are those of the OpenTelemetry semantic conventions; a test compares them with its own list of constants, which
// it advises to copy rather than to import where they are not stable yet (all of `faas.*` and `cloud.*`).

/** Attributes, by what they say. */
export const spanAttribute = {
  cloudProvider: 'cloud.provider',
  cloudPlatform: 'cloud.platform',
  serviceName: 'service.name',
  functionName: 'faas.name',
  version: 'faas.version',
  instance: 'faas.instance',
  /** Bytes. */
  maxMemory: 'faas.max_memory',
  invocationId: 'faas.invocation_id',
  isColdStart: 'faas.coldstart',
  trigger: 'faas.trigger',
  errorType: 'error.type',
  method: 'http.request.method',
  path: 'url.path',
  httpStatus: 'http.response.status_code',
  exceptionType: 'exception.type',
  exceptionMessage: 'exception.message',
  exceptionStack: 'exception.stacktrace',
} as const

/** Attributes of our own. */
export const ownAttribute = {
  fcService: 'fc.service.name',
  qualifier: 'fc.qualifier',
  attempt: 'fc.attempt',
  status: 'fc.status',
  errorCode: 'fc.error_code',
  cause: 'fc.cause',
  /** The duration may be wrong by so many ms. */
  uncertainMs: 'fc.uncertain_ms',
  /** Only the length is known, or only that it happened: where it stands follows from the order of the steps. */
  isPlaced: 'fc.placed',
  /** What an error line says, and its level. */
  line: 'fc.line',
  level: 'fc.level',
} as const

/** Values that are the same in every resource. */
export const cloudProvider = 'alibaba_cloud'
export const cloudPlatform = 'alibaba_cloud_fc'
/** What the conventions say where there is no name. */
export const unknownService = 'unknown_service'
export const scopeName = 'fcscope'
export const exceptionEvent = 'exception'
export const errorLineEvent = 'error line'

/** Spans of the steps before an attempt's own, in this order wherever there are several. */
export const stepNames = ['schedule', 'cold start', 'prepare code', 'runtime init', 'initialize'] as const
export type StepName = (typeof stepNames)[number]

/** Index of each step in {@link stepNames}. */
export const Step = { schedule: 0, coldStart: 1, prepareCode: 2, runtimeInit: 3, initialize: 4 } as const

/**
 * What is xored into the span id of an attempt (its two words) to give that of its step: different ids of attempts give different ids
 * of steps, the same on every replay, and a view can do it too. The numbers are the first digits of pi in hexadecimal.
 */
export const stepMasks: readonly (readonly [number, number])[] = [
  [0x243f6a88, 0x85a308d3],
  [0x13198a2e, 0x03707344],
  [0xa4093822, 0x299f31d0],
  [0x082efa98, 0xec4e6c89],
  [0x452821e6, 0x38d01377],
]

/** The platform's kinds of triggers, as the conventions group them; every other kind is `other`. */
export const triggerGroups: Readonly<Record<string, readonly string[]>> = {
  http: ['http'],
  timer: ['timer'],
  datasource: ['oss', 'tablestore', 'log', 'cdn_events'],
  pubsub: ['mns_topic', 'mns_queue', 'kafka', 'rocketmq', 'rabbitmq', 'mqtt', 'eventbridge'],
}

/** Longest text in a span, in code points. */
export const maxSpanText = 4096

/** Longest span, and longest step, in ms: more than any function may run, and few enough for nanoseconds in 53 bits. */
export const maxSpanMs = 3_000_000_000
/** Attempts that began earlier or later (unix ms) have no spans: with their steps they must fit into 63 bits of nanoseconds. */
export const firstSpanMs = 3 * maxSpanMs
export const behindLastSpanMs = 9_220_000_000_000

// The functions whose traffic is made: an invented shop, one or two functions of every runtime.

export const runtimes = [
  'nodejs14',
  'nodejs18',
  'python3',
  'php7.2',
  'java11',
  'go1',
  'dotnetcore3.1',
  'custom',
  'container',
] as const
export type Runtime = (typeof runtimes)[number]

/** Shapes of request ids (facts/fc-log-formats §1). */
export type RequestIdShape = 'uuid' | 'upperUuid' | 'hex32' | '1-8-24' | '1-8-8-12'

/** What is always so for one function. */
export interface FunctionProfile {
  readonly functionName: string
  /** FC 2.0 functions live in a service; null is FC 3.0. */
  readonly serviceName: string | null
  readonly qualifier: string
  /** Empty for FC 3.0's LATEST, as in its rows. */
  readonly versionId: string
  readonly runtime: Runtime
  readonly memoryMB: number
  readonly timeoutSeconds: number
  readonly instanceConcurrency: number
  readonly requestIdShape: RequestIdShape
  readonly triggerType: 'http' | 'timer' | 'oss' | 'mns_topic' | 'eventbridge' | null
  readonly isAsync: boolean
  /** `none`: no initializer. `same`: its marker has the id of the invocation behind it, as FC 2.0 often does. */
  readonly initializer: 'none' | 'same' | 'other'
  /** Pre-freeze and pre-stop hooks print their markers. */
  readonly hasHooks: boolean
  /** Rows carry `__time_ns_part__`. */
  readonly hasExactTimes: boolean
  /** Rows carry `traceContext`. */
  readonly isTraced: boolean
  /** Application rows carry `instanceID` (old functions' do not). */
  readonly namesInstance: boolean
  /** Every line a record of its own (`logBeginRule: None`), else one write one record. */
  readonly splitsRecords: boolean
  /** The program prints the markers, too. */
  readonly printsMarkers: boolean
}

const usual = {
  serviceName: null,
  qualifier: 'LATEST',
  versionId: '',
  memoryMB: 512,
  timeoutSeconds: 60,
  instanceConcurrency: 1,
  requestIdShape: '1-8-8-12',
  triggerType: 'http',
  isAsync: false,
  initializer: 'none',
  hasHooks: false,
  hasExactTimes: false,
  isTraced: false,
  namesInstance: true,
  splitsRecords: false,
  printsMarkers: false,
} as const

const catalogue: readonly FunctionProfile[] = [
  {
    ...usual,
    functionName: 'checkout-api',
    runtime: 'nodejs18',
    initializer: 'other',
    hasExactTimes: true,
    isTraced: true,
    splitsRecords: true,
  },
  {
    ...usual,
    functionName: 'image-resize',
    serviceName: 'media',
    qualifier: 'prod',
    versionId: '7',
    runtime: 'python3',
    memoryMB: 1024,
    timeoutSeconds: 30,
    requestIdShape: 'uuid',
    triggerType: 'oss',
    isAsync: true,
    initializer: 'same',
  },
  {
    ...usual,
    functionName: 'order-events',
    runtime: 'java11',
    memoryMB: 2048,
    requestIdShape: 'hex32',
    triggerType: 'eventbridge',
    isAsync: true,
    initializer: 'other',
  },
  {
    ...usual,
    functionName: 'price-feed',
    runtime: 'go1',
    memoryMB: 128,
    timeoutSeconds: 10,
    requestIdShape: '1-8-24',
    hasExactTimes: true,
    splitsRecords: true,
  },
  {
    ...usual,
    functionName: 'storefront-web',
    runtime: 'custom',
    memoryMB: 1024,
    instanceConcurrency: 10,
    hasHooks: true,
    printsMarkers: true,
  },
  {
    ...usual,
    functionName: 'invoice-pdf',
    serviceName: 'billing',
    qualifier: 'LATEST',
    versionId: '3',
    runtime: 'php7.2',
    memoryMB: 256,
    requestIdShape: 'uuid',
    splitsRecords: true,
  },
  {
    ...usual,
    functionName: 'stock-sync',
    runtime: 'dotnetcore3.1',
    memoryMB: 512,
    triggerType: 'timer',
    isAsync: true,
    initializer: 'other',
  },
  {
    ...usual,
    functionName: 'mail-out',
    serviceName: 'notify',
    qualifier: 'LATEST',
    versionId: '12',
    runtime: 'nodejs14',
    memoryMB: 128,
    timeoutSeconds: 20,
    requestIdShape: 'upperUuid',
    triggerType: 'mns_topic',
    isAsync: true,
    namesInstance: false,
  },
  {
    ...usual,
    functionName: 'search-index',
    runtime: 'container',
    memoryMB: 4096,
    timeoutSeconds: 120,
    instanceConcurrency: 4,
    requestIdShape: '1-8-24',
    hasExactTimes: true,
    splitsRecords: true,
  },
  {
    ...usual,
    functionName: '商品推荐',
    runtime: 'python3',
    memoryMB: 3072,
    timeoutSeconds: 15,
    initializer: 'other',
    isTraced: true,
    splitsRecords: true,
  },
]

/** The first `count` functions; beyond the catalogue its functions come again with a number. */
export function makeFunctions(count: number): [FunctionProfile, ...FunctionProfile[]] {
  const profiles: FunctionProfile[] = []
  for (let i = 0; i < count; i += 1) {
    const base = catalogue[i % catalogue.length]
    if (base === undefined) continue
    const round = Math.floor(i / catalogue.length)
    profiles.push(round === 0 ? base : { ...base, functionName: `${base.functionName}-${round + 1}` })
  }
  const [first, ...rest] = profiles
  if (first === undefined) throw new RangeError('at least one function is needed')
  return [first, ...rest]
}

/** Programs of their own, that start an HTTP server and can fail to. */
export const isCustomRuntime = (profile: FunctionProfile): boolean =>
  profile.runtime === 'custom' || profile.runtime === 'container'

// Hot path: one JSON object per attempt, in the contract's order of keys (§4). A field that is null, as many are, is one
// copy of bytes made once; that is why every such key comes in two forms.
import {
  type Attempt,
  attemptFlags,
  closers,
  type LevelCounts,
  type Sources,
  sourcedFields,
  statuses,
  type ValueSource,
} from '../../model/attempt.ts'
import type { Cause } from '../../model/cause.ts'
import { phases } from '../../model/record-kind.ts'
import { type JsonPart, JsonWriter, jsonPart } from './json-writer.ts'

/** A key with what stands before its value, and the same with `null` as the value. */
interface Key {
  readonly open: JsonPart
  readonly none: JsonPart
}

const key = (name: string, before = ','): Key => ({
  open: jsonPart(`${before}"${name}":`),
  none: jsonPart(`${before}"${name}":null`),
})

const keys = {
  requestId: key('requestId', '{'),
  functionName: key('functionName'),
  serviceName: key('serviceName'),
  qualifier: key('qualifier'),
  versionId: key('versionId'),
  instanceID: key('instanceID'),
  invocationType: key('invocationType'),
  triggerType: key('triggerType'),
  resourceMode: key('resourceMode'),
  errorCode: key('errorCode'),
  errorType: key('errorType'),
  errorMessage: key('errorMessage'),
  httpMethod: key('httpMethod'),
  httpPath: key('httpPath'),
  httpStatus: key('httpStatus'),
  startTime: key('startTime'),
  endTime: key('endTime'),
  durationMs: key('durationMs'),
  billedMs: key('billedMs'),
  memoryMB: key('memoryMB'),
  maxMemoryUsedMB: key('maxMemoryUsedMB'),
  coldStart: key('coldStart'),
  coldStartMs: key('coldStartMs'),
  prepareCodeMs: key('prepareCodeMs'),
  runtimeInitMs: key('runtimeInitMs'),
  initializeMs: key('initializeMs'),
  scheduleMs: key('scheduleMs'),
  traceId: key('traceId'),
  spanId: key('spanId'),
  parentSpanId: key('parentSpanId'),
  cu: key('cu'),
} as const

const attemptKey = jsonPart(',"attempt":')
const uncertaintyKey = jsonPart(',"durationUncertaintyMs":')
const linesKey = jsonPart(',"lines":')
const linesAfterEndKey = jsonPart(',"linesAfterEnd":')
const revisionKey = jsonPart(',"revision":')
const flagsKey = jsonPart(',"flags":[')
const sourcesKey = jsonPart(',"sources":{')
const noCauses = jsonPart(',"causes":[]')
const causesKey = jsonPart(',"causes":')
const coldStartTrue = jsonPart(',"coldStart":true')
const coldStartFalse = jsonPart(',"coldStart":false')
const levelsKeys = {
  fatal: jsonPart(',"levels":{"fatal":'),
  error: jsonPart(',"error":'),
  warn: jsonPart(',"warn":'),
  info: jsonPart(',"info":'),
  debug: jsonPart(',"debug":'),
  trace: jsonPart(',"trace":'),
  other: jsonPart(',"other":'),
} as const
const valueSources = ['metrics', 'summary', 'message', 'recordTime', 'marker', 'text'] as const satisfies ValueSource[]
const closeList = jsonPart(']')
const closeObject = jsonPart('}')
const comma = jsonPart(',')
const end = jsonPart('}\n')

/** Members whose values come from closed lists, whole. */
const partsOf = <K extends string>(names: readonly K[], text: (name: K) => string): ReadonlyMap<K, JsonPart> =>
  new Map(names.map(name => [name, jsonPart(text(name))]))
const phaseParts = partsOf(phases, phase => `,"phase":"${phase}"`)
const statusParts = partsOf(statuses, status => `,"status":"${status}"`)
const closerParts = partsOf(closers, closer => `,"closedBy":"${closer}"`)
const flagParts = partsOf(attemptFlags, flag => `"${flag}"`)
/** Members of `sources` by field and source, each without and with a comma in front. */
const sourceParts = sourcedFields.map(field => ({
  first: partsOf(valueSources, source => `"${field}":"${source}"`),
  next: partsOf(valueSources, source => `,"${field}":"${source}"`),
}))

// What an attempt that went well has in common with its like, in one copy each.
const noError = jsonPart(',"errorCode":null,"errorType":null,"errorMessage":null')
const noHttp = jsonPart(',"httpMethod":null,"httpPath":null,"httpStatus":null')
const noColdStartTimes = jsonPart(',"coldStartMs":null,"prepareCodeMs":null,"runtimeInitMs":null,"initializeMs":null')
const quietLevels = jsonPart(',"levels":{"fatal":0,"error":0,"warn":0,"info":')
const noDebugLevels = jsonPart(',"debug":0,"trace":0,"other":')

/** Appends attempts to `json`, whose bytes the caller takes away and clears. */
export class AttemptJsonWriter {
  readonly json = new JsonWriter()

  /** Appends one line. `causes` and texts are escaped, so any attempt gives valid JSON. */
  write(attempt: Attempt): void {
    this.#identity(attempt)
    this.#outcome(attempt)
    this.#times(attempt)
    this.#lines(attempt)
    this.#rest(attempt)
  }

  #identity(attempt: Attempt): void {
    const json = this.json
    this.#text(keys.requestId, attempt.requestId)
    json.part(attemptKey)
    json.number(attempt.attempt)
    json.part(phaseParts.get(attempt.phase)!)
    this.#text(keys.functionName, attempt.functionName)
    this.#text(keys.serviceName, attempt.serviceName)
    this.#text(keys.qualifier, attempt.qualifier)
    this.#text(keys.versionId, attempt.versionId)
    this.#text(keys.instanceID, attempt.instanceID)
    this.#text(keys.invocationType, attempt.invocationType)
    this.#text(keys.triggerType, attempt.triggerType)
    this.#text(keys.resourceMode, attempt.resourceMode)
  }

  #outcome(attempt: Attempt): void {
    this.json.part(statusParts.get(attempt.status)!)
    if (attempt.errorCode === null && attempt.errorType === null && attempt.errorMessage === null)
      this.json.part(noError)
    else {
      this.#text(keys.errorCode, attempt.errorCode)
      this.#text(keys.errorType, attempt.errorType)
      this.#text(keys.errorMessage, attempt.errorMessage)
    }
    if (attempt.httpMethod === null && attempt.httpPath === null && attempt.httpStatus === null) this.json.part(noHttp)
    else {
      this.#text(keys.httpMethod, attempt.httpMethod)
      this.#text(keys.httpPath, attempt.httpPath)
      this.#number(keys.httpStatus, attempt.httpStatus)
    }
  }

  #times(attempt: Attempt): void {
    const json = this.json
    this.#time(keys.startTime, attempt.startTimeMs)
    this.#time(keys.endTime, attempt.endTimeMs)
    this.#number(keys.durationMs, attempt.durationMs)
    json.part(uncertaintyKey)
    json.number(attempt.durationUncertaintyMs)
    this.#number(keys.billedMs, attempt.billedMs)
    this.#number(keys.memoryMB, attempt.memoryMB)
    this.#number(keys.maxMemoryUsedMB, attempt.maxMemoryUsedMB)
    const { coldStart } = attempt
    json.part(coldStart === null ? keys.coldStart.none : coldStart ? coldStartTrue : coldStartFalse)
    this.#coldStartTimes(attempt)
    this.#number(keys.scheduleMs, attempt.scheduleMs)
  }

  #coldStartTimes(attempt: Attempt): void {
    const { coldStartMs, prepareCodeMs, runtimeInitMs, initializeMs } = attempt
    if (coldStartMs === null && prepareCodeMs === null && runtimeInitMs === null && initializeMs === null) {
      this.json.part(noColdStartTimes)
      return
    }
    this.#number(keys.coldStartMs, coldStartMs)
    this.#number(keys.prepareCodeMs, prepareCodeMs)
    this.#number(keys.runtimeInitMs, runtimeInitMs)
    this.#number(keys.initializeMs, initializeMs)
  }

  #lines(attempt: Attempt): void {
    const json = this.json
    json.part(linesKey)
    json.number(attempt.lines)
    json.part(linesAfterEndKey)
    json.number(attempt.linesAfterEnd)
    this.#levels(attempt.levels)
  }

  #levels(levels: LevelCounts): void {
    const json = this.json
    const { fatal, error, warn, info, debug, trace, other } = levels
    if (fatal + error + warn === 0) json.part(quietLevels)
    else {
      json.part(levelsKeys.fatal)
      json.number(fatal)
      json.part(levelsKeys.error)
      json.number(error)
      json.part(levelsKeys.warn)
      json.number(warn)
      json.part(levelsKeys.info)
    }
    json.number(info)
    if (debug + trace === 0) json.part(noDebugLevels)
    else {
      json.part(levelsKeys.debug)
      json.number(debug)
      json.part(levelsKeys.trace)
      json.number(trace)
      json.part(levelsKeys.other)
    }
    json.number(other)
    json.part(closeObject)
  }

  #rest(attempt: Attempt): void {
    const json = this.json
    this.#text(keys.traceId, attempt.traceId)
    this.#text(keys.spanId, attempt.spanId)
    this.#text(keys.parentSpanId, attempt.parentSpanId)
    json.part(closerParts.get(attempt.closedBy)!)
    json.part(flagsKey)
    for (let i = 0; i < attempt.flags.length; i += 1) {
      if (i > 0) json.part(comma)
      json.part(flagParts.get(attempt.flags[i]!)!)
    }
    json.part(closeList)
    if (attempt.causes.length === 0) json.part(noCauses)
    else this.#causes(attempt.causes)
    this.#sources(attempt.sources)
    this.#text(keys.cu, attempt.cu)
    json.part(revisionKey)
    json.number(attempt.revision)
    json.part(end)
  }

  /** Failures only, so JSON.stringify may do it; the mapping fixes the keys' order. */
  #causes(causes: readonly Cause[]): void {
    const ordered = causes.map(({ code, confidence, evidence, remedy, docs }) => ({
      code,
      confidence,
      evidence: evidence.map(text => text.toWellFormed()),
      remedy,
      docs,
    }))
    this.json.part(causesKey)
    this.json.value(ordered)
  }

  #sources(sources: Sources): void {
    const json = this.json
    json.part(sourcesKey)
    let isFirst = true
    for (let i = 0; i < sourcedFields.length; i += 1) {
      const source = sources[sourcedFields[i]!]
      if (source === undefined) continue
      const parts = sourceParts[i]!
      json.part((isFirst ? parts.first : parts.next).get(source)!)
      isFirst = false
    }
    json.part(closeObject)
  }

  #text(name: Key, value: string | null): void {
    if (value === null) {
      this.json.part(name.none)
      return
    }
    this.json.part(name.open)
    this.json.string(value)
  }

  #number(name: Key, value: number | null): void {
    if (value === null) {
      this.json.part(name.none)
      return
    }
    this.json.part(name.open)
    this.json.number(value)
  }

  #time(name: Key, ms: number | null): void {
    this.json.part(name.open)
    this.json.time(ms)
  }
}

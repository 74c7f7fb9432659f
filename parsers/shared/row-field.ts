// Hot path: the field names of Logstore rows that fcscope knows, and how a name in a buffer is told to be one of them: by a
// hash of its length and three bytes, then four bytes at a time, because a Map would need a string for every name.
// Names: facts/fc-metrics-billing §A.1, §A.2, §B.1; facts/fc-log-formats §5.

/** Known names, in the order of {@link Field}'s numbers. The last group is only known so that it is passed over quickly. */
export const fieldNames = [
  '__topic__',
  '__time__',
  '__time_ns_part__',
  'message',
  // identity
  'functionName',
  'serviceName',
  'qualifier',
  'versionId',
  'instanceID',
  // request metrics
  'requestId',
  'isColdStart',
  'hasFunctionError',
  'retryCount',
  'memoryMB',
  'memoryUsageMB',
  'durationMs',
  'statusCode',
  'invocationStartTimestamp',
  'invokeFunctionStartTimestamp',
  'asyncAttemptStartTimestamp',
  'scheduleLatencyMs',
  'coldStartLatencyMs',
  'prepareCodeLatencyMs',
  'runtimeInitializationMs',
  'initializationDurationMs',
  'initializationMs',
  'initializationLatencyMs',
  'errorType',
  'invocationType',
  'triggerType',
  'resourceMode',
  'method',
  'requestURI',
  'traceContext',
  // instance metrics and events
  'aggPeriodSeconds',
  'level',
  // read by nobody
  '__source__',
  '__pack_meta__',
  '__tag__:__pack_id__',
  '__tag__:__receive_time__',
  '__tag__:__client_ip__',
  'operation',
  'hostname',
  'ipAddress',
  'clientIP',
  'activeInstances',
  'activeInstancesPerFunction',
  'invokeFunctionLatencyMs',
  'isSampled',
  'asyncMode',
  'asyncAttemptLatencyMs',
  'instanceEvent',
  'coldStartStartTimestamp',
  'prepareCodeStartTimestamp',
  'runtimeInitializationStartTimestamp',
] as const
export type FieldName = (typeof fieldNames)[number]

/** The number of each known name: its index in {@link fieldNames}. */
// Every name of the list becomes a key, which Object.fromEntries cannot tell the compiler.
export const Field = Object.freeze(Object.fromEntries(fieldNames.map((name, index) => [name, index]))) as Readonly<
  Record<FieldName, number>
>

/** What {@link fieldAt} answers for a name that is not in the list. */
export const UNKNOWN_FIELD = -1

const encoded = fieldNames.map(name => Buffer.from(name, 'latin1'))
/** All names one after the other; name `f` is `nameBytes[nameStarts[f] .. nameStarts[f + 1])`. */
const nameBytes = Uint8Array.from(Buffer.concat(encoded))
const nameView = new DataView(nameBytes.buffer)
const nameStarts = new Int32Array(fieldNames.length + 1)
encoded.forEach((bytes, index) => {
  nameStarts[index + 1] = nameStarts[index]! + bytes.length
})

const SLOTS = 512
/** Open addressing: a slot holds a field's number plus one, 0 ends a chain. flat-scan.wat has the same hash. */
export const fieldSlots = new Uint8Array(SLOTS)

function slotOf(buf: Uint8Array, start: number, end: number): number {
  const length = end - start
  return (length * 31 + buf[start]! * 7 + buf[end - 1]! * 3 + buf[start + (length >> 1)]! * 57) & (SLOTS - 1)
}

fieldNames.forEach((_, field) => {
  let slot = slotOf(nameBytes, nameStarts[field]!, nameStarts[field + 1]!)
  while (fieldSlots[slot] !== 0) slot = (slot + 1) & (SLOTS - 1)
  fieldSlots[slot] = field + 1
})

/** The known field whose name is `buf[start .. end)`, or {@link UNKNOWN_FIELD}. `view` shows the same bytes as `buf`. */
export function fieldAt(buf: Uint8Array, view: DataView, start: number, end: number): number {
  if (start === end) return UNKNOWN_FIELD
  let slot = slotOf(buf, start, end)
  while (fieldSlots[slot] !== 0) {
    const field = fieldSlots[slot]! - 1
    if (nameStarts[field + 1]! - nameStarts[field]! === end - start && namesField(view, start, field)) return field
    slot = (slot + 1) & (SLOTS - 1)
  }
  return UNKNOWN_FIELD
}

/**
 * True when the bytes at `start` spell `field`'s name; all bytes of that length must be inside `view`. Four bytes a
 * step, the last step over the name's last four: no known name is shorter than that.
 */
export function namesField(view: DataView, start: number, field: number): boolean {
  let word = nameStarts[field]!
  const last = nameStarts[field + 1]! - 4
  const delta = start - word
  for (; word < last; word += 4) if (view.getInt32(word + delta) !== nameView.getInt32(word)) return false
  return view.getInt32(last + delta) === nameView.getInt32(last)
}

/** Bytes in `field`'s name. */
export const fieldNameLength = (field: number): number => nameStarts[field + 1]! - nameStarts[field]!

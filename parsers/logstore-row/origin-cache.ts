// Hot path: interns record origins by the bytes of their five values, so that an ordinary row makes no string and rows
// of one instance share one object.
import { RecordOrigin } from '../../src/model/record-origin.ts'

/** Identity values in the order of {@link OriginValues}' indexes. */
export const originFields = ['functionName', 'serviceName', 'qualifier', 'versionId', 'instanceID'] as const
export const OriginField = { functionName: 0, serviceName: 1, qualifier: 2, versionId: 3, instanceID: 4 } as const

const FIELDS = originFields.length
/** At this number of origins, or of bytes in their values, everything is forgotten at once. */
const MAX_ORIGINS = 65_536
const MAX_BYTES = 16 * 1024 * 1024
const SLOTS = MAX_ORIGINS * 2

/** Five byte ranges, each in a view of its own. An empty range is "not known". */
export class OriginValues {
  readonly views: DataView[] = originFields.map(() => new DataView(new ArrayBuffer(0)))
  readonly starts = new Int32Array(FIELDS)
  readonly ends = new Int32Array(FIELDS)

  clear(): void {
    for (let field = 0; field < FIELDS; field += 1) this.ends[field] = this.starts[field] = 0
  }

  set(field: number, view: DataView, start: number, end: number): void {
    this.views[field] = view
    this.starts[field] = start
    this.ends[field] = end
  }

  isEmpty(field: number): boolean {
    return this.starts[field] === this.ends[field]
  }
}

/** The origin of everything that says nothing about where it comes from. */
export const unknownOrigin = new RecordOrigin({
  functionName: null,
  serviceName: null,
  qualifier: null,
  versionId: null,
  instanceID: null,
})

/**
 * Origins by value. Bounded: the 65,537th origin, or 16 MiB of values, empties it whole (instances live for minutes to
 * hours, so what is asked for again comes back at once). Origins given out before stay valid; only their sharing ends.
 */
export class OriginCache {
  /** Slot → entry number plus one; 0 is free. Open addressing, at most half full. */
  readonly #slots = new Int32Array(SLOTS)
  readonly #hashes: Int32Array = new Int32Array(MAX_ORIGINS)
  /** Where an entry begins in `#arena`; it is five 32-bit lengths, then the bytes. */
  readonly #offsets: Int32Array = new Int32Array(MAX_ORIGINS)
  #arena = new DataView(new ArrayBuffer(64 * 1024))
  #used = 0
  #origins: RecordOrigin[] = []
  /** Times the cache was emptied because it was full. */
  emptied = 0

  /** Number of origins kept. */
  get size(): number {
    return this.#origins.length
  }

  /** The origin with these values. */
  find(values: OriginValues): RecordOrigin {
    const hash = hashOf(values)
    let slot = hash & (SLOTS - 1)
    while (this.#slots[slot] !== 0) {
      const entry = this.#slots[slot]! - 1
      if (this.#hashes[entry] === hash && this.#matches(entry, values)) return this.#origins[entry]!
      slot = (slot + 1) & (SLOTS - 1)
    }
    return this.#add(values, hash)
  }

  #matches(entry: number, values: OriginValues): boolean {
    const arena = this.#arena
    let at = this.#offsets[entry]!
    let from = at + FIELDS * 4
    for (let field = 0; field < FIELDS; field += 1) {
      const start = values.starts[field]!
      const length = values.ends[field]! - start
      if (arena.getInt32(at) !== length) return false
      if (!sameBytes(arena, from, values.views[field]!, start, length)) return false
      from += length
      at += 4
    }
    return true
  }

  #add(values: OriginValues, hash: number): RecordOrigin {
    const size = entrySize(values)
    if (this.#origins.length === MAX_ORIGINS || this.#used + size > MAX_BYTES) this.#empty()
    this.#reserve(size)
    const entry = this.#origins.length
    this.#offsets[entry] = this.#used
    this.#hashes[entry] = hash
    this.#used = putEntry(this.#arena, this.#used, values)
    const origin = originOf(values)
    this.#origins.push(origin)
    let slot = hash & (SLOTS - 1)
    while (this.#slots[slot] !== 0) slot = (slot + 1) & (SLOTS - 1)
    this.#slots[slot] = entry + 1
    return origin
  }

  #empty(): void {
    this.#slots.fill(0)
    this.#origins = []
    this.#used = 0
    this.emptied += 1
  }

  /** A single entry above the bound (a row is at most 4 MiB) still fits: the arena grows to it. */
  #reserve(size: number): void {
    if (this.#used + size <= this.#arena.byteLength) return
    const grown = new Uint8Array(Math.max(this.#arena.byteLength * 2, this.#used + size))
    grown.set(new Uint8Array(this.#arena.buffer, 0, this.#used))
    this.#arena = new DataView(grown.buffer)
  }
}

/** Four bytes a step where four are left; a native comparison costs more than these few steps. */
function sameBytes(a: DataView, aStart: number, b: DataView, bStart: number, length: number): boolean {
  let i = 0
  for (; i + 4 <= length; i += 4) if (a.getInt32(aStart + i) !== b.getInt32(bStart + i)) return false
  for (; i < length; i += 1) if (a.getUint8(aStart + i) !== b.getUint8(bStart + i)) return false
  return true
}

function hashOf(values: OriginValues): number {
  let hash = 0
  for (let field = 0; field < FIELDS; field += 1) {
    const view = values.views[field]!
    const end = values.ends[field]!
    let i = values.starts[field]!
    hash = Math.imul(hash ^ (end - i), 0x9e3779b1)
    // Four bytes a step: one multiplication per byte would cost more than the rest of the lookup.
    for (; i + 4 <= end; i += 4) {
      hash ^= view.getInt32(i)
      hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)
    }
    for (; i < end; i += 1) hash = Math.imul(hash ^ view.getUint8(i), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

function entrySize(values: OriginValues): number {
  let size = FIELDS * 4
  for (let field = 0; field < FIELDS; field += 1) size += values.ends[field]! - values.starts[field]!
  return size
}

/** Writes an entry at `offset`; returns the position behind it. */
function putEntry(arena: DataView, offset: number, values: OriginValues): number {
  const bytes = new Uint8Array(arena.buffer)
  let at = offset + FIELDS * 4
  for (let field = 0; field < FIELDS; field += 1) {
    const range = bytesOf(values, field)
    arena.setInt32(offset + field * 4, range.length)
    bytes.set(range, at)
    at += range.length
  }
  return at
}

function bytesOf(values: OriginValues, field: number): Buffer {
  const view = values.views[field]!
  const start = values.starts[field]!
  return Buffer.from(view.buffer, view.byteOffset + start, values.ends[field]! - start)
}

function originOf(values: OriginValues): RecordOrigin {
  return new RecordOrigin({
    functionName: textOf(values, OriginField.functionName),
    serviceName: textOf(values, OriginField.serviceName),
    qualifier: textOf(values, OriginField.qualifier),
    versionId: textOf(values, OriginField.versionId),
    instanceID: textOf(values, OriginField.instanceID),
  })
}

function textOf(values: OriginValues, field: number): string | null {
  return values.isEmpty(field) ? null : bytesOf(values, field).toString('utf8')
}

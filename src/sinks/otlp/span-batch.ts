// Hot path: the spans of a batch, gathered by the instance that they are of, and made into requests of a bounded size.
import type { Attempt } from '../../model/attempt.ts'
import {
  cloudPlatform,
  cloudProvider,
  ownAttribute,
  scopeName,
  spanAttribute,
  unknownService,
} from '../../model/span-names.ts'
import { AttributeKey, ProtoWriter, varintBytes } from './proto-writer.ts'
import { SpanWriter } from './span-writer.ts'

/** Of one batch; then it is closed. */
const maxBytes = 32 * 1024 * 1024
/** Memory that is kept for the next batch. */
const keptBytes = 2 * maxBytes

const resourceKey = (name: string): AttributeKey => new AttributeKey(name, 1)
const keys = {
  provider: resourceKey(spanAttribute.cloudProvider),
  platform: resourceKey(spanAttribute.cloudPlatform),
  serviceName: resourceKey(spanAttribute.serviceName),
  functionName: resourceKey(spanAttribute.functionName),
  version: resourceKey(spanAttribute.version),
  instance: resourceKey(spanAttribute.instance),
  maxMemory: resourceKey(spanAttribute.maxMemory),
  fcService: resourceKey(ownAttribute.fcService),
  qualifier: resourceKey(ownAttribute.qualifier),
}
const lengthDelimited = 2
const resourceSpansTag = (1 << 3) | lengthDelimited
const scopeSpansTag = (2 << 3) | lengthDelimited
/** `ScopeSpans.scope`, in front of the spans. */
const scope = encodeScope()

/** A tag and a length, with room to spare. */
const frameBytes = 16

/** Where the spans of some attempts of one instance lie. */
interface Resource {
  readonly functionName: string | null
  readonly serviceName: string | null
  readonly qualifier: string | null
  readonly versionId: string | null
  readonly memoryMB: number | null
  readonly instanceID: string | null
  /** `ResourceSpans.resource`. */
  readonly bytes: Uint8Array
  /** Begin, end and number of the spans of each attempt. */
  readonly places: number[]
}

/** An `ExportTraceServiceRequest`. */
export interface SpanRequest {
  readonly bytes: Buffer
  readonly spans: number
}

/** Collects spans. */
export class SpanBatch {
  #spans = new ProtoWriter()
  readonly #writer: SpanWriter
  /** By instance, or by function where no instance is known. */
  readonly #resources = new Map<string, Resource[]>()

  constructor(options: { readonly withErrorLines: boolean }) {
    this.#writer = new SpanWriter(options.withErrorLines)
  }

  /** The batch must be closed before more is taken. */
  get isFull(): boolean {
    return this.#spans.length >= maxBytes
  }

  /** Adds the spans of an attempt and returns how many; 0 for one without times. See {@link SpanWriter.write}. */
  add(attempt: Attempt, words: Int32Array | null): number {
    const from = this.#spans.length
    const count = this.#writer.write(attempt, words, this.#spans)
    if (count > 0) this.#resourceOf(attempt).places.push(from, this.#spans.length, count)
    return count
  }

  #resourceOf(attempt: Attempt): Resource {
    const key = attempt.instanceID ?? attempt.functionName ?? ''
    let list = this.#resources.get(key)
    if (list === undefined) {
      list = []
      this.#resources.set(key, list)
    }
    for (const resource of list) if (isOf(resource, attempt)) return resource
    const { functionName, serviceName, qualifier, versionId, memoryMB, instanceID } = attempt
    const bytes = encodeResource(attempt)
    const resource = { functionName, serviceName, qualifier, versionId, memoryMB, instanceID, bytes, places: [] }
    list.push(resource)
    return resource
  }

  /** The requests of the batch: none larger than `limit` bytes, unless one attempt alone is. */
  requests(limit: number): readonly SpanRequest[] {
    const cutter = new RequestCutter(this.#spans.bytes, limit)
    for (const list of this.#resources.values()) for (const resource of list) cutter.take(resource)
    return cutter.end()
  }

  clear(): void {
    this.#resources.clear()
    if (this.#spans.bytes.length > keptBytes) this.#spans = new ProtoWriter()
    else this.#spans.length = 0
  }
}

const isOf = (resource: Resource, attempt: Attempt): boolean =>
  resource.functionName === attempt.functionName &&
  resource.instanceID === attempt.instanceID &&
  resource.versionId === attempt.versionId &&
  resource.qualifier === attempt.qualifier &&
  resource.serviceName === attempt.serviceName &&
  resource.memoryMB === attempt.memoryMB

function encodeResource(attempt: Attempt): Uint8Array {
  const into = new ProtoWriter(1024)
  const text = (key: AttributeKey, value: string | null): void => {
    if (value !== null && value !== '') into.textAttribute(key, value)
  }
  const start = into.begin(1)
  text(keys.provider, cloudProvider)
  text(keys.platform, cloudPlatform)
  text(keys.serviceName, attempt.functionName || unknownService)
  text(keys.functionName, attempt.functionName)
  text(keys.version, attempt.versionId || attempt.qualifier)
  text(keys.instance, attempt.instanceID)
  if (attempt.memoryMB !== null) into.integerAttribute(keys.maxMemory, Math.floor(attempt.memoryMB * 1_048_576))
  text(keys.fcService, attempt.serviceName)
  text(keys.qualifier, attempt.qualifier)
  into.end(start)
  return Uint8Array.prototype.slice.call(into.bytes, 0, into.length)
}

function encodeScope(): Uint8Array {
  const into = new ProtoWriter(1024)
  const start = into.begin(1)
  into.text(1, scopeName)
  into.end(start)
  return Uint8Array.prototype.slice.call(into.bytes, 0, into.length)
}

/** Puts the spans of resources behind each other until a request is full. */
class RequestCutter {
  readonly #from: Buffer
  readonly #limit: number
  readonly #requests: SpanRequest[] = []
  #pieces: Uint8Array[] = []
  #bytes = 0
  #spans = 0

  constructor(from: Buffer, limit: number) {
    this.#from = from
    this.#limit = limit
  }

  take({ bytes: resource, places }: Resource): void {
    let group: Uint8Array[] = []
    let groupBytes = 0
    // Two tags and two lengths stand around the spans of a resource.
    const frame = resource.length + scope.length + frameBytes
    for (let i = 0; i < places.length; i += 3) {
      const spans = this.#from.subarray(places[i], places[i + 1])
      if (this.#spans > 0 && this.#bytes + frame + groupBytes + spans.length > this.#limit) {
        this.#close(resource, group, groupBytes)
        this.#cut()
        group = []
        groupBytes = 0
      }
      group.push(spans)
      groupBytes += spans.length
      this.#spans += places[i + 2]!
    }
    this.#close(resource, group, groupBytes)
  }

  #close(resource: Uint8Array, group: readonly Uint8Array[], groupBytes: number): void {
    if (group.length === 0) return
    const scopeBytes = scope.length + groupBytes
    const head = new ProtoWriter(frameBytes)
    head.bytes[head.length++] = resourceSpansTag
    head.varUInt(resource.length + 1 + varintBytes(scopeBytes) + scopeBytes)
    const middle = new ProtoWriter(frameBytes)
    middle.bytes[middle.length++] = scopeSpansTag
    middle.varUInt(scopeBytes)
    const parts = [head.bytes.subarray(0, head.length), resource, middle.bytes.subarray(0, middle.length), scope]
    for (const part of [...parts, ...group]) {
      this.#pieces.push(part)
      this.#bytes += part.length
    }
  }

  #cut(): void {
    if (this.#spans === 0) return
    this.#requests.push({ bytes: Buffer.concat(this.#pieces, this.#bytes), spans: this.#spans })
    this.#pieces = []
    this.#bytes = 0
    this.#spans = 0
  }

  end(): readonly SpanRequest[] {
    this.#cut()
    return this.#requests
  }
}

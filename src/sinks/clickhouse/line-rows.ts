// The lines of a batch as columns for the table `log_lines`. The bytes are those that reconstruct collected; only names are added.
import type { LineBlock } from '../../model/line-block.ts'
import type { RecordOrigin } from '../../model/record-origin.ts'
import { ByteBuffer } from './byte-buffer.ts'
import type { Column, ColumnPart } from './native-columns.ts'

/**
 * Flags of a LowCardinality column in Native: indices of two bytes, a dictionary of its own, no shared one
 * (SerializationLowCardinality in ClickHouse's sources: type of the indices in the lowest byte, bit 9 and bit 10).
 */
const dictionaryFlags = 0x600 | 1
const dictionaryVersion = 1

/** Columns of one block; `streamIds` and the like repeat the index columns with dictionaries of their own. */
export function lineColumns(block: LineBlock): readonly Column[] {
  const { rows, origins, streams, originIndices, streamIndices } = block
  const ofOrigin = (name: keyof RecordOrigin): Column =>
    new DictionaryColumn(
      name,
      rows,
      origins.map(origin => origin[name] ?? ''),
      originIndices,
    )
  return [
    new BytesColumn('Timestamp', "DateTime64(3, 'UTC')", block.times),
    new BytesColumn('timeSourceCode', 'UInt8', block.timeSources),
    new BytesColumn('kindCode', 'UInt8', block.kinds),
    new BytesColumn('levelCode', 'UInt8', block.levels),
    new BytesColumn('SeverityText', 'String', block.severityTexts),
    new BytesColumn('Body', 'String', block.bodies),
    new BytesColumn('requestId', 'String', block.requestIds),
    new BytesColumn('traceIdBytes', 'FixedString(16)', block.traceIds),
    new BytesColumn('spanIdBytes', 'FixedString(8)', block.spanIds),
    ofOrigin('functionName'),
    ofOrigin('serviceName'),
    ofOrigin('qualifier'),
    ofOrigin('versionId'),
    ofOrigin('instanceID'),
    new DictionaryColumn(
      'stream',
      rows,
      streams.map(({ label }) => label),
      streamIndices,
    ),
    new DictionaryColumn(
      'streamId',
      rows,
      streams.map(({ id }) => id),
      streamIndices,
    ),
    new BytesColumn('position', 'UInt64', block.positions),
  ]
}

/** Bytes that lie as the format wants them. */
class BytesColumn implements Column {
  readonly name: string
  readonly type: string
  readonly #bytes: ColumnPart

  constructor(name: string, type: string, bytes: ColumnPart) {
    this.name = name
    this.type = type
    this.#bytes = bytes
  }

  parts(): readonly ColumnPart[] {
    return [this.#bytes]
  }

  clear(): void {}
}

/** Texts by index. */
class DictionaryColumn implements Column {
  readonly name: string
  readonly type = 'LowCardinality(String)'
  readonly #head = new ByteBuffer(256)
  readonly #indices: ColumnPart

  constructor(name: string, rows: number, texts: readonly string[], indices: ColumnPart) {
    this.name = name
    this.#indices = indices
    const head = this.#head
    const { length } = texts
    for (const value of [dictionaryVersion, dictionaryFlags, length]) putUInt64(head, value)
    for (const text of texts) head.text(text)
    putUInt64(head, rows)
  }

  parts(): readonly ColumnPart[] {
    return [this.#head.part(), this.#indices]
  }

  clear(): void {}
}

function putUInt64(into: ByteBuffer, value: number): void {
  into.reserve(8)
  into.bytes.writeUInt32LE(value, into.length)
  into.bytes.writeUInt32LE(0, into.length + 4)
  into.length += 8
}

/** The same value in every row. */
export class ConstantColumn implements Column {
  readonly name: string
  readonly type: string
  readonly #bytes: Buffer

  /** `value`: the bytes of one row. */
  constructor(name: string, type: string, value: { rows: number; bytes: Uint8Array }) {
    this.name = name
    this.type = type
    this.#bytes = Buffer.alloc(value.rows * value.bytes.length, value.bytes)
  }

  parts(): readonly ColumnPart[] {
    return [this.#bytes]
  }

  clear(): void {}
}

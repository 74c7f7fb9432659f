// The lines of a batch as columns for the table `log_lines`. The bytes are those that reconstruct collected; only names are added.
import type { LineBlock } from '../../model/line-block.ts'
import type { RecordOrigin } from '../../model/record-origin.ts'
import type { ByteBuffer } from './byte-buffer.ts'
import { dictionaryHead } from './dictionary-column.ts'
import type { Column, ColumnPart } from './native-columns.ts'

/** Columns of one block; `streamIds` and the like repeat the index columns with dictionaries of their own. */
export function lineColumns(block: LineBlock): readonly Column[] {
  const { rows, origins, streams, originIndices, streamIndices } = block
  const ofOrigin = (name: keyof RecordOrigin): Column =>
    new IndexedColumn(
      name,
      rows,
      origins.map(origin => origin[name] ?? ''),
      originIndices,
    )
  return [
    new BytesColumn('Timestamp', "DateTime64(3, 'UTC')", block.times),
    new BytesColumn('timeSourceCode', 'UInt8', block.timeSources),
    new BytesColumn('isWaiting', 'Bool', block.waiting),
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
    new IndexedColumn(
      'stream',
      rows,
      streams.map(({ label }) => label),
      streamIndices,
    ),
    new IndexedColumn(
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

/** Texts by index, where somebody else keeps the indices. */
class IndexedColumn implements Column {
  readonly name: string
  readonly type = 'LowCardinality(String)'
  readonly #head: ByteBuffer
  readonly #indices: ColumnPart

  constructor(name: string, rows: number, texts: readonly string[], indices: ColumnPart) {
    this.name = name
    this.#indices = indices
    this.#head = dictionaryHead(texts, 1)
    this.#head.uint64(rows, 0)
  }

  parts(): readonly ColumnPart[] {
    return [this.#head.part(), this.#indices]
  }

  clear(): void {}
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

// Reads the lines of a batch row by row: the columns are made for a store, and here somebody wants a few lines of them.
import { levelNames, levelOrNull } from '../../model/level.ts'
import type { LineBlock } from '../../model/line-block.ts'
import { TimeSourceCode } from '../../model/line-block.ts'
import type { TraceLine } from '../../model/post-mortem.ts'
import { recordKinds } from '../../model/record-kind.ts'

/** A cursor over the rows of one block. */
export class LineBlockRows {
  readonly #block: LineBlock
  readonly #times: DataView
  readonly #origins: DataView
  readonly #streams: DataView
  readonly #positions: DataView
  readonly #requestId: TextCursor
  readonly #levelText: TextCursor
  readonly #body: TextCursor
  #row = -1

  constructor(block: LineBlock) {
    this.#block = block
    this.#times = viewOf(block.times)
    this.#origins = viewOf(block.originIndices)
    this.#streams = viewOf(block.streamIndices)
    this.#positions = viewOf(block.positions)
    this.#requestId = new TextCursor(block.requestIds)
    this.#levelText = new TextCursor(block.severityTexts)
    this.#body = new TextCursor(block.bodies)
  }

  /** Moves on; false behind the last row. */
  next(): boolean {
    this.#row += 1
    if (this.#row >= this.#block.rows) return false
    this.#requestId.next()
    this.#levelText.next()
    this.#body.next()
    return true
  }

  /** Empty for a line of no attempt. */
  get requestId(): string {
    return this.#requestId.text
  }

  get isWaiting(): boolean {
    return this.#block.waiting[this.#row] === 1
  }

  get position(): number {
    const at = this.#row * 8
    return this.#positions.getUint32(at, true) + this.#positions.getUint32(at + 4, true) * 0x1_0000_0000
  }

  get streamId(): string {
    return this.#block.streams[this.#streams.getUint16(this.#row * 2, true)]!.id
  }

  get instanceID(): string | null {
    return this.#origin.instanceID
  }

  get functionName(): string | null {
    return this.#origin.functionName
  }

  /** Unix ms; that of the line before for a line without a time. */
  get timeMs(): number {
    return Number(this.#times.getBigInt64(this.#row * 8, true))
  }

  /** False for a line without a time of its own. */
  get hasTime(): boolean {
    return this.#block.timeSources[this.#row] !== TimeSourceCode.none
  }

  /** The line with a message of so many bytes at most. */
  line(maxBytes: number): TraceLine {
    const block = this.#block
    const { functionName, instanceID } = this.#origin
    return {
      time: this.hasTime ? new Date(this.timeMs).toISOString() : null,
      level: levelOrNull(block.levels[this.#row] ?? levelNames.length),
      levelText: this.#levelText.text,
      kind: recordKinds[block.kinds[this.#row] ?? 0] ?? 'text',
      message: this.#body.textOf(maxBytes),
      bytesLeftOut: Math.max(0, this.#body.length - maxBytes),
      functionName,
      instanceID,
      stream: block.streams[this.#streams.getUint16(this.#row * 2, true)]!.label,
    }
  }

  get #origin(): LineBlock['origins'][number] {
    return this.#block.origins[this.#origins.getUint16(this.#row * 2, true)]!
  }
}

/** A text column: each text has its length, as a LEB128 number, in front. */
class TextCursor {
  readonly #bytes: Buffer
  #start = 0
  length = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  next(): void {
    let at = this.#start + this.length
    let length = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes[at++] ?? 0
      length |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    this.#start = at
    this.length = length
  }

  get text(): string {
    return this.textOf(this.length)
  }

  textOf(maxBytes: number): string {
    return this.#bytes.toString('utf8', this.#start, this.#start + Math.min(this.length, maxBytes))
  }
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

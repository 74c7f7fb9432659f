// Runs an engine that keeps lines as rows, with and without its kernel, and reads the columns back by hand.
import { isContinuation } from '../../parsers/fc-text/is-continuation.ts'
import { isTroubleText } from '../../parsers/fc-text/is-trouble.ts'
import { LineTime } from '../../parsers/fc-text/line-time.ts'
import { readError } from '../../parsers/fc-text/read-error.ts'
import { readPrefixTime } from '../../parsers/fc-text/read-time.ts'
import { readTraceParent } from '../../parsers/shared/trace-parent.ts'
import { createRecordParsers } from '../../src/app/record-parsers.ts'
import { LinearMemory } from '../../src/lib/linear-memory.ts'
import { ZoneClock } from '../../src/lib/zone-clock.ts'
import { Ledger } from '../../src/model/ledger.ts'
import { type LevelName, levelNames } from '../../src/model/level.ts'
import { type LineBlock, type TimeSource, timeSources } from '../../src/model/line-block.ts'
import { type RecordKind, recordKinds } from '../../src/model/record-kind.ts'
import { chunkBytes, LineCutter, reserveWindow } from '../../src/pipeline/cut-lines.ts'
import { ReconstructTaker } from '../../src/pipeline/reconstruct-taker.ts'
import { RecordIntake } from '../../src/pipeline/record-intake.ts'
import type { LineColumns } from '../../src/reconstruct/line-columns.ts'
import { LineColumnsRoom } from '../../src/reconstruct/line-columns-room.ts'
import { Reconstructor, reserveAttempts } from '../../src/reconstruct/reconstructor.ts'

/** A row as a reader of the columns sees it. */
export interface KeptLine {
  readonly time: number
  readonly timeSource: TimeSource
  readonly kind: RecordKind
  readonly level: LevelName
  readonly severityText: string
  readonly body: string
  readonly requestId: string
  readonly traceId: string
  readonly spanId: string
  readonly functionName: string | null
  readonly stream: string
  readonly position: number
  readonly isWaiting: boolean
}

/** Lines of one text stream called `file`, whose first byte stands at `position`. */
export function keepLines(
  text: string,
  options: { usesKernel?: boolean; logTimeZone?: string; position?: number; maxRows?: number } = {},
): { readonly rows: readonly KeptLine[]; readonly taken: number } {
  const memory = new LinearMemory()
  const window = reserveWindow(memory)
  const room = reserveAttempts(memory, 1000)
  const lineRoom = new LineColumnsRoom(memory, options.maxRows ?? 10_000)
  const ledger = new Ledger()
  const logClock = new ZoneClock(options.logTimeZone ?? 'UTC')
  const clocks = { prefixClock: new ZoneClock('Asia/Shanghai'), logClock }
  const engine = new Reconstructor({
    memory,
    room,
    maxOpen: 1000,
    allowedLatenessMs: 60_000,
    silenceMs: 900_000,
    settleAfterMs: 0,
    configOf: () => null,
    reader: { readError, isContinuation, isTroubleText, readTraceParent },
    ledger,
    seed: 7,
    withIds: true,
    rows: { room: lineRoom, time: new LineTime(clocks) },
    receive: () => {},
    follower: { withdraw: () => {}, isDone: () => false },
    onOwner: () => {},
  })
  // Asked for above.
  const rows = engine.rows as LineColumns
  rows.isZonelessUtc = (options.logTimeZone ?? 'UTC') === 'UTC'
  const taker = new ReconstructTaker({
    engine,
    ledger,
    readPrefixTime,
    toUtcMs: localMs => clocks.prefixClock.toUtcMs(localMs),
    drain: () => {},
    onDeadLetter: null,
  })
  const intake = new RecordIntake({ format: 'auto', parsers: createRecordParsers('auto'), taker, ledger })
  if (options.usesKernel === false) intake.takeLines = () => {}
  const cutter = new LineCutter({ memory, window, taker: intake })
  const stream = engine.streams.ofText('00000000000000f1')
  const position = options.position ?? 0
  rows.enter({ id: '00000000000000f1', label: 'file' }, stream.origin)
  rows.windowPosition = position
  taker.enter(stream, position)
  const length = cutter.window.write(text)
  cutter.begin(false)
  let start = 0
  for (let from = 0; from < length && !cutter.stopped; from += chunkBytes) {
    start = cutter.take(start, from, Math.min(length, from + chunkBytes))
  }
  if (!cutter.stopped) start = cutter.end(start, length)
  return { rows: readBlock(rows.block()), taken: start }
}

/** The rows of a block. */
export function readBlock(block: LineBlock): readonly KeptLine[] {
  const severityTexts = readTexts(block.severityTexts)
  const bodies = readTexts(block.bodies)
  const requestIds = readTexts(block.requestIds)
  const times = viewOf(block.times)
  const positions = viewOf(block.positions)
  const origins = viewOf(block.originIndices)
  const streams = viewOf(block.streamIndices)
  const hex = (bytes: Uint8Array, row: number, width: number): string =>
    Buffer.from(bytes.subarray(row * width, (row + 1) * width)).toString('hex')
  return Array.from({ length: block.rows }, (_, row) => ({
    time: Number(times.getBigInt64(row * 8, true)),
    timeSource: timeSources[block.timeSources[row]!]!,
    kind: recordKinds[block.kinds[row]!]!,
    level: levelNames[block.levels[row]!]!,
    severityText: severityTexts[row]!,
    body: bodies[row]!,
    requestId: requestIds[row]!,
    traceId: hex(block.traceIds, row, 16),
    spanId: hex(block.spanIds, row, 8),
    functionName: block.origins[origins.getUint16(row * 2, true)]!.functionName,
    stream: block.streams[streams.getUint16(row * 2, true)]!.label,
    position: Number(positions.getBigUint64(row * 8, true)),
    isWaiting: block.waiting[row] === 1,
  }))
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

function readTexts(column: Uint8Array): string[] {
  const texts: string[] = []
  let at = 0
  while (at < column.length) {
    let length = 0
    for (let shift = 0; ; shift += 7) {
      const byte = column[at++]!
      length += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    texts.push(Buffer.from(column.subarray(at, at + length)).toString('utf8'))
    at += length
  }
  return texts
}

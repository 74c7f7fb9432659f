// Blocks of lines, made of plain rows: what reconstruct collects, without it.
import { levelNames } from '../../../src/model/level.ts'
import { type LineBlock, timeSources } from '../../../src/model/line-block.ts'
import { RecordOrigin } from '../../../src/model/record-origin.ts'
import type { SourceStream } from '../../../src/model/source.ts'

export interface PlainLine {
  readonly time: number
  readonly timeSource: (typeof timeSources)[number]
  readonly isWaiting: boolean
  readonly kind: (typeof lineKinds)[number]
  readonly level: (typeof levelNames)[number]
  readonly severityText: string
  readonly body: string
  readonly requestId: string
  /** Hex. */
  readonly traceId: string
  readonly spanId: string
  readonly functionName: string | null
  readonly instanceID: string | null
  readonly streamId: string
  readonly label: string
  readonly position: number
}

export const lineKinds = ['text', 'appLine', 'errorJson', 'errorText'] as const

const usual: PlainLine = {
  time: Date.UTC(2026, 0, 15, 12),
  timeSource: 'text',
  isWaiting: false,
  kind: 'appLine',
  level: 'info',
  severityText: 'INFO',
  body: 'hello',
  requestId: 'r-1',
  traceId: '0102030405060708090a0b0c0d0e0f10',
  spanId: '1112131415161718',
  functionName: 'f',
  instanceID: 'c-1',
  streamId: '00000000000000a1',
  label: 'logs/app.log',
  position: 0,
}

/** A line that says what is named, and is usual otherwise. */
export const line = (says: Partial<PlainLine> = {}): PlainLine => ({ ...usual, ...says })

const bytes = (values: readonly number[]): Uint8Array => Uint8Array.from(values)

function uint16(values: readonly number[]): Uint8Array {
  const buffer = Buffer.alloc(values.length * 2)
  for (const [index, value] of values.entries()) buffer.writeUInt16LE(value, index * 2)
  return buffer
}

function int64(values: readonly number[]): Uint8Array {
  const buffer = Buffer.alloc(values.length * 8)
  for (const [index, value] of values.entries()) buffer.writeBigInt64LE(BigInt(value), index * 8)
  return buffer
}

/** Length as LEB128, then the bytes. */
function texts(values: readonly string[]): Uint8Array {
  const parts = values.flatMap(value => {
    const text = Buffer.from(value)
    const head: number[] = []
    let rest = text.length
    for (; rest > 127; rest = Math.floor(rest / 128)) head.push((rest % 128) + 128)
    return [Buffer.from([...head, rest]), text]
  })
  return Buffer.concat(parts)
}

/** Numbers of distinct values in the order of their coming. */
function indexed<T>(values: readonly T[], keyOf: (value: T) => string): { all: T[]; indices: number[] } {
  const all: T[] = []
  const numbers = new Map<string, number>()
  const indices = values.map(value => {
    const key = keyOf(value)
    const number = numbers.get(key) ?? all.push(value) - 1
    numbers.set(key, number)
    return number
  })
  return { all, indices }
}

export function blockOf(lines: readonly PlainLine[]): LineBlock {
  const origins = indexed(lines, ({ functionName, instanceID }) => JSON.stringify([functionName, instanceID]))
  const streams = indexed(lines, ({ streamId }) => streamId)
  const of = <K extends keyof PlainLine>(field: K): PlainLine[K][] => lines.map(one => one[field])
  return {
    rows: lines.length,
    times: int64(of('time')),
    timeSources: bytes(of('timeSource').map(source => timeSources.indexOf(source))),
    waiting: bytes(of('isWaiting').map(Number)),
    kinds: bytes(of('kind').map(kind => lineKinds.indexOf(kind))),
    levels: bytes(of('level').map(level => levelNames.indexOf(level))),
    severityTexts: texts(of('severityText')),
    bodies: texts(of('body')),
    requestIds: texts(of('requestId')),
    traceIds: Buffer.from(of('traceId').join(''), 'hex'),
    spanIds: Buffer.from(of('spanId').join(''), 'hex'),
    originIndices: uint16(origins.indices),
    streamIndices: uint16(streams.indices),
    positions: int64(of('position')),
    origins: origins.all.map(
      ({ functionName, instanceID }) =>
        new RecordOrigin({ functionName, instanceID, serviceName: null, qualifier: null, versionId: null }),
    ),
    streams: streams.all.map(({ streamId, label }): SourceStream => ({ id: streamId, label })),
  }
}

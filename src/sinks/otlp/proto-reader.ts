// Reads protobuf's wire format field by field: answers of collectors, and our own requests where they are sent as JSON.

/** A field as it stands there; `number` is its number. */
export type ProtoField =
  | { readonly number: number; readonly kind: 'varint' | 'fixed64' | 'fixed32'; readonly value: bigint }
  | { readonly number: number; readonly kind: 'bytes'; readonly value: Buffer }

/** The fields of a message. Throws a RangeError where it breaks off, or is none. */
export function* protoFields(message: Buffer): Generator<ProtoField> {
  for (let at = 0; at < message.length; ) {
    const tag = readSize(message, at)
    at = tag.end
    const number = Math.floor(tag.value / 8)
    const wireType = tag.value % 8
    if (wireType === 0) {
      const { value, end } = readVarint(message, at)
      yield { number, kind: 'varint', value }
      at = end
    } else if (wireType === 1) {
      yield { number, kind: 'fixed64', value: message.readBigUInt64LE(at) }
      at += 8
    } else if (wireType === 5) {
      yield { number, kind: 'fixed32', value: BigInt(message.readUInt32LE(at)) }
      at += 4
    } else if (wireType === 2) {
      const length = readSize(message, at)
      const end = length.end + length.value
      if (end > message.length) throw new RangeError(`the message breaks off within field ${number}`)
      yield { number, kind: 'bytes', value: message.subarray(length.end, end) }
      at = end
    } else throw new RangeError(`field ${number} has the unknown wire type ${wireType}`)
  }
}

const maxVarintBytes = 10

/** A tag or a length. Most have one byte, and need no bigint. */
function readSize(message: Buffer, from: number): { value: number; end: number } {
  const byte = message[from]
  if (byte !== undefined && byte < 0x80) return { value: byte, end: from + 1 }
  const { value, end } = readVarint(message, from)
  return { value: Number(value), end }
}

function readVarint(message: Buffer, from: number): { value: bigint; end: number } {
  let value = 0n
  for (let i = 0; i < maxVarintBytes; i++) {
    const byte = message[from + i]
    if (byte === undefined) throw new RangeError('the message breaks off within a number')
    value |= BigInt(byte & 0x7f) << BigInt(7 * i)
    if (byte < 0x80) return { value, end: from + i + 1 }
  }
  throw new RangeError('a number is longer than ten bytes')
}

/** The first field of a number, where it holds bytes; null where there is none. */
export function bytesField(message: Buffer, number: number): Buffer | null {
  for (const field of protoFields(message)) if (field.number === number && field.kind === 'bytes') return field.value
  return null
}

/** The first field of a number, where it holds a number; 0 where there is none. */
export function numberField(message: Buffer, number: number): number {
  for (const field of protoFields(message)) {
    if (field.number === number && field.kind !== 'bytes') return Number(BigInt.asIntN(64, field.value))
  }
  return 0
}

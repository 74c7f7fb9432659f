// A record for a topic, and how records wait in a file.

/** Bytes of a message: records with the same key come to the same partition, in their order. */
export interface KeyedRecord {
  readonly key: Uint8Array
  readonly value: Uint8Array
}

// Behind each other: length of the key, length of the value (both 4 bytes, little-endian), key, value.
const headBytes = 8

/** The content of a file. */
export function encodeRecords(records: readonly KeyedRecord[]): Buffer {
  const length = records.reduce((sum, { key, value }) => sum + headBytes + key.length + value.length, 0)
  const bytes = Buffer.allocUnsafeSlow(length)
  let at = 0
  for (const { key, value } of records) {
    bytes.writeUInt32LE(key.length, at)
    bytes.writeUInt32LE(value.length, at + 4)
    bytes.set(key, at + headBytes)
    bytes.set(value, at + headBytes + key.length)
    at += headBytes + key.length + value.length
  }
  return bytes
}

/** The records of a file, which share its memory. Throws when the file breaks off. */
export function decodeRecords(bytes: Buffer): readonly KeyedRecord[] {
  const records: KeyedRecord[] = []
  for (let at = 0; at < bytes.length; ) {
    const keyAt = at + headBytes
    const valueAt = keyAt <= bytes.length ? keyAt + bytes.readUInt32LE(at) : Number.POSITIVE_INFINITY
    const end = valueAt <= bytes.length ? valueAt + bytes.readUInt32LE(at + 4) : Number.POSITIVE_INFINITY
    if (end > bytes.length) throw new RangeError(`the file breaks off within the record at byte ${at}`)
    records.push({ key: bytes.subarray(keyAt, valueAt), value: bytes.subarray(valueAt, end) })
    at = end
  }
  return records
}

// Tells whether an attempt that is given out again says anything new: a hash of its JSON, which has every field.
import { hashBytes } from '../lib/hash-bytes.ts'
import type { Attempt } from '../model/attempt.ts'
import { AttemptJsonWriter } from '../sinks/stdout/attempt-json.ts'

/** A function that hashes one attempt at a time. Its revision is part of the hash, and must be the same each time. */
export function createSignature(): (attempt: Attempt) => readonly [number, number] {
  const writer = new AttemptJsonWriter()
  return attempt => {
    writer.write(attempt)
    const { json } = writer
    const signature = hashBytes(json.bytes, json.length)
    json.clear()
    return signature
  }
}

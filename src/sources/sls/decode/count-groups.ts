// Counts the LogGroups of a LogGroupList without looking into them.
import { WireReader } from './wire-reader.ts'

const GROUP = 0x0a

/** Throws a `DecodeError` when the groups do not fill the body. */
export function countGroups(body: Buffer): number {
  const wire = new WireReader()
  wire.reset(body)
  let groups = 0
  while (wire.at < body.length) {
    const tag = wire.varint(body.length)
    if (tag === GROUP) groups += 1
    wire.skip(tag, body.length)
  }
  return groups
}

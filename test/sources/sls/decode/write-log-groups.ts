// Writes LogGroupLists from the table of facts §1.4, in the order in which the service's own writers put fields.

export interface LogModel {
  readonly time: number
  readonly ns?: number
  readonly contents: readonly (readonly [string, string])[]
}

export interface GroupModel {
  readonly topic?: string
  readonly source?: string
  readonly tags: readonly (readonly [string, string])[]
  readonly logs: readonly LogModel[]
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128)
  return Buffer.from([...bytes, rest])
}

/** A field with a length. `head`: its number times 8 plus 2. */
export const field = (head: number, content: Buffer | string): Buffer => {
  const bytes = Buffer.from(content)
  return Buffer.concat([Buffer.from([head]), varint(bytes.length), bytes])
}

export const pair = (head: number, [name, value]: readonly [Buffer | string, Buffer | string]): Buffer =>
  field(head, Buffer.concat([field(0x0a, name), field(0x12, value)]))

export function writeLog({ time, ns, contents }: LogModel): Buffer {
  const parts = [Buffer.from([0x08]), varint(time), ...contents.map(one => pair(0x12, one))]
  if (ns !== undefined) {
    const fixed = Buffer.alloc(5)
    fixed[0] = 0x25
    fixed.writeUInt32LE(ns, 1)
    parts.push(fixed)
  }
  return field(0x0a, Buffer.concat(parts))
}

export const writeGroup = (group: GroupModel): Buffer => field(0x0a, groupContent(group))

/** A group without its length. */
export function groupContent({ topic, source, tags, logs }: GroupModel): Buffer {
  const parts = logs.map(writeLog)
  if (topic !== undefined) parts.push(field(0x1a, topic))
  if (source !== undefined) parts.push(field(0x22, source))
  parts.push(...tags.map(tag => pair(0x32, tag)))
  return Buffer.concat(parts)
}

export const writeGroups = (groups: readonly GroupModel[]): Buffer => Buffer.concat(groups.map(writeGroup))

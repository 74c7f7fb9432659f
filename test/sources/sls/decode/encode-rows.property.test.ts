import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { countGroups } from '../../../../src/sources/sls/decode/count-groups.ts'
import { DecodeError } from '../../../../src/sources/sls/decode/decode-error.ts'
import { RowEncoder } from '../../../../src/sources/sls/decode/encode-rows.ts'
import { assertAlways, fewRuns } from '../../../property/property-runs.ts'
import { field, type GroupModel, groupContent, writeGroups } from './write-log-groups.ts'

/** What JSON escapes, what it does not, and characters of one to four bytes. */
const char = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('"', '\\', '\n', '\r', '\t', '\b', '\f', '\0', '\u001f', '\u007f', ' ', '/'),
  },
  { weight: 6, arbitrary: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }) },
  { weight: 2, arbitrary: fc.constantFrom('é', '日', '\u2028', '\uffff', '😀') },
)
const text = fc.string({ unit: char, maxLength: 40 })
const name = fc.oneof(text, fc.constantFrom('message', '__proto__', 'constructor', 'requestId'))
const pairs = fc.array(fc.tuple(name, fc.oneof(text, fc.string({ unit: char, maxLength: 600 }))), { maxLength: 6 })
const uint32 = fc.oneof(fc.nat({ max: 0xffffffff }), fc.constantFrom(0, 9, 10, 2147483647, 2147483648, 4294967295))

const logArb = fc.record({ time: uint32, ns: uint32, contents: pairs }, { requiredKeys: ['time', 'contents'] })
const groupArb: fc.Arbitrary<GroupModel> = fc.record(
  { topic: text, source: text, tags: pairs, logs: fc.array(logArb, { maxLength: 4 }) },
  { requiredKeys: ['tags', 'logs'] },
)
const groupsArb = fc.array(groupArb, { maxLength: 5 })

/** Rows as JSON itself writes them, member by member: an object would lose names that come twice. */
function rowsOf({ topic = '', source = '', tags, logs }: GroupModel): string {
  const member = (key: string, value: string | number): string => `${JSON.stringify(key)}:${JSON.stringify(value)}`
  const rows = logs.map(({ time, ns, contents }) => [
    member('__time__', time),
    ...(ns === undefined ? [] : [member('__time_ns_part__', ns)]),
    member('__source__', source),
    ...tags.map(([key, value]) => member(`__tag__:${key}`, value)),
    member('__topic__', topic),
    ...contents.map(([key, value]) => member(key, value)),
  ])
  return rows.map(members => `{${members.join(',')}}\n`).join('')
}

const encoder = new RowEncoder()

test('rows are what JSON makes of the model, group by group, and the same every time', () =>
  assertAlways(
    fc.asyncProperty(groupsArb, async models => {
      const body = writeGroups(models)
      const { bytes, length, groups, ends } = encoder.encode(body)
      const written = bytes.subarray(0, length)
      const expected = models.map(rowsOf)
      assert.equal(groups, models.length)
      assert.equal(countGroups(body), models.length)
      assert.equal(written.toString('utf8'), expected.join(''))
      let end = 0
      expected.forEach((rows, n) => {
        end += Buffer.byteLength(rows)
        assert.equal(ends[n], end)
      })
      assert.deepEqual(new RowEncoder().encode(Buffer.from(body)).bytes.subarray(0, length), written)
    }),
    fewRuns,
  ))

test('every row is one JSON object with the values of the model', () =>
  assertAlways(
    fc.asyncProperty(groupsArb, async models => {
      const { bytes, length } = encoder.encode(writeGroups(models))
      const lines = bytes.toString('utf8', 0, length).split('\n').slice(0, -1)
      const wanted = models.flatMap(({ topic = '', source = '', tags, logs }) =>
        logs.map(({ time, ns, contents }) => {
          const row = new Map<string, string | number>([['__time__', time]])
          if (ns !== undefined) row.set('__time_ns_part__', ns)
          row.set('__source__', source)
          for (const [key, value] of tags) row.set(`__tag__:${key}`, value)
          row.set('__topic__', topic)
          for (const [key, value] of contents) row.set(key, value)
          return row
        }),
      )
      assert.deepEqual(
        lines.map(line => new Map(Object.entries(JSON.parse(line) as object).toSorted())),
        wanted.map(row => new Map([...row].toSorted())),
      )
    }),
    fewRuns,
  ))

/** Bytes that are changed, put in, or taken out. */
const damageArb = fc.array(
  fc.record({ place: fc.nat(), byte: fc.nat({ max: 255 }), change: fc.constantFrom(0, 1, 2) }),
  {
    minLength: 1,
    maxLength: 4,
  },
)

/** A number that nobody knows: the kernel leaves a group with it alone. */
const unknownField = Buffer.from([0x38, 0x00])

test('the kernel and the full way write the same rows, and refuse the same', () =>
  assertAlways(
    fc.asyncProperty(groupArb, fc.option(damageArb), async (model, damage) => {
      const content = damaged(groupContent(model), damage ?? [])
      const fully = field(0x0a, Buffer.concat([unknownField, content]))
      assert.deepEqual(encodeOrRefuse(field(0x0a, content)), encodeOrRefuse(fully))
      if (damage === null) assert.equal(encodeOrRefuse(fully)?.toString(), rowsOf(model))
    }),
    { runs: 500, limitMs: 3_000 },
  ))

test('a damaged list is refused, or becomes whole lines of what lies within it', () =>
  assertAlways(
    fc.asyncProperty(groupsArb, damageArb, async (models, damage) => {
      const body = damaged(writeGroups(models), damage)
      // Quotes around it would come out as escapes, if anything there were read.
      const framed = Buffer.concat([Buffer.alloc(32, 0x22), body, Buffer.alloc(32, 0x22)])
      const inside = framed.subarray(32, 32 + body.length)
      const outcome = encodeOrRefuse(inside)
      assert.deepEqual(outcome, encodeOrRefuse(Buffer.from(body)))
      if (outcome !== null) assert.ok(outcome.length === 0 || outcome.at(-1) === 0x0a)
    }),
    { runs: 300, limitMs: 3_000 },
  ))

interface Damage {
  readonly place: number
  readonly byte: number
  readonly change: number
}

function damaged(whole: Buffer, damage: readonly Damage[]): Buffer {
  let body = whole
  for (const { place, byte, change } of damage) {
    const at = body.length === 0 ? 0 : place % body.length
    const put = change === 2 ? [] : [byte]
    body = Buffer.concat([body.subarray(0, at), Buffer.from(put), body.subarray(at + (change === 1 ? 0 : 1))])
  }
  return body
}

function encodeOrRefuse(body: Buffer): Buffer | null {
  try {
    const { bytes, length } = encoder.encode(body)
    return Buffer.from(bytes.subarray(0, length))
  } catch (error) {
    assert.ok(error instanceof DecodeError, String(error))
    return null
  }
}

// Whatever object, blanks and escapes: the reader finds what JSON.parse finds.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { kindOf, messageOf, newReader, originOf, readText } from './row-reading.ts'

const anyText = fc.string({ unit: 'binary', maxLength: 30 })
const oddText = fc.oneof(
  anyText,
  fc.constantFrom('\ud83d', '\ude00x', '\0', '"\\', '\u2028', '😀\n', 'fc:Instance:X', ''),
)
const known = fc.constantFrom(
  '__topic__',
  '__time__',
  '__time_ns_part__',
  'message',
  'functionName',
  'serviceName',
  'qualifier',
  'instanceID',
  'level',
  'durationMs',
  '__source__',
  '__proto__',
  'constructor',
)
const value = fc.oneof({ weight: 6, arbitrary: oddText }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) })
/** Members in order; names may repeat. */
const members = fc.array(fc.tuple(fc.oneof(known, oddText), value), { maxLength: 12 })
const blank = fc.constantFrom('', '', '', ' ', '\t', '\r', ' \t ')

/** Spells a JSON string, escaping more than it must where `choices` says so. */
function spell(text: string, choices: readonly number[]): string {
  let spelled = ''
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    const must = JSON.stringify(text[i]).slice(1, -1)
    const choice = choices.length === 0 ? 0 : (choices[i % choices.length] ?? 0)
    // A raw half of a surrogate pair cannot be written as UTF-8 by itself, so the halves of a pair are escaped together.
    const surrogate = unit >= 0xd800 && unit <= 0xdfff
    spelled +=
      surrogate || choice === 1
        ? `\\u${unit.toString(16).padStart(4, '0')}`
        : choice === 2 && text[i] === '/'
          ? '\\/'
          : must
  }
  return `"${spelled}"`
}

const line = fc
  .record({
    members,
    blanks: fc.array(blank, { minLength: 1, maxLength: 5 }),
    choices: fc.array(fc.nat(2), { maxLength: 7 }),
  })
  .map(({ members, blanks, choices }) => {
    let next = 0
    const gap = (): string => blanks[next++ % blanks.length] ?? ''
    const body = members.map(([name, value]) => {
      const written = typeof value === 'string' ? spell(value, choices) : JSON.stringify(value)
      return `${gap()}${spell(name, choices)}${gap()}:${gap()}${written}${gap()}`
    })
    return `${gap()}{${body.length === 0 ? gap() : body.join(',')}}${gap()}`
  })

const text = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value.toWellFormed() : null

test('kind, message and origin are those of JSON.parse', () => {
  const reader = newReader()
  fc.assert(
    fc.property(line, written => {
      const parsed = new Map<string, unknown>(Object.entries(JSON.parse(written)))
      const row = readText(written, reader)
      const kind = kindOf(row)
      const time = parsed.get('__time__')
      const isRow =
        [parsed.get('__topic__'), parsed.get('message'), time].some(v => typeof v === 'string') ||
        typeof time === 'number'
      assert.equal(kind === 'notARow', !isRow)
      if (kind === 'appLog' && typeof parsed.get('message') === 'string')
        assert.equal(messageOf(row), String(parsed.get('message')).toWellFormed())
      if (kind !== 'appLog') return
      const identity = ['functionName', 'qualifier', 'instanceID'].map(name => parsed.get(name))
      if (identity.some(v => typeof v === 'number' || typeof v === 'boolean')) return
      const [functionName, serviceName, qualifier, , instanceID] = originOf(row)
      assert.deepEqual([functionName, qualifier, instanceID], identity.map(text))
      if (typeof parsed.get('serviceName') === 'string')
        assert.equal(serviceName, text(parsed.get('serviceName')) ?? text(parsed.get('__topic__')))
    }),
    { numRuns: 1500 },
  )
})

test('a line is invalidJson exactly when JSON.parse refuses what begins like an object', () => {
  const reader = newReader()
  const damage = fc.record({
    line,
    at: fc.nat(),
    cut: fc.nat(2),
    put: fc.constantFrom('', '"', ',', '}', '{', '\\', '0', ':', '\u0001', 'é'),
  })
  fc.assert(
    fc.property(damage, ({ line, at, cut, put }) => {
      const from = at % (line.length + 1)
      // Damage to a surrogate pair gives U+FFFD on its way through UTF-8, which JSON takes.
      const damaged = (line.slice(0, from) + put + line.slice(from + cut)).toWellFormed()
      const kind = kindOf(readText(damaged, reader))
      let parsed: unknown
      try {
        parsed = JSON.parse(damaged)
      } catch {
        assert.ok(
          kind === 'invalidJson' || (kind === 'notARow' && !/^[ \t\r\n]*\{/.test(damaged)),
          `${kind}: ${damaged}`,
        )
        return
      }
      assert.ok(typeof parsed === 'object' ? kind !== 'invalidJson' : kind === 'notARow', `${kind}: ${damaged}`)
    }),
    { numRuns: 1500 },
  )
})

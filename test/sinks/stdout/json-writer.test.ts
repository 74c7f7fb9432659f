// The byte writer against JSON.parse, JSON.stringify and TextDecoder.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { JsonWriter } from '../../../src/sinks/stdout/json-writer.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 30 }).map(units => String.fromCharCode(...units)),
)

function written(write: (json: JsonWriter) => void): string {
  const json = new JsonWriter()
  write(json)
  return new TextDecoder('utf-8', { fatal: true }).decode(json.bytes.subarray(0, json.length))
}

test('any string comes back, halves of surrogate pairs as U+FFFD', () => {
  fc.assert(
    fc.property(anyText, text => assert.equal(JSON.parse(written(json => json.string(text))), text.toWellFormed())),
  )
})

test('any bytes come back as TextDecoder reads them', () => {
  const lead = fc.constantFrom(
    0xc2,
    0xe0,
    0xe4,
    0xed,
    0xef,
    0xf0,
    0xf1,
    0xf4,
    0xf5,
    0xc0,
    0xff,
    0x80,
    0xbf,
    0xa0,
    0x90,
    0x22,
    0x0a,
  )
  const bytes = fc
    .array(fc.oneof(lead, fc.integer({ min: 0, max: 255 })), { maxLength: 24 })
    .map(list => Buffer.from(list))
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  fc.assert(
    fc.property(bytes, buf => {
      // Between two bytes that would complete a sequence if they were looked at.
      const around = Buffer.concat([Buffer.from([0xe4]), buf, Buffer.from([0xb8, 0xad])])
      const text = written(json => json.text(around, 1, buf.length + 1))
      assert.equal(JSON.parse(text), decoder.decode(buf))
    }),
    { numRuns: 2000 },
  )
})

test('every byte below U+0080 is escaped as JSON.stringify does', () => {
  for (let code = 0; code < 0x80; code += 1) {
    const text = String.fromCharCode(code)
    assert.equal(
      written(json => json.string(text)),
      JSON.stringify(text),
    )
    assert.equal(
      written(json => json.text(Buffer.from(text), 0, 1)),
      JSON.stringify(text),
    )
  }
})

test('numbers are written as JSON.stringify does', () => {
  const hundredths = fc.integer({ min: 0, max: 2_000_000_000 }).map(n => n / 100)
  const thousandths = fc.integer({ min: 0, max: 2_000_000_000_000 }).map(n => n / 1000)
  const value = fc.oneof(
    fc.double(),
    fc.integer(),
    fc.maxSafeInteger(),
    hundredths,
    thousandths,
    fc.double({ min: 0, max: 1000 }),
  )
  fc.assert(
    fc.property(value, n =>
      assert.equal(
        written(json => json.number(n)),
        JSON.stringify(n),
      ),
    ),
    { numRuns: 3000 },
  )
  for (const n of [0, -0, 0.001, 0.0005, 999_999_999, 999_999_999.999, 1e9, 1e21, 5e-324, 0.1 + 0.2, 1.0005])
    assert.equal(
      written(json => json.number(n)),
      JSON.stringify(n),
    )
})

test('the buffer grows for what does not fit and keeps what was there', () => {
  const long = '\u0001中'.repeat(100_000)
  const text = written(json => {
    json.string('first')
    json.text(Buffer.from(long), 0, Buffer.byteLength(long))
    json.number(12.5)
  })
  assert.equal(text, `"first"${JSON.stringify(long)}12.5`)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Random } from '../../src/lib/random.ts'
import { deriveSpanId, deriveTraceId } from '../../src/lib/trace-id.ts'

const first = { phase: 0, attempt: 0 }

const bits = (hex: string): string =>
  [...hex].map(digit => Number.parseInt(digit, 16).toString(2).padStart(4, '0')).join('')

test('ids have the lengths of W3C and are never all zero', () => {
  for (const id of ['', 'a', '1-65a24fa0-0b44b15d-431a6b32cc8c', '请求', '\u0000', 'x'.repeat(10_000)]) {
    assert.match(deriveTraceId(id), /^(?!0{32})[0-9a-f]{32}$/)
    assert.match(deriveSpanId(id, first), /^(?!0{16})[0-9a-f]{16}$/)
    assert.equal(deriveTraceId(id), deriveTraceId(id))
  }
})

test('stored traces depend on these very values', () => {
  assert.equal(deriveTraceId('be4c11f1-a99e-4421-852d-55ace08a6cad'), 'd1d08f381136e9066ea213645f365d5f')
  assert.equal(deriveSpanId('be4c11f1-a99e-4421-852d-55ace08a6cad', first), 'd24662d5f13cf94d')
})

test('two hundred thousand ids have two hundred thousand traces and spans', () => {
  const random = new Random(1)
  const traces = new Set<string>()
  const spans = new Set<string>()
  for (let i = 0; i < 200_000; i += 1) {
    const id = i % 2 === 0 ? `1-65a24fa0-${random.hex(8)}-${random.hex(12)}` : `request-${i}`
    traces.add(deriveTraceId(id))
    spans.add(deriveSpanId(id, first))
  }
  assert.equal(traces.size, 200_000)
  assert.equal(spans.size, 200_000)
})

test('one changed character changes about half of the bits, wherever it stands', () => {
  const id = 'be4c11f1-a99e-4421-852d-55ace08a6cad'
  const before = bits(deriveTraceId(id))
  for (let at = 0; at < id.length; at += 1) {
    const changed = `${id.slice(0, at)}${id[at] === 'f' ? 'e' : 'f'}${id.slice(at + 1)}`
    if (changed === id) continue
    const after = bits(deriveTraceId(changed))
    const different = [...before].filter((bit, i) => bit !== after[i]).length
    assert.ok(different > 38 && different < 90, `${at}: ${different} of 128`)
  }
})

test('attempts and phases of one request have spans of their own', () => {
  const spans = new Set<string>()
  for (let attempt = 0; attempt < 1000; attempt += 1)
    for (let phase = 0; phase < 4; phase += 1)
      spans.add(deriveSpanId('be4c11f1-a99e-4421-852d-55ace08a6cad', { phase, attempt }))
  assert.equal(spans.size, 4000)
})

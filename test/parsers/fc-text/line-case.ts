// One line and what must be read from it, as a test.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsedLine } from './described-line.ts'

type Expected = Partial<ReturnType<typeof parsedLine>>

/** Registers a test: the named facts of `text` are these; what is not named may be anything. */
export const reads = (text: string, expected: Expected): void => {
  test(`${text.slice(0, 90)} -> ${expected.kind}`, () => {
    const parsed = parsedLine(text)
    // The keys of `expected` are those of the parsed line.
    const seen = Object.fromEntries(Object.keys(expected).map(key => [key, parsed[key as keyof Expected]]))
    assert.deepEqual(seen, expected)
  })
}

/** Registers a test: `text` is plain text without id and level. */
export const isText = (text: string): void => reads(text, { kind: 'text', id: '', levelText: '', level: 'other' })

/** Unix ms of an RFC 3339 time. */
export const at = (time: string): number => Date.parse(time)

// No marker and no line break may pass as a plain record, wherever it stands.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isPlainRecord } from '../../../parsers/fc-text/plain-record.ts'

const prose = 'a request took its time, est. 12 ms for the quest of RequestI'

for (const word of [' RequestId:', '\n']) {
  test(`${JSON.stringify(word)} is seen at every place of a record`, () => {
    for (let before = 0; before < 24; before++) {
      for (let behind = 0; behind < 24; behind++) {
        const bytes = Buffer.from(`777${prose.slice(0, before)}${word}${prose.slice(0, behind)}${word}`)
        const end = bytes.length - word.length
        assert.equal(isPlainRecord(bytes, 3, end), false, bytes.toString())
        assert.equal(isPlainRecord(bytes, 3, 3 + before), true, bytes.toString())
      }
    }
  })
}

test('prose that holds pieces of a marker is plain', () => {
  for (let end = 0; end <= prose.length; end++) assert.equal(isPlainRecord(Buffer.from(prose), 0, end), true)
  for (let start = 0; start <= prose.length; start++)
    assert.equal(isPlainRecord(Buffer.from(prose), start, prose.length), true)
})

// Ids in capitals that are told by fixed places must be ids for the general way as well.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { capitalIdEnd } from '../../../parsers/fc-text/known-id.ts'
import { isPlatformId } from '../../../parsers/fc-text/request-id.ts'

const shapes = ['909895D6-C547-44D4-AE4D-C4E439CEAD50', '2F65CABC000E681A95152C6FED57659A']

for (const id of shapes) {
  test(`${id} is read whole, and with any byte changed only what is an id`, () => {
    const bytes = Buffer.from(id)
    assert.equal(capitalIdEnd(bytes, 0, bytes.length), bytes.length)
    for (let end = 0; end < bytes.length; end++) assert.equal(capitalIdEnd(bytes, 0, end), 0)
    for (let at = 0; at < bytes.length; at++) {
      for (let byte = 0; byte < 256; byte++) {
        const changed = Buffer.from(bytes)
        changed[at] = byte
        const end = capitalIdEnd(changed, 0, changed.length)
        assert.ok(end === 0 || isPlatformId(changed, 0, end), `${id} ${at} ${byte}`)
      }
    }
  })
}

test('letters only are left to the general way', () => {
  for (const word of ['ABCDEFAB-CDEF-ABCD-EFAB-CDEFABCDEFAB', 'ABCDEFABCDEFABCDEFABCDEFABCDEFAB'])
    assert.equal(capitalIdEnd(Buffer.from(word), 0, word.length), 0)
})

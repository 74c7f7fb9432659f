// The cache of origins is bounded, and forgetting does no harm.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OriginCache, OriginField, OriginValues } from '../../../parsers/logstore-row/origin-cache.ts'

function valuesOf(instanceID: string): OriginValues {
  const bytes = new TextEncoder().encode(instanceID)
  const values = new OriginValues()
  values.set(OriginField.instanceID, new DataView(bytes.buffer, bytes.byteOffset), 0, bytes.length)
  return values
}

test('the 65,537th origin empties the cache; origins given out stay as they are', () => {
  const cache = new OriginCache()
  const first = cache.find(valuesOf('c-0'))
  for (let n = 1; n < 65_536; n += 1) cache.find(valuesOf(`c-${n}`))
  assert.equal(cache.size, 65_536)
  assert.equal(cache.find(valuesOf('c-0')), first)
  cache.find(valuesOf('c-65536'))
  assert.equal(cache.size, 1)
  assert.equal(cache.emptied, 1)
  const again = cache.find(valuesOf('c-0'))
  assert.notEqual(again, first)
  assert.deepEqual(again, first)
})

test('long values empty it by their bytes', () => {
  const cache = new OriginCache()
  for (let n = 0; n < 6; n += 1) cache.find(valuesOf(`${n}${'x'.repeat(4 * 1024 * 1024)}`))
  assert.ok(cache.emptied >= 1)
  assert.ok(cache.size <= 4)
})

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { errorCodes } from '../../src/model/fcscope-error.ts'

test('every error code is documented, and no other', () => {
  const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
  const documented = [...page.matchAll(/^## (FCS_\w+)$/gm)].map(match => match[1])
  assert.deepEqual(documented.toSorted(), errorCodes.toSorted())
})

// docs/reconcile.md against the code: every reason, whether it is a gap, every field of a mapping.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isSettled, reasonCodes } from '../../src/billing/reconcile/reason.ts'
import { billedResources, billFields, lineKinds } from '../../src/model/bill-mapping.ts'

const page = readFileSync(new URL('../../docs/reconcile.md', import.meta.url), 'utf8')

test('every reason is on the page, in the order of the code, and says whether it is a gap', () => {
  const told = [...page.matchAll(/^\| `(\w+)` \| (yes|no) \|/gm)].map(([, code, gap]) => `${code} ${gap}`)
  assert.deepEqual(
    told,
    reasonCodes.map(code => `${code} ${isSettled(code) ? 'no' : 'yes'}`),
  )
})

test('every field, resource and kind of a mapping is on the page', () => {
  const fields = page.split('\nFields: ')[1]?.split('. Needed')[0] ?? ''
  assert.deepEqual(
    [...fields.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    [...billFields],
  )
  for (const name of [...billedResources, ...lineKinds]) assert.ok(page.includes(`\`${name}\``), name)
})

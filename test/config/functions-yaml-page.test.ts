import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { z } from 'zod'
import { checkFunctions } from '../../src/config/check-functions.ts'
import { allowedValues, functionsSchema } from '../../src/config/functions-schema.ts'

const page = readFileSync(new URL('../../docs/functions-yaml.md', import.meta.url), 'utf8')

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
}

/** Every place of the schema with whether it must be there. */
function placesOf(schema: JsonSchema, at: string): readonly (readonly [place: string, required: boolean])[] {
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap(choice => placesOf(choice, at))
  if (schema.items !== undefined) return placesOf(schema.items, `${at}[]`)
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const place = at === '' ? key : `${at}.${key}`
    return [[place, schema.required?.includes(key) ?? false] as const, ...placesOf(value, place)]
  })
}

test('the page names every key with what the program allows', () => {
  // A JSON schema is typed with more kinds of values than ours has.
  const schema = z.toJSONSchema(functionsSchema, { unrepresentable: 'any' }) as JsonSchema
  const words = new Map<string, string>(Object.entries(allowedValues).map(([place, text]) => [place, text.en]))
  const expected = placesOf(schema, '').map(
    ([place, required]) => `| \`${place}\` | ${required ? 'yes' : 'no'} | ${words.get(place)} |`,
  )
  assert.ok(expected.length >= 15)
  assert.deepEqual(
    page.split('\n').filter(line => line.startsWith('| `')),
    expected,
  )
})

test('the example is taken', () => {
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? []
  const check = checkFunctions(example)
  assert.ok(check.status === 'ok', JSON.stringify(check))
  assert.equal(check.functions.length, 4)
})

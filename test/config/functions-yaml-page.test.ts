import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { checkFunctions } from '../../src/config/check-functions.ts'
import { functionsSchema } from '../../src/config/functions-schema.ts'
import { printFunctions } from '../../src/config/import/print-functions.ts'
import { type OptionNode, optionTree } from '../../src/config/option-tree.ts'
import { checkout } from './import/api-answers.ts'
import { importTexts } from './import/import-texts.ts'

const page = readFileSync(new URL('../../docs/functions-yaml.md', import.meta.url), 'utf8')

/** A row for every place below `node`. */
function rowsOf(node: OptionNode, at: string): readonly string[] {
  if (node.kind === 'list') return rowsOf(node.item, `${at}[]`)
  if (node.kind !== 'mapping') return []
  return [...node.keys].flatMap(([key, inner]) => {
    const place = at === '' ? key : `${at}.${key}`
    const { text, allowed } = inner.meta ?? assert.fail(`${place} has no words`)
    return [
      `| \`${place}\` | ${inner.isRequired ? 'yes' : 'no'} | ${allowed.en} | ${text.en} |`,
      ...rowsOf(inner, place),
    ]
  })
}

test('the page names every key with what the program allows', () => {
  const expected = rowsOf(optionTree(functionsSchema), '')
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

test('what the page shows of an import is what is made', () => {
  const { functions } = importTexts({ 'list.json': JSON.stringify({ functions: [checkout] }) })
  assert.ok(page.includes(`\`\`\`\n${printFunctions(functions, [{ file: 'list.json', format: 'fc3' }])}\`\`\`\n`))
})

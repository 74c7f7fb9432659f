import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkFunctions } from '../../../src/config/check-functions.ts'
import type { ImportedFunction } from '../../../src/config/import/found-function.ts'
import { printFunctions } from '../../../src/config/import/print-functions.ts'
import { checkout, mediaResize, train } from './api-answers.ts'
import { failureOf, importTexts } from './import-texts.ts'

test('what is printed says where it is from, and is what the schema takes', () => {
  const { functions } = importTexts({ 'a.json': JSON.stringify({ functions: [mediaResize, checkout, train] }) })
  const text = printFunctions(functions, [
    { file: 'a.json', format: 'fc3' },
    { file: 'evil\nfunctions: []\n', format: 'serverlessDevs' },
    { file: '<stdin>', format: 'fc2' },
  ])
  assert.equal(
    text,
    `# Made by \`fcscope functions import\` from
#   a.json (API of FC 3.0)
#   evil\\u{a}functions: []\\u{a} (Serverless Devs)
#   <stdin> (API of FC 2.0)
functions:
  - functionName: checkout
    region: cn-hangzhou
    vCPU: 1
    memoryMB: 2048
    diskMB: 512
    instanceConcurrency: 1
    timeoutSeconds: 60
  - functionName: media$resize
    region: cn-hangzhou
    vCPU: 0.35
    memoryMB: 512
    diskMB: 512
    instanceConcurrency: 20
    timeoutSeconds: 600
  - functionName: resize
    serviceName: media
    region: cn-hangzhou
    vCPU: 0.35
    memoryMB: 512
    diskMB: 512
    instanceConcurrency: 20
    timeoutSeconds: 600
  - functionName: train
    vCPU: 8
    memoryMB: 32768
    diskMB: 512
    gpu:
      type: tesla
      memoryMB: 16384
    instanceConcurrency: 1
    timeoutSeconds: 600
`,
  )
  assert.equal(checkFunctions(text).status, 'ok')
})

const named = (functionName: string): ImportedFunction => ({
  functionName,
  serviceName: null,
  region: null,
  vCPU: null,
  memoryMB: null,
  diskMB: null,
  gpu: null,
  instanceConcurrency: null,
  timeoutSeconds: null,
})

test('names that YAML reads as something else stay names', () => {
  const names = ['null', 'true', 'no', 'y', '_1', 'NaN', 'Infinity']
  const check = checkFunctions(printFunctions(names.map(named), []))
  assert.ok(check.status === 'ok')
  assert.deepEqual(
    check.functions.map(({ functionName }) => functionName),
    names,
  )
})

test('more than fcscope reads is not written', () => {
  const functions = Array.from({ length: 20_000 }, (_, i) => named(`function-${i}-${'x'.repeat(40)}`))
  assert.match(
    failureOf(() => printFunctions(functions, [])).text.en,
    /20000 functions make a functions\.yaml of more than 1 MiB/,
  )
})

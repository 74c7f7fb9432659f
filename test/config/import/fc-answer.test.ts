import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkout, draw, mediaResize, resize, train } from './api-answers.ts'
import { failureOf, type Imported, importTexts, known, told } from './import-texts.ts'

const ofCheckout = {
  functionName: 'checkout',
  region: 'cn-hangzhou',
  vCPU: 1,
  memoryMB: 2048,
  diskMB: 512,
  instanceConcurrency: 1,
  timeoutSeconds: 60,
}
const ofDraw = {
  functionName: 'draw',
  region: 'cn-hangzhou',
  vCPU: 8,
  memoryMB: 32_768,
  diskMB: 10_240,
  gpu: { type: 'ada', memoryMB: 49_152 },
  instanceConcurrency: 1,
  timeoutSeconds: 600,
}
const ofResize = { functionName: 'resize', memoryMB: 512, instanceConcurrency: 20, timeoutSeconds: 600 }
const ofTrain = {
  functionName: 'train',
  vCPU: 8,
  memoryMB: 32_768,
  diskMB: 512,
  gpu: { type: 'tesla', memoryMB: 16_384 },
  instanceConcurrency: 1,
  timeoutSeconds: 600,
}

const taken: readonly [what: string, answer: unknown, functions: readonly object[], notes: readonly string[]][] = [
  ['ListFunctions of FC 3.0', { functions: [draw, checkout] }, [ofCheckout, ofDraw], []],
  ['an empty list', { functions: [] }, [], []],
  ['GetFunction of FC 3.0', checkout, [ofCheckout], []],
  [
    'an answer as an SDK prints it',
    { headers: {}, statusCode: 200, body: { functions: [checkout] } },
    [ofCheckout],
    [],
  ],
  ['one function as an SDK prints it', { headers: {}, body: draw }, [ofDraw], []],
  ['several answers in a list', [{ functions: [checkout] }, { body: draw }], [ofCheckout, ofDraw], []],
  [
    'ListFunctions of FC 2.0',
    { functions: [resize, train] },
    [ofResize, ofTrain],
    ['noService - resize -', 'noService - train -'],
  ],
  ['GetFunction of FC 2.0 with a service', { ...train, serviceName: 'ml' }, [{ ...ofTrain, serviceName: 'ml' }], []],
  [
    'a function of FC 2.0 in a list of FC 3.0, which logs may name in two ways',
    { functions: [mediaResize] },
    [
      {
        ...ofCheckout,
        functionName: 'media$resize',
        vCPU: 0.35,
        memoryMB: 512,
        instanceConcurrency: 20,
        timeoutSeconds: 600,
      },
      {
        ...ofCheckout,
        functionName: 'resize',
        serviceName: 'media',
        vCPU: 0.35,
        memoryMB: 512,
        instanceConcurrency: 20,
        timeoutSeconds: 600,
      },
    ],
    ['twoNames - media/resize -'],
  ],
  [
    'a page that is not the last',
    { functions: [checkout], nextToken: 'MTIzNCNhYmM=' },
    [ofCheckout],
    ['morePages - a.json -'],
  ],
  ['the last page', { functions: [checkout], nextToken: '' }, [ofCheckout], []],
  [
    'a function without a GPU, said aloud',
    { ...checkout, gpuConfig: { gpuType: '', gpuMemorySize: 0 } },
    [ofCheckout],
    [],
  ],
  [
    'brackets and quotes within texts',
    { ...checkout, environmentVariables: { X: `\\"${'[{"'.repeat(100_000)}` } },
    [ofCheckout],
    [],
  ],
  [
    'keys that objects have by themselves',
    JSON.parse('{"functionName":"a","__proto__":{"cpu":4},"constructor":1}'),
    [{ functionName: 'a' }],
    [],
  ],
]
for (const [what, answer, functions, notes] of taken) {
  test(`taken: ${what}`, () => {
    const result = importTexts({ 'a.json': JSON.stringify(answer) })
    assert.deepEqual(known(result), functions)
    assert.deepEqual(told(result), notes)
  })
}

test('what the file does not say may be said for it, and nothing else', () => {
  const text = JSON.stringify({ functions: [resize, mediaResize, { ...train, serviceName: 'ml' }] })
  const { functions }: Imported = importTexts({ 'a.json': text }, { region: 'cn-beijing', serviceName: 'old' })
  assert.deepEqual(
    functions.map(({ functionName, serviceName, region }) => [functionName, serviceName, region]),
    [
      ['media$resize', null, 'cn-hangzhou'],
      ['resize', 'media', 'cn-hangzhou'],
      ['resize', 'old', 'cn-beijing'],
      ['train', 'ml', 'cn-beijing'],
    ],
  )
})

const noJson = /begins like JSON, but is not one whole JSON value\. .*`jq -s \.`/
const neither = /found neither an answer of ListFunctions or GetFunction, nor/
const refused: readonly [what: string, text: string, says: RegExp][] = [
  ['JSON that breaks off', '{"functions":[{"functionName":"a"', noJson],
  ['two answers one behind the other', `${JSON.stringify(checkout)}\n${JSON.stringify(draw)}`, noJson],
  ['another object', '{"services":[]}', neither],
  ['an error of the API', '{"Code":"AccessDenied","Message":"the caller is not authorized"}', neither],
  ['functions that are no list', '{"functions":{"a":1}}', neither],
  ['a list of texts', '["a"]', neither],
  ['an empty object', '{}', neither],
  [
    'a function that is none',
    '{"functions":[{"functionName":"a"},7]}',
    /functions\[1\]: found no JSON object; allowed: a function/,
  ],
  ['a functions.yaml as JSON', '{"functions":[{"functionName":"a","vCPU":1}]}', /is a functions\.yaml already\./],
  ['too many functions', `{"functions":[${'{"functionName":"a"},'.repeat(20_000)}{}]}`, /more than 20000 functions/],
  ['too many answers', `[${'{},'.repeat(20_000)}{}]`, /more than 20000 functions/],
  ['a very deep list', '['.repeat(200_000) + ']'.repeat(200_000), /nested too deeply/],
]
for (const [what, text, says] of refused) {
  test(`refused: ${what}`, () => {
    const { code, text: said } = failureOf(() => importTexts({ 'a.json': text }))
    assert.equal(code, 'FCS_CONFIG_INVALID')
    assert.match(said.en, says)
    assert.doesNotMatch(said.en, /\n|AccessDenied/)
    assert.match(said.zh, /\p{Script=Han}/u)
  })
}

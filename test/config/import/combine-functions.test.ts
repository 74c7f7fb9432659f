import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkout, draw, mediaResize, resize, train } from './api-answers.ts'
import { failureOf, importTexts, known } from './import-texts.ts'

const texts = (...answers: readonly object[]): Record<string, string> =>
  Object.fromEntries(answers.map((answer, i) => [`${'abcdef'[i]}.json`, JSON.stringify(answer)]))

test('the same function in two files is there once', () => {
  const once = importTexts(texts(draw))
  assert.deepEqual(importTexts(texts(draw, { functions: [draw] })), once)
})

test('what one file does not say is taken from another, and not told as missing', () => {
  const { cpu: _, diskSize: __, ...less } = checkout
  const whole = importTexts(texts(checkout))
  assert.deepEqual(importTexts(texts(less, checkout)), whole)
  assert.deepEqual(importTexts(texts(checkout, less)), whole)
  const s = `resources: {x: {component: fc3, props: {functionName: checkout, cpu: "\${env('CPU')}"}}}`
  assert.deepEqual(importTexts({ 's.yaml': s, ...texts(checkout) }), whole)
})

const contradictions: readonly [what: string, files: Record<string, string>, en: string, zh: string][] = [
  [
    'a size',
    texts(checkout, { ...checkout, memorySize: 1024 }),
    'checkout: a.json says memoryMB 2048, and b.json says memoryMB 1024. Give only the one that is right.',
    'checkout：a.json 中为 memoryMB 2048，b.json 中为 memoryMB 1024。请只提供正确的一个。',
  ],
  [
    'a size, within a file',
    texts([checkout, { ...checkout, cpu: 2 }]),
    'checkout: a.json says vCPU 1, and a.json says vCPU 2. Give only the one that is right.',
    'checkout：a.json 中为 vCPU 1，a.json 中为 vCPU 2。请只提供正确的一个。',
  ],
  [
    'a GPU, and the file that said it',
    texts({ ...draw, gpuConfig: null }, draw, {
      ...draw,
      gpuConfig: { gpuType: 'fc.gpu.tesla.1', gpuMemorySize: 16_384 },
    }),
    'draw: b.json says gpu ada 49152 MB, and c.json says gpu tesla 16384 MB. Give only the one that is right.',
    'draw：b.json 中为 gpu ada 49152 MB，c.json 中为 gpu tesla 16384 MB。请只提供正确的一个。',
  ],
  [
    'a region',
    texts(checkout, { ...checkout, functionArn: 'acs:fc:cn-beijing:1:functions/checkout' }),
    'checkout: a.json says region cn-hangzhou, and b.json says region cn-beijing. Logs do not tell regions apart: make one functions.yaml for each.',
    'checkout：a.json 中为 region cn-hangzhou，b.json 中为 region cn-beijing。日志无法区分地域：请为每个地域单独生成 functions.yaml。',
  ],
  [
    'two generations of the API',
    texts(mediaResize, { ...resize, serviceName: 'media', timeout: 60 }),
    'media/resize: a.json says timeoutSeconds 600, and b.json says timeoutSeconds 60. Give only the one that is right.',
    'media/resize：a.json 中为 timeoutSeconds 600，b.json 中为 timeoutSeconds 60。请只提供正确的一个。',
  ],
]
for (const [what, files, en, zh] of contradictions) {
  test(`contradicted: ${what}`, () => {
    const error = failureOf(() => importTexts(files))
    assert.deepEqual([error.code, error.text], ['FCS_CONFIG_INVALID', { en, zh }])
  })
}

test('one order, whatever the order of the files', () => {
  const files = [
    draw,
    { ...train, serviceName: 'ml' },
    { ...train, serviceName: 'art' },
    checkout,
    { ...checkout, functionName: 'train' },
  ]
  const names = [
    ['checkout', undefined],
    ['draw', undefined],
    // With a service first: the one without would match it, too.
    ['train', 'art'],
    ['train', 'ml'],
    ['train', undefined],
  ]
  for (const order of [files, files.toReversed()]) {
    const functions = known(importTexts(texts(...order))) as { functionName: string; serviceName?: string }[]
    assert.deepEqual(
      functions.map(({ functionName, serviceName }) => [functionName, serviceName]),
      names,
    )
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkout, resize } from './api-answers.ts'
import { importTexts, known, told } from './import-texts.ts'

const importOne = (answer: object) => importTexts({ 'a.json': JSON.stringify(answer) })

/** What one key of an answer becomes; `note` when it is left out. */
type Case = readonly [key: string, value: unknown, field: string, result: unknown, note?: string]
const cases: readonly Case[] = [
  ['cpu', 0.05, 'vCPU', 0.05],
  ['cpu', 16, 'vCPU', 16],
  ['cpu', 0, 'vCPU', undefined, 'outOfBounds vCPU checkout 0'],
  ['cpu', 16.05, 'vCPU', undefined, 'outOfBounds vCPU checkout 16.05'],
  ['cpu', '0.5', 'vCPU', 0.5],
  ['cpu', '0.5 ', 'vCPU', undefined, 'outOfBounds vCPU checkout "0.5 "'],
  ['cpu', true, 'vCPU', undefined, 'outOfBounds vCPU checkout true'],
  ['cpu', [1], 'vCPU', undefined, 'outOfBounds vCPU checkout […]'],
  ['cpu', null, 'vCPU', undefined],
  ['memorySize', 128, 'memoryMB', 128],
  ['memorySize', '1024', 'memoryMB', 1024],
  ['memorySize', 131_136, 'memoryMB', undefined, 'outOfBounds memoryMB checkout 131136'],
  ['memorySize', 512.5, 'memoryMB', undefined, 'outOfBounds memoryMB checkout 512.5'],
  ['memorySize', '1e3', 'memoryMB', undefined, 'outOfBounds memoryMB checkout "1e3"'],
  ['memorySize', -1, 'memoryMB', undefined, 'outOfBounds memoryMB checkout -1'],
  ['diskSize', 10_240, 'diskMB', 10_240],
  ['diskSize', 204_800, 'diskMB', undefined, 'outOfBounds diskMB checkout 204800'],
  ['instanceConcurrency', 200, 'instanceConcurrency', 200],
  ['instanceConcurrency', 0, 'instanceConcurrency', undefined, 'outOfBounds instanceConcurrency checkout 0'],
  ['timeout', 86_400, 'timeoutSeconds', 86_400],
  ['timeout', 86_401, 'timeoutSeconds', undefined, 'outOfBounds timeoutSeconds checkout 86401'],
  ['timeout', '60s', 'timeoutSeconds', undefined, 'outOfBounds timeoutSeconds checkout "60s"'],
  ['functionArn', 'acs:fc:us-west-1:1:functions/checkout', 'region', 'us-west-1'],
  ['functionArn', 'acs:fc:US West:1:functions/checkout', 'region', undefined, 'outOfBounds region checkout "US West"'],
  ['functionArn', 'acs:fc::1:functions/checkout', 'region', undefined],
  ['functionArn', 'acs:ram:cn-hangzhou:1:role/x', 'region', undefined],
  ['functionArn', 7, 'region', undefined],
  ['gpuConfig', { gpuType: 'fc.gpu.tesla.1', gpuMemorySize: 16_384 }, 'gpu', { type: 'tesla', memoryMB: 16_384 }],
  ['gpuConfig', { gpuType: 'fc.gpu.ada.1', gpuMemorySize: '49152' }, 'gpu', { type: 'ada', memoryMB: 49_152 }],
  ['gpuConfig', {}, 'gpu', undefined],
  ['gpuConfig', null, 'gpu', undefined],
  ...(
    [
      ['fc.gpu.ampere.1', 24_576, '"fc.gpu.ampere.1", 24576 MB'],
      ['fc.gpu.ada.2', 24_576, '"fc.gpu.ada.2", 24576 MB'],
      ['fc.gpu.hopper.1', 98_304, '"fc.gpu.hopper.1", 98304 MB'],
      ['fc.gpu.ada.1', 98_305, '"fc.gpu.ada.1", 98305 MB'],
      ['fc.gpu.ada.1', undefined, '"fc.gpu.ada.1", ? MB'],
      [undefined, 16_384, '?, 16384 MB'],
      ['constructor', 1, '"constructor", 1 MB'],
      ['__proto__', 1, '"__proto__", 1 MB'],
    ] as const
  ).map(
    ([gpuType, gpuMemorySize, found]): Case => [
      'gpuConfig',
      { gpuType, gpuMemorySize },
      'gpu',
      undefined,
      `unknownGPU gpu checkout ${found}`,
    ],
  ),
]
for (const [key, value, field, result, note] of cases) {
  test(`${key} ${JSON.stringify(value)} becomes ${field} ${JSON.stringify(result)}`, () => {
    const imported = importOne({ ...checkout, [key]: value })
    const [entry = {}] = known(imported)
    assert.deepEqual((entry as Record<string, unknown>)[field], result)
    assert.deepEqual(told(imported), note === undefined ? [] : [note])
  })
}

const names: readonly [name: string, isTaken: boolean][] = [
  ['a', true],
  ['_a-B_9', true],
  ['x'.repeat(128), true],
  ['x'.repeat(129), false],
  ['', false],
  ['*', false],
  ['img-*', false],
  ['img-*$a', false],
  ['a$b', true],
  ['a$b$c', false],
  ['a$', false],
  ['$a', false],
  ['9a', false],
  ['a b', false],
  ['a/b', false],
  ['a\n- functionName: b', false],
  ['函数', false],
  ['{{ name }}', false],
]
for (const [functionName, isTaken] of names) {
  test(`the name ${JSON.stringify(functionName.slice(0, 20))} is ${isTaken ? 'taken' : 'left out'}`, () => {
    const imported = importOne({ ...checkout, functionName })
    assert.equal(known(imported).length > 0, isTaken)
    const quoted = JSON.stringify(functionName.slice(0, 60)) + (functionName.length > 60 ? '…' : '')
    if (!isTaken) assert.deepEqual(told(imported), [`wrongName - function ${quoted}`])
  })
}

test('a service of FC 2.0 is no pattern either', () => {
  assert.deepEqual(told(importOne({ ...resize, serviceName: 'media*' })), ['wrongName - function "media*"'])
})

test('what nobody says is told, once for every key', () => {
  const { notes } = importOne(resize)
  assert.deepEqual(
    notes.filter(({ kind }) => kind === 'missing').map(({ field, of }) => [field, of]),
    [
      ['region', 'resize'],
      ['vCPU', 'resize'],
      ['diskMB', 'resize'],
    ],
  )
})

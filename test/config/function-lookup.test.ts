import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFunctionLookup } from '../../src/config/function-lookup.ts'
import type { FunctionConfig } from '../../src/model/function-config.ts'

const unknown: FunctionConfig = {
  functionName: '*',
  serviceName: null,
  qualifier: null,
  region: null,
  vCPU: null,
  memoryMB: null,
  diskMB: null,
  gpu: null,
  instanceConcurrency: null,
  timeoutSeconds: null,
  minInstances: null,
  effectiveFromMs: null,
}

type Names = [functionName: string, serviceName?: string | null, qualifier?: string | null, effectiveFromMs?: number]
const entry = ([functionName, serviceName = null, qualifier = null, effectiveFromMs]: Names): FunctionConfig => ({
  ...unknown,
  functionName,
  serviceName,
  qualifier,
  effectiveFromMs: effectiveFromMs ?? null,
})

type Origin = [functionName: string | null, serviceName?: string | null, qualifier?: string | null]
interface Case {
  readonly name: string
  readonly entries: readonly Names[]
  /** Index of the entry that is found, -1 for none. */
  readonly asked: readonly (readonly [origin: Origin, atMs: number | undefined, found: number])[]
}

const cases: readonly Case[] = [
  {
    name: 'no entries',
    entries: [],
    asked: [
      [['api'], undefined, -1],
      [[null], 5, -1],
    ],
  },
  {
    name: 'the first match wins, not the closest',
    entries: [['api-*'], ['api-1'], ['*']],
    asked: [
      [['api-1'], undefined, 0],
      [['web'], undefined, 2],
      [[null], undefined, 2],
    ],
  },
  {
    name: 'service and qualifier, left out or named',
    entries: [
      ['api', 'shop', 'prod'],
      ['api', 'shop'],
      ['api', null, 'LATEST'],
      ['api', '*', 'v*'],
    ],
    asked: [
      [['api', 'shop', 'prod'], undefined, 0],
      [['api', 'shop', 'test'], undefined, 1],
      [['api', 'shop'], undefined, 1],
      [['api', null, 'LATEST'], undefined, 2],
      [['api', null, 'v2'], undefined, 3],
      [['api'], undefined, -1],
    ],
  },
  {
    name: 'an unknown name is matched by a lone star only',
    entries: [['a*'], ['**', 'shop'], ['*', '*', 'x'], ['*', '*', '*']],
    asked: [
      [[null, 'shop'], undefined, 1],
      [[null, null, 'x'], undefined, 2],
      [[null, null, null], undefined, 3],
    ],
  },
  {
    name: 'an entry counts from its moment on',
    entries: [['api', null, null, 200], ['api', null, null, 100], ['api']],
    asked: [
      [['api'], 99, 2],
      [['api'], 100, 1],
      [['api'], 199, 1],
      [['api'], 200, 0],
      [['api'], Number.NaN, 0],
      [['api'], undefined, 0],
    ],
  },
  {
    name: 'without an entry for the time before, nothing holds then',
    entries: [['api', null, null, 100]],
    asked: [
      [['api'], 99, -1],
      [['api'], undefined, 0],
    ],
  },
  {
    name: 'without a time the newest of a group, wherever it stands; groups keep their order',
    entries: [
      ['api', null, null, 100],
      ['api', '*', null, 300],
      ['api', null, null, 200],
      ['*', null, null, 900],
    ],
    asked: [
      [['api'], undefined, 1],
      [['web'], undefined, 3],
    ],
  },
  {
    name: 'an entry without effectiveFrom before others hides them',
    entries: [['api'], ['api', null, null, 100]],
    asked: [
      [['api'], 500, 0],
      [['api'], undefined, 0],
    ],
  },
  {
    name: 'names of objects are names',
    entries: [['__proto__'], ['constructor']],
    asked: [
      [['constructor'], undefined, 1],
      [['__proto__'], undefined, 0],
      [['toString'], undefined, -1],
    ],
  },
]
for (const { name, entries, asked } of cases) {
  test(name, () => {
    const configs = entries.map(entry)
    const lookUp = createFunctionLookup(configs)
    for (const [[functionName, serviceName = null, qualifier = null], atMs, found] of [...asked, ...asked]) {
      const config = lookUp({ functionName, serviceName, qualifier }, atMs)
      assert.equal(config === null ? -1 : configs.indexOf(config), found, `${functionName} at ${atMs}`)
    }
  })
}

test('more names than are remembered', () => {
  const lookUp = createFunctionLookup([entry(['f1*']), entry(['f*'])])
  for (let i = 0; i < 10_000; i += 1) {
    const found = lookUp({ functionName: `f${i}`, serviceName: null, qualifier: null })
    assert.equal(found?.functionName, String(i).startsWith('1') ? 'f1*' : 'f*')
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkFunctions } from '../../src/config/check-functions.ts'
import { renderPath } from '../../src/config/config-problem.ts'
import type { FunctionConfig } from '../../src/model/function-config.ts'

const api: FunctionConfig = {
  functionName: 'api',
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

const full = `# comment
functions:
  - functionName: "img-*"
    serviceName: media
    qualifier: LATEST
    region: cn-hangzhou
    vCPU: 0.35
    memoryMB: 512
    diskMB: 10240
    gpu:
      type: tesla
      memoryMB: 16384
    instanceConcurrency: 20
    timeoutSeconds: 600
    minInstances: 0
    effectiveFrom: 2025-06-01
`

const good: [name: string, text: string, functions: readonly FunctionConfig[]][] = [
  [
    'every key',
    full,
    [
      {
        functionName: 'img-*',
        serviceName: 'media',
        qualifier: 'LATEST',
        region: 'cn-hangzhou',
        vCPU: 0.35,
        memoryMB: 512,
        diskMB: 10240,
        gpu: { type: 'tesla', memoryMB: 16384 },
        instanceConcurrency: 20,
        timeoutSeconds: 600,
        minInstances: 0,
        effectiveFromMs: Date.UTC(2025, 4, 31, 16),
      },
    ],
  ],
  ['the same with CRLF and a tab in a comment', 'functions:\r\n  - functionName: api # \tx\r\n', [api]],
  ['JSON', '{"functions":[{"functionName":"api","vCPU":1}]}', [{ ...api, vCPU: 1 }]],
  ['no entries', 'functions: []', []],
  [
    'keys without a value are not known',
    'functions: [{functionName: api, gpu: , vCPU: null, effectiveFrom: ~}]',
    [api],
  ],
  ['order is kept', 'functions: [{functionName: b}, {functionName: api}]', [{ ...api, functionName: 'b' }, api]],
  ['an anchor that nobody uses', 'functions: &all [{functionName: api}]', [api]],
  ['a directive', '%YAML 1.2\n---\nfunctions: [{functionName: api}]\n', [api]],
  [
    'YAML 1.1 does not change words',
    '%YAML 1.1\n---\nfunctions: [{functionName: yes}]',
    [{ ...api, functionName: 'yes' }],
  ],
]
for (const [name, text, functions] of good) {
  test(`taken: ${name}`, () => assert.deepEqual(checkFunctions(text), { status: 'ok', functions }))
}

const inEntry = (fields: string): string => `functions:\n- functionName: api\n  ${fields}\n`

/** Field, values that are taken, values that are not. */
const limits: [field: string, taken: string[], refused: string[]][] = [
  ['functionName', ['a', '"1"', "'*'", `${'x'.repeat(256)}`], ['""', '1', 'true', '[a]', `${'x'.repeat(257)}`, '']],
  ['serviceName', ['a*'], ['""', '5', '{}']],
  ['qualifier', ['LATEST', '"3"'], ['3', '""']],
  ['region', ['cn-hangzhou', 'us-west-1'], ['CN-Hangzhou', '"cn hangzhou"', '""', '1']],
  ['vCPU', ['0.05', '0.35', '16', '1e1'], ['0', '0.04', '16.01', '-1', '.inf', '.nan', '"1"']],
  ['memoryMB', ['64', '512', '131072'], ['63', '131073', '512.5', '"512"', '512MB', '-512', '1e300']],
  ['diskMB', ['512', '102400'], ['511', '102401', '0.5']],
  ['gpu', ['{type: ada, memoryMB: 1}', '{type: tesla, memoryMB: 98304}'], ['ada', '[]', '8']],
  ['instanceConcurrency', ['1', '200'], ['0', '201', '1.5', '[1]']],
  ['timeoutSeconds', ['1', '86400'], ['0', '86401', '60s', '0.5']],
  ['minInstances', ['0', '10000'], ['-1', '10001', 'true']],
  [
    'effectiveFrom',
    ['2025-06-01', '"2025-06-01 08:00"', '2025-06-01T08:00:00Z'],
    ['2025', '2025-02-30', 'now', '1748736000'],
  ],
]
for (const [field, taken, refused] of limits) {
  test(`what ${field} may be`, () => {
    const check = (value: string) =>
      checkFunctions(field === 'functionName' ? `functions:\n- functionName: ${value}` : inEntry(`${field}: ${value}`))
    for (const value of taken) assert.equal(check(value).status, 'ok', value)
    for (const value of refused) {
      const result = check(value)
      assert.ok(result.status === 'invalid', value)
      assert.deepEqual(
        result.problems.map(({ line, path }) => [line, renderPath(path)]),
        [[field === 'functionName' ? 2 : 3, `functions[0].${field}`]],
        value,
      )
    }
  })
}

type Wrong = [name: string, text: string, problems: (readonly [line: number, path: string, text: RegExp])[]]
const wrong: readonly Wrong[] = [
  ['an empty file', '', [[1, '', /^found nothing; allowed: a mapping with the key functions$/]]],
  ['only a comment', '# x\n', [[1, '', /^found nothing/]]],
  ['a list', '- a', [[1, '', /^found a list/]]],
  ['a word', 'functions', [[1, '', /^found a text/]]],
  ['no list of functions', '{}', [[1, 'functions', /^found nothing; allowed: a list of entries$/]]],
  [
    'functions without a value',
    'a: 1\nfunctions:\n',
    [
      [2, 'functions', /^found nothing/],
      [1, 'a', /^unknown key/],
    ],
  ],
  ['a mapping of functions', 'functions:\n  api: {vCPU: 1}', [[1, 'functions', /^found a mapping; allowed: a list/]]],
  [
    'an empty entry',
    'functions:\n  -\n  - {}',
    [
      [2, 'functions[0]', /^found nothing; allowed: a mapping with at least functionName$/],
      [3, 'functions[1].functionName', /^found nothing; allowed: text/],
    ],
  ],
  [
    'an unknown key and its neighbours',
    inEntry('memoryMb: 512\n  cpu: 1'),
    [
      [
        3,
        'functions[0].memoryMb',
        /^unknown key \(did you mean memoryMB\?\); allowed: functionName, serviceName, .*memoryMB.*, effectiveFrom$/,
      ],
      [4, 'functions[0].cpu', /^unknown key/],
    ],
  ],
  [
    'an unknown key of a GPU',
    inEntry('gpu:\n    type: ada\n    memory: 4'),
    [
      [3, 'functions[0].gpu.memoryMB', /^found nothing; allowed: a whole number from 1 to 98304$/],
      [5, 'functions[0].gpu.memory', /^unknown key \(did you mean memoryMB\?\); allowed: type, memoryMB$/],
    ],
  ],
  [
    'several at once, with lines',
    'functions:\n- functionName: a\n  vCPU: 99\n- functionName: b\n\n  timeoutSeconds: 10m\n',
    [
      [3, 'functions[0].vCPU', /^found 99; allowed: a number from 0.05 to 16$/],
      [6, 'functions[1].timeoutSeconds', /^found "10m"; allowed: a whole number from 1 to 86400$/],
    ],
  ],
  ['a key that comes twice', inEntry('vCPU: 1\n  vCPU: 2'), [[4, 'functions[0].vCPU', /twice/]]],
  [
    'a key that comes twice, the second time wrong',
    inEntry('vCPU: 1\n  vCPU: 99'),
    [
      [4, 'functions[0].vCPU', /twice/],
      [4, 'functions[0].vCPU', /^found 99/],
    ],
  ],
  ['a list that comes twice', 'functions: []\nfunctions: []', [[2, 'functions', /twice/]]],
  [
    'the same key as text and as number',
    'functions: []\n1: a\n"1": b',
    [
      [3, '["1"]', /twice/],
      [3, '["1"]', /^unknown key/],
    ],
  ],
  ['a key that is a list', 'functions: []\n? [a]\n: 1', [[2, '', /^found a key that is a list/]]],
  [
    'aliases',
    'functions:\n- &a {functionName: x}\n- *a\n- {functionName: y, vCPU: *b}',
    [
      [3, 'functions[1]', /an alias/],
      [4, 'functions[2].vCPU', /an alias/],
    ],
  ],
  [
    'an alias for an entry',
    'functions:\n- &a {functionName: x}\n- *a\n- {vCPU: 0}',
    [
      [
        3,
        'functions[1]',
        /^found an alias \(a value that begins with \*\); allowed: the value itself, in quotes if the \* belongs to it$/,
      ],
      [4, 'functions[2].functionName', /^found nothing/],
      [4, 'functions[2].vCPU', /^found 0/],
    ],
  ],
  ['a list that holds itself', 'functions: &a\n- *a', [[2, 'functions[0]', /alias/]]],
  [
    'merge keys',
    'functions:\n- &a {functionName: x}\n- {<<: *a, functionName: y}',
    [[3, 'functions[1]["<<"]', /alias/]],
  ],
  [
    'names of objects',
    '__proto__: {functions: []}\nconstructor: 1',
    [
      [1, 'functions', /^found nothing/],
      [1, '__proto__', /^unknown key/],
      [2, 'constructor', /^unknown key/],
    ],
  ],
  [
    'names of objects in an entry',
    'functions: [{functionName: a, __proto__: {vCPU: 1}}]',
    [[1, 'functions[0].__proto__', /^unknown key/]],
  ],
  ['tabs', 'functions:\n\t- functionName: a', [[2, '', /^found no valid YAML: Tabs/]]],
  ['an open bracket', 'functions: [\n', [[2, '', /^found no valid YAML/]]],
  ['two documents', 'functions: []\n---\nfunctions: []', [[2, '', /^found a second document/]]],
  ['a tag', 'functions: !mine []', [[1, '', /^found a tag \(a value that begins with !\); allowed: the value itself/]]],
  ['a binary', inEntry('region: !!binary aGk='), [[3, '', /tag/]]],
  [
    'a terminal sequence',
    'functions: [{functionName: a, region: "\\e[31m\\u202e"}]',
    [[1, 'functions[0].region', /^found "\\u001b\[31m\\u\{202e\}"; /]],
  ],
  [
    'a long text is cut',
    `functions: [{functionName: a, region: ${'x'.repeat(5000)}}]`,
    [[1, 'functions[0].region', /^found "x{60}"…; /]],
  ],
]
for (const [name, text, expected] of wrong) {
  test(`refused: ${name}`, () => {
    const result = checkFunctions(text)
    assert.ok(result.status === 'invalid')
    const found = result.problems.map(problem => ({ ...problem, place: renderPath(problem.path) }))
    for (const [line, place, pattern] of expected) {
      const at = found.findIndex(p => p.line === line && p.place === place && pattern.test(p.text.en))
      assert.ok(at >= 0, `${line} ${place} ${pattern} in ${JSON.stringify(found)}`)
      found.splice(at, 1)
    }
    assert.deepEqual(found, [])
    for (const { text: said } of result.problems) assert.match(said.zh, /\p{Script=Han}/u)
  })
}

const hostile: [name: string, text: string][] = [
  ['deep lists', '['.repeat(20_000)],
  ['deep dashes', '- '.repeat(20_000)],
  ['deep mappings', '{a: '.repeat(20_000)],
  ['closing brackets', ']'.repeat(20_000)],
  ['many keys', Array.from({ length: 30_000 }, (_, i) => `k${i}:\n`).join('')],
  ['many aliases', `a: &a [x]\n${Array.from({ length: 20_000 }, (_, i) => `k${i}: *a\n`).join('')}`],
  ['many empty entries', `functions:\n${'- {}\n'.repeat(20_000)}`],
  [
    'an alias bomb',
    `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghij'].map((k, i) => `${k}: &${k} [${`*${'abcdefghi'[i]},`.repeat(9)}]\n`).join('')}`,
  ],
]
for (const [name, text] of hostile) {
  test(`bounded: ${name}`, () => {
    const started = performance.now()
    assert.equal(checkFunctions(text).status, 'invalid')
    assert.ok(performance.now() - started < 10_000)
  })
}

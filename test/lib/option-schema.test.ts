import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { z } from 'zod'
import {
  choiceOption,
  flagOption,
  groupOption,
  integerOption,
  isLoopback,
  listenOption,
  listOption,
  nameOption,
  optionMeta,
  pathListOption,
  pathOption,
  readListen,
  secretOption,
  textOption,
  timeZoneOption,
  urlOption,
  withRule,
} from '../../src/lib/option-schema.ts'

const words = { en: 'For tests.', zh: '用于测试。' }
const ms = { en: 'milliseconds', zh: '毫秒' }
const group = groupOption({ a: flagOption(words), b: textOption(words).optional() }, words)

const kinds: [
  name: string,
  option: z.ZodType,
  taken: unknown[],
  refused: unknown[],
  allowed: [en: string, zh: string],
][] = [
  ['text', textOption(words), ['a', ' '], ['', 1, null, 'x'.repeat(4097)], ['a text that is not empty', '非空文本']],
  [
    'secret',
    secretOption(words),
    ['a', 'x'.repeat(65_536)],
    ['', 1],
    [
      `a text that is not empty; better \${env:NAME} or \${file:PATH}`,
      `非空文本，建议使用 \${env:NAME} 或 \${file:PATH}`,
    ],
  ],
  ['path', pathOption(words), ['a', '/'], [''], ['a path', '路径']],
  [
    'name',
    nameOption(words),
    ['a', 'A-1_', 'x'.repeat(64)],
    ['', 'a.b', 'a b', '函数', 'a\n', 'x'.repeat(65)],
    ['1 to 64 letters, digits, _ or -', '1 到 64 个字母、数字、_ 或 -'],
  ],
  [
    'integer',
    integerOption({ min: 1, max: 5 }, words),
    [1, 5],
    [0, 6, 1.5, '1', Number.NaN],
    ['a whole number from 1 to 5', '1 到 5 的整数'],
  ],
  [
    'integer with a unit',
    integerOption({ min: 0, max: 5, unit: ms }, words),
    [0],
    [-1],
    ['a whole number of milliseconds from 0 to 5', '0 到 5 的整数（毫秒）'],
  ],
  ['choice', choiceOption(['a', 'b'], words), ['a', 'b'], ['c', ''], ['a, b', 'a, b']],
  ['flag', flagOption(words), [true, false], ['true', 1, 0], ['true, false', 'true, false']],
  [
    'list',
    listOption(words, { en: 'texts', zh: '文本' }),
    [['a'], ['a', 'b']],
    [[], [''], 'a', [1], Array(1001).fill('a')],
    ['texts', '文本'],
  ],
  ['path list', pathListOption(words, { en: 'paths', zh: '路径' }), [['a']], [[], 'a'], ['paths', '路径']],
  [
    'listen',
    listenOption(words),
    ['127.0.0.1:1', '[::1]:0', 'h:65535'],
    ['h', ':1', 1, ''],
    ['HOST:PORT, as 127.0.0.1:9464', 'HOST:PORT，例如 127.0.0.1:9464'],
  ],
  [
    'url',
    urlOption(words),
    ['http://h', 'https://h:8443/a?b', 'HTTP://[::1]:1/'],
    [
      'h',
      'ftp://h',
      'http:h',
      'http://',
      'http://u@h',
      'http://u:p@h',
      'http://:p@h',
      'http://a b',
      ' http://h',
      'file:///x',
      '',
    ],
    ['an http:// or https:// address without user name and password', 'http:// 或 https:// 地址，不含用户名和密码'],
  ],
  [
    'time zone',
    timeZoneOption(words),
    ['UTC', 'Asia/Shanghai', '+08:00'],
    ['', 'Mars/Olympus', '+99:00', 'x'.repeat(1000)],
    [
      'a time zone like Asia/Shanghai or UTC, or an offset like +08:00',
      '时区名称，如 Asia/Shanghai 或 UTC，或偏移量，如 +08:00',
    ],
  ],
  [
    'group',
    group,
    [{ a: true }, { a: true, b: 'x' }],
    [{}, { a: true, c: 1 }, []],
    ['a mapping with the keys a, b', '含有键 a、b 的映射'],
  ],
]
for (const [name, option, taken, refused, [en, zh]] of kinds) {
  test(`a ${name} option`, () => {
    for (const value of taken) assert.ok(option.safeParse(value).success, JSON.stringify(value))
    for (const value of refused) assert.ok(!option.safeParse(value).success, JSON.stringify(value)?.slice(0, 80))
    assert.deepEqual([optionMeta.get(option)?.text, optionMeta.get(option)?.allowed], [words, { en, zh }])
  })
}

test('refinements keep the words, and what is secret or a path says so', () => {
  assert.equal(optionMeta.get(textOption(words).regex(/a/))?.text, words)
  assert.equal(optionMeta.get(withRule(group, () => null))?.text, words)
  assert.equal(optionMeta.get(secretOption(words))?.isSecret, true)
  assert.deepEqual(
    [pathOption, textOption].map(make => optionMeta.get(make(words))?.isPath),
    [true, undefined],
  )
})

test('a rule tells where and what', () => {
  const ruled = withRule(group, ({ a, b }) => (a && b === undefined ? { path: ['b'], text: words } : null))
  assert.ok(ruled.safeParse({ a: false }).success)
  const [issue] = ruled.safeParse({ a: true }).error?.issues ?? []
  assert.ok(issue?.code === 'custom')
  assert.deepEqual([issue.path, issue.params], [['b'], { brokenRule: words }])
})

const addresses: [text: string, host: string | null, port?: number][] = [
  ['127.0.0.1:9464', '127.0.0.1', 9464],
  ['localhost:0', 'localhost', 0],
  ['my-host.example:65535', 'my-host.example', 65535],
  ['[::1]:80', '::1', 80],
  ['[::]:80', '::', 80],
  ['[::ffff:127.0.0.1]:80', '::ffff:127.0.0.1', 80],
  ['127.0.0.1', null],
  ['127.0.0.1:', null],
  [':80', null],
  ['*:80', null],
  ['h:65536', null],
  ['h:080000', null],
  ['h:-1', null],
  ['::1:80', null],
  ['[::1]', null],
  ['[:::]:80', null],
  ['[127.0.0.1]:80', null],
  ['999.0.0.1:80', null],
  ['127.1:80', null],
  ['http://h:80', null],
  ['h:80/', null],
  ['h:80\n', null],
  [' h:80', null],
  ['', null],
]
for (const [text, host, port] of addresses) {
  test(`${JSON.stringify(text)} is ${host === null ? 'no address' : 'an address'}`, () => {
    assert.deepEqual(readListen(text), host === null ? null : { host, port })
  })
}

const hosts: [host: string, isLocal: boolean][] = [
  ['127.0.0.1', true],
  ['127.255.0.9', true],
  ['localhost', true],
  ['LOCALHOST', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.1', false],
  ['::ffff:10.0.0.1', false],
  ['127.evil.example', false],
  ['localhost.example', false],
]
for (const [host, isLocal] of hosts) {
  test(`${host} is ${isLocal ? '' : 'not '}loopback`, () => assert.equal(isLoopback(host), isLocal))
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { barrel, checkToy, river, tap, well } from './toy-config.ts'

const defaults = {
  vessel: { type: 'barrel', definition: barrel, options: { path: '/etc/toy/data/barrel' } },
  limits: { count: 5, isStrict: true },
  manual: undefined,
  door: undefined,
}
const oneTap = {
  name: 'tap',
  type: 'tap',
  definition: tap,
  options: { paths: ['/etc/toy/a.log'], mode: 'slow', retry: { maxElapsedMs: 100 } },
}
const first = 'waters: [{type: tap, paths: [a.log]}]\n'

const good: [name: string, text: string, settings: object, environment?: Record<string, string>][] = [
  ['only what is required', first, { ...defaults, waters: [oneTap] }],
  ['a byte order mark is YAML’s own', `\ufeff${first}`, { ...defaults, waters: [oneTap] }],
  ['CRLF', 'waters:\r\n- type: tap\r\n  paths:\r\n  - a.log\r\n', { ...defaults, waters: [oneTap] }],
  [
    'keys without a value',
    `${first}vessel:\nlimits: {count: , label: ~}\nmanual:\n`,
    { ...defaults, waters: [oneTap] },
  ],
  [
    'everything',
    `waters:
- {type: tap, name: kitchen, paths: [/var/a.log, "../b*.log"], mode: fast, retry: {maxElapsedMs: 0, forever: true}}
- {type: well, listen: "[::1]:80", token: s3cret, tags: [x]}
vessel: {type: river, url: "http://h/x?y", password: p}
limits: {count: 1, isStrict: false, label: "7"}
manual: m.yaml
door: {key: k}
`,
    {
      waters: [
        {
          name: 'kitchen',
          type: 'tap',
          definition: tap,
          options: {
            paths: ['/var/a.log', '/etc/b*.log'],
            mode: 'fast',
            retry: { maxElapsedMs: 0, forever: true },
          },
        },
        {
          name: 'well',
          type: 'well',
          definition: well,
          options: { listen: '[::1]:80', token: 's3cret', tags: ['x'] },
        },
      ],
      vessel: { type: 'river', definition: river, options: { url: 'http://h/x?y', password: 'p' } },
      limits: { count: 1, isStrict: false, label: '7' },
      manual: '/etc/toy/m.yaml',
      door: { isOpen: false, key: 'k' },
    },
  ],
  [
    'the n-th of a type has the number n, whatever the others are called',
    'waters: [{type: tap, name: x, paths: [a.log]}, {type: tap, paths: [a.log]}, {type: tap, paths: [a.log]}]',
    { ...defaults, waters: ['x', 'tap-2', 'tap-3'].map(name => ({ ...oneTap, name })) },
  ],
  [
    'expansions where a text, a number, a flag, a choice, a type and a name are wanted',
    `waters: [{type: "\${env:T}", name: "\${env:T}", paths: ["\${env:P}"], mode: "\${env:M:-slow}"}]
limits: {count: "\${env:N}", isStrict: "\${env:F}", label: "\${env:N}"}
manual: \${env:P}
`,
    {
      ...defaults,
      waters: [{ ...oneTap, name: 'tap' }],
      limits: { count: 7, isStrict: false, label: '7' },
      manual: '/etc/toy/a.log',
    },
    { T: 'tap', P: 'a.log', N: '7', F: 'false' },
  ],
  [
    'a type that is an expansion and comes behind the options that it decides about',
    `waters: [{retry: {maxElapsedMs: "\${env:N}", forever: }, paths: [a.log], name: , type: "\${env:T}"}]`,
    { ...defaults, waters: [{ ...oneTap, options: { ...oneTap.options, retry: { maxElapsedMs: 7 } } }] },
    { T: 'tap', N: '7' },
  ],
  [
    'an expanded text is text, whatever YAML would make of it',
    `${first}limits: {label: "\${env:L}"}`,
    { ...defaults, waters: [oneTap], limits: { count: 5, isStrict: true, label: '{a: [1, *x]}' } },
    { L: '{a: [1, *x]}' },
  ],
]
for (const [name, text, settings, environment] of good) {
  test(`taken: ${name}`, () => {
    const config = checkToy(text, environment && { environment })
    assert.ok('settings' in config, JSON.stringify(config))
    assert.deepEqual({ ...config.settings, manual: config.settings.manual, door: config.settings.door }, settings)
  })
}

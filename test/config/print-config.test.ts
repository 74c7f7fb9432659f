import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { stringify } from 'yaml'
import { printConfig } from '../../src/config/print-config.ts'
import { arbitraryOf } from './arbitrary-config.ts'
import { checkToy, type ToyConfig, toySchema } from './toy-config.ts'

function load(text: string, environment: Record<string, string> = {}): ToyConfig {
  const config = checkToy(text, { environment })
  assert.ok('settings' in config, `${JSON.stringify(config)}\n${text}`)
  return config
}

const cases: [name: string, text: string, printed: string][] = [
  [
    'defaults are filled in and paths are absolute',
    'waters: [{type: tap, paths: [a.log]}]',
    `# Effective configuration of /etc/toy/t.yaml
waters:
  - type: tap
    name: tap
    paths:
      - /etc/toy/a.log
    mode: slow
    retry:
      maxElapsedMs: 100
vessel:
  type: barrel
  path: /etc/toy/data/barrel
limits:
  count: 5
  isStrict: true
`,
  ],
  [
    'expansions stay what they are, secrets are not shown, texts stay texts',
    `waters: [{type: well, listen: "\${env:HOST}:80", token: abc, tags: ["7", "\${env:HOST}"]}]
vessel: {type: river, url: http://h, password: "\${env:PW}"}
limits: {count: "\${env:N}", label: "true"}
manual: \${env:HOST}/m
`,
    `# Effective configuration of /etc/toy/t.yaml
waters:
  - type: well
    name: well
    listen: \${env:HOST}:80
    token: "***"
    tags:
      - "7"
      - \${env:HOST}
vessel:
  type: river
  url: http://h
  password: \${env:PW}
limits:
  count: \${env:N}
  isStrict: true
  label: "true"
manual: \${env:HOST}/m
`,
  ],
]
for (const [name, text, printed] of cases) {
  test(`printed: ${name}`, () => {
    assert.equal(printConfig(toySchema, load(text, { HOST: 'h', PW: 'p', N: '3' })), printed)
  })
}

test('what is printed loads as the same configuration', () => {
  const environment = { SECRET: 'hunter2' }
  let count = 0
  fc.assert(
    fc.property(arbitraryOf(toySchema.root), raw => {
      const text = stringify(raw, { schema: 'core' })
      // The one rule that the tree does not know.
      fc.pre(!/isOpen: true\n {2}key/.test(text))
      const config = load(text, environment)
      const printed = printConfig(toySchema, config)
      assert.ok(!printed.includes('hunter2'))
      const again = load(printed, environment)
      assert.deepEqual(again.settings, config.settings)
      assert.equal(printConfig(toySchema, again), printed)
      count += 1
    }),
    { numRuns: 300 },
  )
  assert.equal(count, 300)
})

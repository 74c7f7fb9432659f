import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { stringify } from 'yaml'
import {
  defaultWorkerConfig,
  loadWorkerConfig,
  printWorkerConfig,
  readWorkerConfig,
  type WorkerConfig,
  workerSchema,
} from '../../src/app/worker-config.ts'
import { workerRules } from '../../src/app/worker-sections.ts'
import { problemSentences } from '../../src/config/config-problem.ts'
import type { OptionNode } from '../../src/config/option-tree.ts'
import { arbitraryOf } from '../config/arbitrary-config.ts'

const folder = mkdtempSync(join(tmpdir(), 'fcscope-worker-'))
after(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'fcscope.yaml')

/** The problems of a file that also has a source, without its name. */
function problemsOf(text: string, environment: Record<string, string> = {}): readonly { en: string; zh: string }[] {
  writeFileSync(file, `sources: [{type: stdin}]\n${text}`)
  const { check } = readWorkerConfig(file, environment)
  return check.status === 'ok' ? [] : problemSentences('f', check.problems)
}

test('the defaults are those of the contract', () => {
  const { settings, file: none } = defaultWorkerConfig('/d')
  const { store, deadLetters, ...rest } = settings
  assert.equal(none, null)
  assert.deepEqual([store.type, store.options], ['embedded', { path: '/d/.fcscope/store', retentionDays: 30 }])
  assert.deepEqual(
    [deadLetters.type, deadLetters.options],
    ['folder', { path: '/d/.fcscope/dead-letters', maxBytes: 1_073_741_824 }],
  )
  assert.deepEqual(rest, {
    sources: [],
    functions: undefined,
    billing: { book: 'fc3-cn', discount: true, allDisk: false },
    reconstruct: {
      silenceMs: 900_000,
      allowedLatenessMs: 60_000,
      maxOpen: 1_000_000,
      settleAfterMs: 300,
      timeZone: 'Asia/Shanghai',
      logTimeZone: 'UTC',
    },
    state: { path: '/d/.fcscope/state' },
    metrics: { listen: '127.0.0.1:9464', maxFunctions: 1000 },
    web: undefined,
    attempts: undefined,
    traces: undefined,
    spill: { maxBytes: 2_147_483_648 },
    batch: { lingerMs: 200, maxRows: 131_072 },
    route: undefined,
  })
})

test('the defaults can be changed by the program', () => {
  const { settings } = defaultWorkerConfig('/d', { sources: [{ type: 'stdin' }], store: { path: 's' } })
  assert.deepEqual(
    settings.sources.map(({ name }) => name),
    ['stdin'],
  )
  assert.equal(settings.store.type === 'embedded' && settings.store.options.path, '/d/s')
})

const refused: [name: string, text: string, en: string, zh: string][] = [
  [
    'traces',
    'traces: {type: otlp}',
    'f:2: traces.url: found nothing; allowed: an http:// or https:// address without user name and password.',
    'f:2：traces.url：实际为空；应为 http:// 或 https:// 地址，不含用户名和密码。',
  ],
  [
    'certificates without TLS',
    'traces: {type: otlp, url: "http://h:4318", tls: {insecure: true}}',
    'f:2: traces.tls: found a mapping beside an http:// address; allowed: an https:// address, or leave the key out.',
    'f:2：traces.tls：地址为 http:// 时不能设置；请改用 https:// 地址，或删除该键。',
  ],
  [
    'gRPC with a path',
    'traces: {type: otlp, protocol: grpc, url: "http://h:4317/v1/traces"}',
    'f:2: traces.url: found an address with a path; allowed with gRPC: http://HOST:PORT or https://HOST:PORT.',
    'f:2：traces.url：地址含有路径；gRPC 应为 http://HOST:PORT 或 https://HOST:PORT。',
  ],
  [
    'a header that says how the body is written, whose value may be a secret',
    'traces: {type: otlp, url: "http://h:4318", headers: {content-type: hunter2}}',
    'f:2: traces.headers.content-type: found a text; allowed: a mapping of up to 50 header names to texts of printable ASCII; not those that say how the body is written.',
    'f:2：traces.headers.content-type：实际为文本；应为最多 50 个请求头名称到可打印 ASCII 文本的映射；不含描述请求体的头。',
  ],
  [
    'redact',
    'redact: {rules: []}',
    'f:2: redact: this version does not redact yet, everything would be stored as it is; allowed: leave the key out.',
    'f:2：redact：当前版本尚不支持脱敏，数据会原样存储；请删除该键。',
  ],
  [
    'a page that everybody can open',
    'web: {listen: "0.0.0.0:8080"}',
    'f:2: web.token: found nothing; allowed: a text, because others can reach the address (or listen on 127.0.0.1).',
    'f:2：web.token：实际为空；该地址可被其他主机访问，必须设置令牌（或改为监听 127.0.0.1）。',
  ],
  [
    'two that listen at one address',
    'metrics: {listen: "127.0.0.1:8080"}\nweb: {}',
    'f:3: web.listen: found what metrics.listen has as well; allowed: an address of its own.',
    'f:3：web.listen：与 metrics.listen 相同；应为不重复的地址。',
  ],
  [
    'two in one folder',
    'state: {path: x}\ndeadLetters: {path: ./x/}',
    'f:3: deadLetters.path: found what state.path has as well; allowed: a folder of its own.',
    'f:3：deadLetters.path：与 state.path 相同；应为不重复的文件夹。',
  ],
  [
    'dead letters elsewhere',
    'deadLetters: {type: redis}',
    'f:2: deadLetters.type: found "redis"; allowed: folder, kafka.',
    'f:2：deadLetters.type：实际为 "redis"；应为 folder, kafka。',
  ],
  [
    'a value that another place has',
    'state: {path: &a x}\nstore: {path: *a}',
    'f:3: store.path: found an alias (a value that begins with *); allowed: the value itself, in quotes if the * belongs to it.',
    'f:3：store.path：使用了别名（以 * 开头的值）；请直接写出值，若 * 是值的一部分请加引号。',
  ],
  [
    'a store that is not there yet',
    'store: {type: postgres}',
    'f:2: store.type: found "postgres"; allowed: embedded, clickhouse.',
    'f:2：store.type：实际为 "postgres"；应为 embedded, clickhouse。',
  ],
  [
    'a server without an address',
    'store: {type: clickhouse}',
    'f:2: store.url: found nothing; allowed: an http:// or https:// address without user name and password.',
    'f:2：store.url：实际为空；应为 http:// 或 https:// 地址，不含用户名和密码。',
  ],
  [
    'a zone that is none',
    'reconstruct: {timeZone: Mars}',
    'f:2: reconstruct.timeZone: found "Mars"; allowed: a time zone like Asia/Shanghai or UTC, or an offset like +08:00.',
    'f:2：reconstruct.timeZone：实际为 "Mars"；应为时区名称，如 Asia/Shanghai 或 UTC，或偏移量，如 +08:00。',
  ],
]
for (const [name, text, en, zh] of refused) {
  test(`refused: ${name}`, () => assert.deepEqual(problemsOf(text), [{ en, zh }]))
}

test('standard input is read once', () => {
  assert.deepEqual(
    problemsOf('').map(({ en }) => en),
    [],
  )
  writeFileSync(file, 'sources: [{type: stdin}, {type: stdin}]')
  const { check } = readWorkerConfig(file, {})
  assert.deepEqual(check.status === 'invalid' && problemSentences('f', check.problems).map(({ en }) => en), [
    'f:1: sources[1].type: found what sources[0].type has as well; allowed: one source that reads standard input.',
  ])
})

const taken: [name: string, text: string][] = [
  ['a page on this machine only', 'web: {listen: "[::1]:1"}'],
  ['a page with a token', 'web: {listen: "0.0.0.0:8080", token: t}'],
  ['two ports that the system chooses', 'metrics: {listen: "127.0.0.1:0"}\nweb: {listen: "127.0.0.1:0"}'],
  ['a server', 'store: {type: clickhouse, url: "http://h:8123", username: u, password: p, retentionDays: 1}'],
]
for (const [name, text] of taken) test(`taken: ${name}`, () => assert.deepEqual(problemsOf(text), []))

test('what is no source is told with those that there are', () => {
  writeFileSync(file, 'sources: [{type: kinesis, brokers: [x]}]')
  const { check } = readWorkerConfig(file, {})
  assert.match(
    check.status === 'invalid' ? (problemSentences('f', check.problems)[0]?.en ?? '') : '',
    /^f:1: sources\[0\]\.type: found "kinesis"; allowed: file, http, kafka, sls, stdin\.$/,
  )
})

/** Every node below `node` with its place. */
function placesOf(node: OptionNode, at: string): readonly (readonly [place: string, node: OptionNode])[] {
  const here = [[at, node] as const]
  if (node.kind === 'list') return [...here, ...placesOf(node.item, `${at}[]`)]
  if (node.kind === 'part')
    return [...here, ...[...node.kinds].flatMap(([type, kind]) => placesOf(kind, `${at}(${type})`))]
  if (node.kind !== 'mapping') return here
  return [...here, ...[...node.keys].flatMap(([key, inner]) => placesOf(inner, `${at}.${key}`))]
}

test('every option says in both languages what it is for and what may be given', () => {
  const places = [...workerSchema.root.keys].flatMap(([key, node]) => placesOf(node, key))
  assert.ok(places.length > 40)
  for (const [place, node] of places) {
    // The mapping of a kind is spoken of by its section.
    if (node.kind === 'mapping' && place.endsWith(')')) continue
    const { text, allowed } = node.meta ?? assert.fail(`${place} has no words`)
    assert.match(text.en, /^[A-Z/].*\.$/s, place)
    assert.match(text.zh, /\p{Script=Han}.*。$/su, place)
    assert.doesNotMatch(text.en + allowed.en, /\p{Script=Han}/u, place)
    assert.doesNotMatch(`${allowed.en}\n${allowed.zh}`, /[.。]$/m, place)
    // A kind of value that expansions and the page know nothing of.
    assert.notEqual(node.kind === 'value' && node.wants, 'other', place)
  }
})

test('the example is taken, needs nothing, and comments the defaults out', () => {
  const path = fileURLToPath(new URL('../../samples/fcscope.example.yaml', import.meta.url))
  const config = loadWorkerConfig(path, {})
  assert.equal(config.settings.metrics.listen, '127.0.0.1:9464')
  const printed = printWorkerConfig(config)
  const defaults = [...readFileSync(path, 'utf8').matchAll(/^ *# +(\w+: \d+)\b/gm)].map(match => match[1] ?? '')
  assert.ok(defaults.length >= 8)
  for (const line of defaults) assert.ok(printed.includes(line), line)
})

/** Addresses and folders that are the same twice, a page without a token, half a key: what the tree does not know. */
const brokenRules =
  /has as well|because others can reach|^missing; |the project stands|heartbeatMs|sasl or ssl stands beside it|not exactly one Kafka source|beside an http:|an address with a path|its key belong together/

test('what is printed loads as the same configuration', () => {
  const environment = { SECRET: 'hunter2' }
  const isRuleKept = ({ settings }: WorkerConfig): boolean => workerRules.every(rule => rule(settings).length === 0)
  let count = 0
  fc.assert(
    fc.property(arbitraryOf(workerSchema.root), raw => {
      writeFileSync(file, stringify(raw, { schema: 'core' }))
      const { check } = readWorkerConfig(file, environment)
      fc.pre(check.status === 'ok' || !check.problems.every(({ text }) => brokenRules.test(text.en)))
      const config = loadWorkerConfig(file, environment)
      assert.ok(isRuleKept(config))
      const printed = printWorkerConfig(config)
      writeFileSync(file, printed)
      assert.deepEqual(loadWorkerConfig(file, environment).settings, config.settings)
      count += 1
    }),
    { numRuns: 200 },
  )
  assert.equal(count, 200)
})

test('headers of a backend are never printed', () => {
  writeFileSync(
    file,
    `sources: [{type: stdin}]\ntraces: {type: otlp, url: "http://h:4318", headers: {authorization: hunter2, x-id: "a \${env:ID}"}}\n`,
  )
  const printed = printWorkerConfig(loadWorkerConfig(file, { ID: 'hunter3' }))
  assert.match(printed, /authorization: "?\*\*\*/)
  assert.doesNotMatch(printed, /hunter/)
})

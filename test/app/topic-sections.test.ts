// Topics for dead letters and attempts in a configuration: what is taken, whose connection they get, what is refused.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stringify } from 'yaml'
import { independentLetters, letterFolderOf, topicOf } from '../../src/app/topic-sections.ts'
import { defaultWorkerConfig, printWorkerConfig, workerSchema } from '../../src/app/worker-config.ts'
import { checkConfig } from '../../src/config/check-config.ts'
import { problemSentences } from '../../src/config/config-problem.ts'

const kafka = { type: 'kafka', brokers: ['k:9092'], topics: ['fc-logs'], groupId: 'g' }
const sls = { ...kafka, name: 'cloud', brokers: ['p.cn-hangzhou.log.aliyuncs.com:10012'], ssl: true }
const sasl = { mechanism: 'plain', username: 'u', password: 'secret-of-source' }
const letters = { type: 'kafka', topic: 'letters' }
const attempts = { type: 'kafka', topic: 'attempts' }

const settingsOf = (values: object) => defaultWorkerConfig('/d', { sources: [{ type: 'stdin' }], ...values }).settings

function problemsOf(values: object): readonly { en: string; zh: string }[] {
  const text = stringify({ sources: [{ type: 'stdin' }], ...values }, { aliasDuplicateObjects: false })
  const check = checkConfig(text, workerSchema, { folder: '/d', environment: {} })
  return check.status === 'ok' ? [] : problemSentences('f', check.problems).map(line => withoutLine(line))
}

const withoutLine = ({ en, zh }: { en: string; zh: string }) => ({
  en: en.replace(/^f:\d+: /, ''),
  zh: zh.replace(/^f:\d+：/, ''),
})

const connection = { sasl: undefined, ssl: false, clientId: 'fcscope', connectionTimeoutMs: 10_000 }

test('a topic with brokers has a connection of its own', () => {
  const settings = settingsOf({
    sources: [{ ...kafka, sasl, clientId: 'x' }],
    attempts: { ...attempts, brokers: ['other:9092'], compression: 'zstd', ssl: { ca: 'ca.pem' } },
  })
  assert.deepEqual(topicOf(settings, 'attempts'), {
    topic: 'attempts',
    compression: 'zstd',
    connection: { ...connection, brokers: ['other:9092'], ssl: { ca: '/d/ca.pem', rejectUnauthorized: true } },
  })
  assert.equal(topicOf(settings, 'deadLetters'), null)
})

test('a topic without brokers has the connection of the only Kafka source', () => {
  const source = { ...kafka, sasl, ssl: true, connectionTimeoutMs: 777 }
  const settings = settingsOf({ sources: [source, sls], deadLetters: { ...letters, clientId: 'letters' }, attempts })
  const lent = { brokers: ['k:9092'], sasl, ssl: true, connectionTimeoutMs: 777 }
  assert.deepEqual(topicOf(settings, 'deadLetters'), {
    topic: 'letters',
    compression: 'gzip',
    connection: { ...lent, clientId: 'letters' },
  })
  assert.deepEqual(topicOf(settings, 'attempts')?.connection, { ...lent, clientId: 'fcscope' })
  // Somebody else's sources: the topic stays what it was.
  const alone = { ...settings, sources: [], deadLetters: independentLetters(settings) }
  assert.deepEqual(topicOf(alone, 'deadLetters'), topicOf(settings, 'deadLetters'))
})

test('a folder is a folder, said or not', () => {
  for (const type of [{}, { type: 'folder' }]) {
    const settings = settingsOf({ deadLetters: { ...type, path: 'letters' } })
    assert.equal(letterFolderOf(settings), '/d/letters')
    assert.equal(topicOf(settings, 'deadLetters'), null)
    assert.deepEqual(independentLetters(settings), settings.deadLetters)
  }
})

test('letters that come out of a topic lie below the state', () => {
  const settings = settingsOf({ deadLetters: { ...letters, brokers: ['k:1'] }, state: { path: 's' } })
  assert.equal(letterFolderOf(settings), '/d/s/dead-letters')
})

const oneSource =
  'found nothing; allowed: a list of HOST:PORT, because there is not exactly one Kafka source whose connection it could have.'
const refused: [name: string, values: object, en: readonly string[], zh?: string][] = [
  [
    'no Kafka source',
    { deadLetters: letters },
    [`deadLetters.brokers: ${oneSource}`],
    'deadLetters.brokers：实际为空；应为 HOST:PORT 列表，因为没有唯一可借用连接的 Kafka 数据源。',
  ],
  [
    'two Kafka sources',
    { sources: [kafka, { ...kafka, name: 'b' }], deadLetters: letters, attempts },
    [`deadLetters.brokers: ${oneSource}`, `attempts.brokers: ${oneSource}`],
  ],
  ['only Simple Log Service', { sources: [sls], attempts }, [`attempts.brokers: ${oneSource}`]],
  [
    'a user and no brokers',
    { sources: [kafka], attempts: { ...attempts, sasl } },
    ['attempts.brokers: found nothing; allowed: a list of HOST:PORT, because sasl or ssl stands beside it.'],
    'attempts.brokers：实际为空；应为 HOST:PORT 列表，因为同时设置了 sasl 或 ssl。',
  ],
  [
    'TLS and no brokers',
    { sources: [kafka], attempts: { ...attempts, ssl: false } },
    ['attempts.brokers: found nothing; allowed: a list of HOST:PORT, because sasl or ssl stands beside it.'],
  ],
  [
    'no topic',
    { sources: [kafka], deadLetters: { type: 'kafka' } },
    ['deadLetters.topic: found nothing; allowed: a name of letters, digits, . _ and -.'],
  ],
  [
    'a folder with a topic',
    { deadLetters: { topic: 'x' } },
    ['deadLetters.topic: unknown key; allowed: type, path, maxBytes.'],
  ],
  [
    'a topic with a folder',
    { sources: [kafka], deadLetters: { ...letters, path: 'x' } },
    [
      'deadLetters.path: unknown key; allowed: type, topic, compression, brokers, sasl, ssl, clientId, connectionTimeoutMs.',
    ],
  ],
  [
    'attempts elsewhere',
    { attempts: { type: 'redis', topic: 'x' } },
    ['attempts.type: found "redis"; allowed: kafka.'],
  ],
  [
    'the topic of a source',
    { sources: [kafka], attempts: { ...attempts, topic: 'fc-logs' } },
    ['attempts.topic: found what sources[0].topics has as well; allowed: a topic of its own.'],
    'attempts.topic：与 sources[0].topics 相同；应为不重复的主题。',
  ],
  [
    'the topic of letters',
    { sources: [kafka], deadLetters: letters, attempts: { ...attempts, topic: 'letters' } },
    ['attempts.topic: found what deadLetters.topic has as well; allowed: a topic of its own.'],
  ],
  [
    'the topic of fcscope route',
    { sources: [kafka], deadLetters: letters, route: { brokers: ['k:9092'], topic: 'letters' } },
    ['deadLetters.topic: found what route.topic has as well; allowed: a topic of its own.'],
  ],
]
for (const [name, values, en, zh] of refused) {
  test(`refused: ${name}`, () => {
    const problems = problemsOf(values)
    assert.deepEqual(
      problems.map(problem => problem.en),
      en,
    )
    if (zh !== undefined) assert.equal(problems[0]?.zh, zh)
  })
}

test('a topic of the same name on another cluster is another topic', () => {
  const other = { ...attempts, brokers: ['other:9092'], topic: 'letters' }
  assert.deepEqual(problemsOf({ sources: [kafka], deadLetters: letters, attempts: other }), [])
})

test('secrets are not printed, and nothing is said of a connection that is not there', () => {
  const config = defaultWorkerConfig('/d', {
    sources: [{ type: 'stdin' }],
    deadLetters: { ...letters, brokers: ['k:9092'], sasl: { ...sasl, password: 'hunter2' } },
    attempts: { ...attempts, brokers: ['k:9092'], ssl: { cert: 'c', key: 'k', passphrase: 'hunter2' } },
  })
  const printed = printWorkerConfig(config)
  assert.doesNotMatch(printed, /hunter2/)
  assert.match(printed, /password: "\*\*\*"/)
  assert.match(printed, /passphrase: "\*\*\*"/)
  const plain = printWorkerConfig(defaultWorkerConfig('/d', { sources: [kafka], attempts }))
  assert.match(plain, /attempts:\n {2}type: kafka\n {2}topic: attempts\n {2}compression: gzip\n\w/)
})

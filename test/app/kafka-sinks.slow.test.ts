// Attempts and dead letters in topics of a real broker: each once, whatever is killed. FCSCOPE_KAFKA_SEED: other moments.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { Random } from '../../src/lib/random.ts'
import { fcscope, run } from '../cli/run-fcscope.ts'
import { KafkaBroker, kafkaUser, noKafka } from '../services/kafka-broker.ts'
import { KafkaTopics } from '../services/kafka-topics.ts'
import { committedMessages, type ReadMessage } from '../sinks/kafka/sink-rig.ts'
import { withoutChdb } from '../store/temporary-store.ts'
import { endBy } from './kill/kill-run.ts'
import { RotatingLog } from './kill/rotating-log.ts'
import { RouteStage } from './route/route-stage.ts'
import { rowOf } from './route/routed-rows.ts'
import type { AttemptJson } from './run-batch.ts'
import { assertAttempts } from './worker/compare.ts'
import { WorkerStage } from './worker/stage.ts'
import { linesOf } from './worker/truth.ts'
import { pause } from './worker/worker-process.ts'

const seed = Number(process.env['FCSCOPE_KAFKA_SEED'] ?? 5)
const kills = 6
/** The broker is away while this one runs. */
const outage = 3
const lines = 30_000
const oddEvery = 500

const oddLine = (number: number): string => `{"odd":${number}, "text": "和\u2028"`

describe('sinks of a worker in topics', { skip: noKafka || withoutChdb }, () => {
  let broker: KafkaBroker
  let topics: KafkaTopics
  before(async () => {
    broker = await KafkaBroker.start({ hasRights: true })
    topics = await KafkaTopics.open(broker.address)
  })
  after(async () => {
    await topics?.close()
    await broker?.stop()
  })

  const read = async (topic: string): Promise<readonly ReadMessage[]> =>
    [...(await committedMessages(broker.address, topic)).values()].flat()

  /** Traffic with a line that is no JSON now and then; the odd lines. */
  async function writeTraffic(stage: WorkerStage): Promise<readonly string[]> {
    await stage.generate('traffic.log', { lines, seed, format: 'sls' })
    const odd: string[] = []
    const all: string[] = []
    for await (const line of linesOf(stage.path('traffic.log'))) {
      all.push(line)
      if (all.length % oddEvery !== 0) continue
      odd.push(oddLine(odd.length))
      all.push(oddLine(odd.length - 1))
    }
    writeFileSync(stage.path('all.log'), `${all.join('\n')}\n`)
    return odd
  }

  test(`${kills} kills of the worker and a restart of the broker`, async t => {
    const stage = new WorkerStage()
    t.after(() => stage.end())
    t.diagnostic(`seed ${seed}, ${stage.folder}`)
    const random = new Random(seed)
    const [attempts, letters] = [await topics.create(3), await topics.create(2)]
    const kafka = `type: kafka, brokers: ["${broker.address}"]`
    stage.configure(
      `sources: [{type: file, paths: ["logs/*.log*"], pollMs: 20, scanMs: 100, format: sls}]
attempts: {${kafka}, topic: ${attempts}}
deadLetters: {${kafka}, topic: ${letters}}
batch: {lingerMs: 50}
`,
    )
    const odd = await writeTraffic(stage)
    const bytes = readFileSync(stage.path('all.log'))
    const log = new RotatingLog({ path: stage.path('logs/app.log'), bytes, rotation: 'rename', rotations: 3, random })
    const writing: Promise<void>[] = []
    for (let n = 0; n < kills; n += 1) {
      writing.push(log.allow((n + 1) / (kills + 1)))
      const worker = stage.start()
      if (n % 3 !== 1) await worker.ready()
      if (n === outage) await broker.halt()
      await pause(200 + random.below(900))
      await endBy(worker, () => worker.kill())
      if (n === outage) await broker.comeBack()
    }
    await Promise.all([...writing, log.allow(1)])
    await stage.finish()

    const messages = await read(attempts)
    const withdrawn = messages.filter(({ value }) => value.endsWith('"withdrawn":true}')).length
    const revised = messages.filter(({ value }) => !value.endsWith('"revision":1}')).length - withdrawn
    t.diagnostic(`${messages.length} messages of attempts, ${revised} of them revisions, ${withdrawn} withdrawals`)
    mustBeNewest(messages, await attemptsOf(stage.path('all.log')), `seed ${seed} in ${stage.folder}`)
    const found = await read(letters)
    assert.deepEqual(found.map(({ value }) => JSON.parse(value).text).toSorted(), odd.toSorted())
    for (const { key, value } of found) assert.equal(key, JSON.parse(value).streamId)
    await tryLettersAgain(stage, letters, found)
    await stage.clear()
  })

  /** As docs/dead-letters.md says: the values of the topic, one a line, in a file below the state. */
  async function tryLettersAgain(stage: WorkerStage, topic: string, found: readonly ReadMessage[]): Promise<void> {
    const command = (...words: string[]) => run(fcscope, ['dead-letters', ...words], { folder: stage.folder })
    for (const word of ['list', 'replay']) {
      const { status, stderr } = await command(word)
      assert.equal(status, 2)
      assert.match(stderr, new RegExp(`^fcscope: deadLetters: the letters are in the topic ${topic}\\. .*\n$`))
    }
    mkdirSync(stage.path('.fcscope/state/dead-letters'))
    const values = found.map(({ value }) => `${value}\n`)
    writeFileSync(stage.path('.fcscope/state/dead-letters/letters.jsonl'), values.join(''))
    assert.match((await command('list')).stderr, new RegExp(` ${found.length} dead letters \\(invalidJson`))
    const worker = stage.start()
    await worker.ready()
    const { status, stderr } = await command('replay', '--format', 'text')
    assert.deepEqual(
      [status, stderr],
      [
        0,
        `fcscope: of ${found.length} letters ${found.length} went in.\nfcscope: those that failed again are in the topic anew.\n`,
      ],
    )
    await worker.stop()
    assert.equal((await read(topic)).length, found.length)
  }

  test('what is wrong at the start is told in one line, and by check-config', async t => {
    const stage = new WorkerStage()
    t.after(() => stage.end())
    const there = await topics.create(1)
    const { address, saslAddress } = broker
    const user = `sasl: {mechanism: plain, username: ${kafkaUser.username}, password: wrong-one}`
    const cases: readonly (readonly [section: string, says: RegExp])[] = [
      [
        `attempts: {brokers: ["${address}"], topic: nobody-made-this, `,
        /there is no topic nobody-made-this at .*Make it/,
      ],
      [`deadLetters: {brokers: ["${address}"], topic: nobody-made-this, `, /there is no topic nobody-made-this at /],
      [`attempts: {brokers: ["${saslAddress}"], topic: ${there}, ${user}, `, /refuses the user name or the password/],
      [`deadLetters: {brokers: ["127.0.0.1:1"], topic: ${there}, `, /no Kafka broker answers at 127\.0\.0\.1:1 /],
      [
        `attempts: {brokers: ["${address}"], topic: ${there}, ssl: {ca: /nowhere.pem}, `,
        /\/nowhere.pem cannot be read/,
      ],
    ]
    const source = 'sources: [{type: file, paths: ["logs/*"], startAt: end}]\n'
    for (const [section, says] of cases) {
      stage.configure(`${source}${section}type: kafka}\n`)
      const { status, stderr } = await stage.once()
      assert.equal(status, says.source.includes('read') ? 2 : 3, stderr)
      assert.match(stderr, says)
      assert.match(stderr, new RegExp(`^fcscope: ${section.split(':')[0]}: .*\n$`))
      assert.doesNotMatch(stderr, /wrong-one/)
      const check = await run(fcscope, ['check-config', '--connect', '-c', 'fcscope.yaml'], { folder: stage.folder })
      assert.equal(check.status, 3)
      assert.match(
        check.stdout + check.stderr,
        new RegExp(`failed +${section.split(':')[0]}\\.topic: .*${says.source}`),
      )
    }
    await stage.clear()
  })

  test('fcscope route buries its letters there as well, of files and of partitions', async t => {
    const stage = new RouteStage()
    t.after(() => stage.end())
    const to = await topics.create(1, { 'max.message.bytes': '10000' })
    const [from, letters] = [await topics.create(1), await topics.create(1)]
    const brokers = [broker.address]
    const [one, two, three] = ['1', '2', '3'].map(digit => digit.repeat(12_000)) as [string, string, string]
    await topics.send(
      from,
      [rowOf('kafka', 1, 'fn'), one, two].map(value => ({ value })),
    )
    writeFileSync(stage.path('rows.log'), `${rowOf('file', 1, 'fn')}${three}\n`)
    const process = stage.start(
      'letters',
      {
        sources: [
          { type: 'file', paths: ['rows.log'], format: 'sls' },
          { type: 'kafka', brokers, topics: [from], groupId: 'letters', format: 'sls' },
        ],
        route: { brokers, topic: to },
        deadLetters: { type: 'kafka', topic: letters },
      },
      ['--once'],
    )
    assert.deepEqual(await process.ended, { status: 0, signal: null }, stage.said)
    const found = (await read(letters)).map(({ value }) => JSON.parse(value))
    assert.deepEqual(found.map(({ source, text }) => [source, text]).toSorted(), [
      ['file', three],
      ['kafka', one],
      ['kafka', two],
    ])
    assert.equal((await read(to)).length, 2)
  })
})

interface GivenAttempt extends AttemptJson {
  readonly revision: number
  readonly withdrawn?: true
}

/** Attempts of a request are told apart by phase and number, others by their span. */
const identityOf = ({ requestId, phase, attempt, spanId }: AttemptJson): string =>
  requestId === null ? String(spanId) : `${requestId} ${phase} ${attempt}`

/** Of each attempt every revision once, in their order, and the newest as the batch command has it. */
function mustBeNewest(messages: readonly ReadMessage[], expected: readonly AttemptJson[], about: string): void {
  const newest = new Map<string, GivenAttempt>()
  for (const { key, value } of messages) {
    const given: GivenAttempt = JSON.parse(value)
    const identity = identityOf(given)
    assert.equal(key, given.requestId ?? given['instanceID'] ?? given['spanId'], about)
    const before = newest.get(identity)?.revision ?? 0
    assert.equal(given.revision, before + 1, `${about}: ${identity}`)
    newest.set(identity, given)
  }
  const found = [...newest.values()].filter(({ withdrawn }) => withdrawn !== true)
  assertAttempts(found, expected, about)
}

async function attemptsOf(path: string): Promise<readonly AttemptJson[]> {
  const { status, stdout, stderr } = await run(fcscope, ['reconstruct', '--format', 'sls', '--out', 'jsonl', path])
  assert.equal(status, 0, stderr)
  return stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
}

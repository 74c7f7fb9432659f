// Two workers of one consumer group on a real broker: one is killed again and again, the broker as well, and every record is in the
// store once. FCSCOPE_KAFKA_ROWS, FCSCOPE_KAFKA_SEED: how many, and which.
import { mkdirSync, writeFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { Random } from '../../src/lib/random.ts'
import { ClickHouseServer } from '../services/clickhouse-server.ts'
import { KafkaBroker, noKafka } from '../services/kafka-broker.ts'
import { withoutChdb } from '../store/temporary-store.ts'
import { createTopic, fillTopic } from './kafka/fill-topic.ts'
import { endBy } from './kill/kill-run.ts'
import { WorkerStage } from './worker/stage.ts'
import { pause, type WorkerProcess } from './worker/worker-process.ts'

const rows = Number(process.env['FCSCOPE_KAFKA_ROWS'] ?? 60_000)
const seed = Number(process.env['FCSCOPE_KAFKA_SEED'] ?? 3)
const partitions = 6
const kills = 10
const brokerRestarts = 3

describe('two workers of one group', { skip: noKafka || withoutChdb }, () => {
  let broker: KafkaBroker
  before(async () => {
    broker = await KafkaBroker.start()
  })
  after(() => broker.stop())

  test(`${kills} kills of one of them and ${brokerRestarts} restarts of the broker`, async t => {
    const stage = new WorkerStage()
    t.after(() => stage.end())
    t.diagnostic(stage.folder)
    const server = new ClickHouseServer(stage.path('server'))
    t.after(() => server.end())
    await server.start()
    const topic = { broker: broker.address, topic: 'fc-logs', partitions }
    const sources = `sources: [{type: kafka, brokers: ["${broker.address}"], topics: [fc-logs], groupId: g, startAt: beginning, sessionTimeoutMs: 6000}]\n`
    const config = `${sources}store: {type: clickhouse, url: "${server.url}", database: fcscope}\nbatch: {maxRows: 5000}\n`
    stage.configure(config)
    for (const name of ['a', 'b']) {
      mkdirSync(stage.path(name))
      writeFileSync(stage.path(`${name}/fcscope.yaml`), `${config}metrics: {listen: "127.0.0.1:0"}\n`)
    }
    await stage.generate('all.log', { lines: rows, seed, format: 'sls' })
    await createTopic(topic)
    await fillTopic(stage.path('all.log'), topic)
    const random = new Random(seed)
    const start = (name: string): WorkerProcess => stage.start({ folder: stage.path(name), words: ['--once'] })
    let steady = start('a')
    let killed = start('b')
    for (let step = 0; step < kills; step += 1) {
      await pause(300 + random.below(1500))
      await endBy(killed, () => killed.kill(), [0])
      if (step % Math.ceil(kills / brokerRestarts) === 1) {
        await broker.halt()
        await pause(random.below(1500))
        await broker.comeBack()
      }
      killed = start('b')
      if (steady.hasEnded) steady = start('a')
    }
    for (const worker of [steady, killed]) await endBy(worker, async () => {}, [0])
    // What the killed one had is read to its end by whoever comes next.
    await stage.finish()
    await stage.mustHold(['all.log'], { about: `in ${stage.folder}`, counters: false })
    await stage.clear()
  })
})

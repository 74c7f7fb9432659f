// What the engine does with records of partitions: it forgets them when they go, and stores and counts nothing twice.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unknownFunctions } from '../../src/app/unknown-functions.ts'
import { WorkerEngine } from '../../src/app/worker-engine.ts'
import { type PartitionChunk, recordPosition } from '../../src/model/partitioned-source.ts'
import { homeOf } from '../../src/pipeline/engine.ts'
import { maxWaitingRows, settleStep } from '../../src/reconstruct/attempt-flow.ts'

const function_ = '"__topic__":"FCLogs:f","functionName":"f"'
const row = (instance: string, second: number, message: string): string =>
  `{"__time__":"${1_736_928_000 + second}",${function_},"instanceID":"${instance}","message":"${message}"}\n`
const start = (id: string): string => `FC Invoke Start RequestId: ${id}`
const end = (id: string): string => `FC Invoke End RequestId: ${id}`
const [first, second] = ['5b2a2720-8b6b-4d34-ada3-b3edc63bce5b', '6c2a2720-8b6b-4d34-ada3-b3edc63bce5c']

/** Everything that an engine gives out. */
class Rig {
  readonly given: string[] = []
  readonly counted: string[] = []
  readonly passedOver: string[] = []
  /** Of those, what counts where the store has nothing. */
  readonly rowsPassedOver: string[] = []
  deadLetters = 0
  readonly engine: WorkerEngine
  #nowMs = Date.UTC(2026, 0, 1)

  constructor() {
    this.engine = new WorkerEngine({
      isAnyStored: false,
      maxOpen: 1000,
      silenceMs: 900_000,
      allowedLatenessMs: 60_000,
      settleAfterMs: 300,
      timeZone: 'Asia/Shanghai',
      logTimeZone: 'UTC',
      lang: 'en',
      maxRows: 1000,
      figures: unknownFunctions,
      attemptRows: {
        rows: 0,
        add: ({ requestId, status, lines }, { revision, mayKnowLess, isPassingOver }) => {
          if (isPassingOver) this.rowsPassedOver.push(requestId?.slice(0, 2) ?? '')
          if (isPassingOver) return
          const given = `${requestId?.slice(0, 2)} ${status} ${lines} lines, revision ${revision}`
          this.given.push(mayKnowLess ? `${given}, where there is none` : given)
        },
        withdraw: ({ requestId }) => this.given.push(`${requestId?.slice(0, 2)} withdrawn`),
      },
      attemptCounter: {
        take: ({ requestId }, { isFirst }) => {
          this.counted.push(`${requestId?.slice(0, 2)} ${isFirst ? 'first' : 'again'}`)
          return true
        },
        measure: () => {},
        passOver: ({ requestId }) => {
          this.passedOver.push(requestId?.slice(0, 2) ?? '')
          return true
        },
      },
      onDeadLetter: () => {
        this.deadLetters += 1
      },
    })
    this.engine.setTime(this.#nowMs)
  }

  /** So long after the beginning. */
  setTime(ms: number): void {
    this.engine.setTime(this.#nowMs + ms)
  }

  /** What was stored before, as the worker takes it. */
  takeAgain(partition: string, rows: readonly string[], from = 0): void {
    this.engine.setKeeping({ rows: false, counts: false, isWhole: false })
    this.take(partition, rows, from)
    this.engine.passOverEnded()
    this.engine.setKeeping({ rows: true, counts: true, isWhole: true })
  }

  /** One record each. */
  take(partition: string, rows: readonly string[], from = 0): void {
    const ends: number[] = []
    let length = 0
    for (const text of rows) {
      length += Buffer.from(text).copy(this.engine.window, length)
      ends.push(length)
    }
    const numbers = Float64Array.from(rows, (_, index) => from + 10 * index)
    const records = { partition, count: rows.length, ends: Uint32Array.from(ends), numbers, skipped: 0, isCut: false }
    const stream = { id: `00000000000000a${partition}`, label: partition }
    const chunk: PartitionChunk = { stream, position: recordPosition(from, 0), length, isLast: false, records }
    assert.equal(this.engine.take(chunk, 'auto', 'k'), length)
  }

  /** Positions of the lines that were kept. */
  get positions(): number[] {
    const { positions } = this.engine.rows().lines
    return Array.from({ length: positions.length / 8 }, (_, at) =>
      Number(Buffer.from(positions).readBigUInt64LE(at * 8)),
    )
  }

  abandon(...partitions: string[]): void {
    const homes = partitions.map(partition => homeOf('k', partition))
    this.engine.abandon(home => homes.includes(home))
  }
}

test('lines stand at their records, rows and text alike', () => {
  const rig = new Rig()
  rig.take('0', [row('i', 0, start(first)), row('i', 0, 'hello'), '2025-01-15T08:00:00.000Z plain text\nand more\n'], 5)
  assert.deepEqual(rig.positions, [recordPosition(15, 0), recordPosition(25, 0), recordPosition(25, 36)])
})

test('what came from a partition that went is as if it had never been, and all else is there', () => {
  const rig = new Rig()
  rig.take('0', [row('i', 0, start(first)), row('i', 0, 'one')])
  rig.take('1', [row('j', 0, start(second)), row('j', 0, 'two')])
  rig.abandon('0')
  assert.equal(rig.engine.openAttempts, 1)
  rig.take('1', [row('j', 1, end(second))], 20)
  // Another instance of the same name, as the next owner of the partition would see it.
  rig.take('0', [row('i', 1, end(first))], 20)
  rig.engine.giveClosed()
  assert.deepEqual(rig.given, ['6c ok 1 lines, revision 1', '5b ok 0 lines, revision 1'])
})

test('what is stored already is only made known', () => {
  const rig = new Rig()
  const { engine } = rig
  rig.takeAgain('0', [
    row('i', 0, start(first)),
    row('i', 0, 'one'),
    row('i', 1, end(first)),
    row('i', 2, start(second)),
    '{"broken\n',
  ])
  assert.deepEqual([rig.given, rig.counted, rig.passedOver, rig.rowsPassedOver], [[], [], ['5b'], ['5b']])
  assert.deepEqual([rig.positions, engine.rows().deadLetters.length, rig.deadLetters], [[], 0, 0])
  rig.take('0', [row('i', 3, 'two'), row('i', 3, end(second))], 100)
  engine.giveClosed()
  assert.deepEqual(rig.given, ['6c ok 1 lines, revision 1'], 'what was open then is given out whole')
  assert.deepEqual(rig.counted, ['6c first'])
  assert.deepEqual(rig.positions, [recordPosition(100, 0)])
  // A late line corrects what somebody else gave out.
  rig.take(
    '0',
    [
      `{"__time__":"1736928001",${function_},"instanceID":"i","message":"2025-01-15T08:00:01.000Z ${first} [INFO] late"}\n`,
    ],
    200,
  )
  engine.giveClosed()
  assert.deepEqual(rig.given.slice(1), ['5b ok 2 lines, revision 2'])
})

const metrics = (instance: string, second: number, id: string): string =>
  `{"__time__":"${1_736_928_000 + second}","__topic__":"FCRequestMetrics:f","functionName":"f","instanceID":"${instance}","requestId":"${id}","operation":"InvokeFunction","durationMs":"1000","isColdStart":"false","hasFunctionError":"false","invocationStartTimestamp":"1736928000000"}\n`

test('what only time brings to an end was left open by whoever read it before, and is given out', () => {
  const rig = new Rig()
  const before = [row('i', -9, start(second)), row('i', -8, end(second))]
  rig.takeAgain('0', [...before, row('i', 0, start(first)), row('i', 0, 'one'), metrics('i', 1, first)])
  rig.setTime(61_000)
  rig.takeAgain('0', [row('j', 70, 'more that was stored')], 100)
  assert.deepEqual(rig.given, [])
  rig.take('0', [row('j', 71, 'new')], 200)
  rig.engine.giveClosed()
  assert.deepEqual(rig.given, ['5b ok 1 lines, revision 1'])
})

test('what ends right behind old records is given out at once', () => {
  const rig = new Rig()
  rig.takeAgain('0', [row('i', 0, start(first))])
  rig.take('0', [row('i', 1, end(first))], 100)
  rig.setTime(0)
  rig.engine.giveClosed()
  assert.deepEqual(rig.given, ['5b ok 0 lines, revision 1'])
})

test('of what is read again in part, what is stored counts', () => {
  const rig = new Rig()
  // Its Start was read by somebody else only; of the other one it is not known what its instance did before.
  rig.takeAgain('0', [row('i', 0, `2025-01-15T08:00:00.000Z ${first} [INFO] one`), metrics('i', 1, first)])
  rig.takeAgain('0', [row('j', 0, start(second)), metrics('j', 1, second)], 50)
  rig.engine.giveAll()
  assert.deepEqual(rig.given, [
    '5b ok 1 lines, revision 1, where there is none',
    '6c ok 0 lines, revision 1, where there is none',
  ])
  rig.take('0', [row('i', 2, `2025-01-15T08:00:02.000Z ${first} [INFO] new`)], 100)
  rig.engine.giveAll()
  assert.deepEqual(rig.given.slice(2), ['5b ok 2 lines, revision 2'])
})

test('a success with its row is known as a whole, whatever its instance did before', () => {
  const rig = new Rig()
  rig.takeAgain('0', [row('i', 0, start(first)), row('i', 1, end(first)), metrics('i', 1, first)])
  rig.takeAgain('0', [row('i', 2, `2025-01-15T08:00:02.000Z ${first} [INFO] late`)], 100)
  rig.engine.giveClosed()
  assert.deepEqual(rig.given, ['5b ok 1 lines, revision 2'])
})

test('what is read again is given out when there is no room for it', () => {
  const rig = new Rig()
  rig.takeAgain('0', [row('i', 0, start(first)), metrics('i', 1, first)])
  const idOf = (n: number): string => `${String(n).padStart(8, '0')}-8b6b-4d34-ada3-b3edc63bce5b`
  for (let n = 0; n < maxWaitingRows + settleStep; n += 1000) {
    const ids = Array.from({ length: 1000 }, (_, i) => idOf(n + i))
    rig.takeAgain(
      '0',
      ids.flatMap(id => [row('j', 2, start(id)), row('j', 2, end(id))]),
      100 + n * 20,
    )
  }
  assert.deepEqual(rig.given, ['5b ok 0 lines, revision 1, where there is none'])
})

test('the oldest attempt that may still change tells from where to read again', () => {
  const rig = new Rig()
  const { engine } = rig
  assert.deepEqual([engine.oldestNumber(0), engine.nextNumber], [0, 0])
  rig.take('0', [row('i', 0, start(first))])
  rig.take('1', [row('j', 0, start(second)), row('j', 0, end(second))])
  assert.deepEqual([engine.oldestNumber(0), engine.nextNumber], [0, 2])
  rig.take('0', [row('i', 1, end(first))], 20)
  engine.setTime(Date.UTC(2026, 0, 1) + 10_000)
  assert.equal(engine.oldestNumber(20_000), 0, 'closed a moment ago')
  assert.equal(engine.oldestNumber(5000), 2, 'closed long ago')
})

// The kernel for ordinary lines against the full way: every ordinary line, and everything that is one byte away from one.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reconstruct } from '../app/run-batch.ts'
import { end, start } from './scenario.ts'

/** Stories that are played together: enough to be fast, few enough to find the one that differs. */
const storiesPerRun = 60

/** Ids of the lengths that the kernel takes, and of others; `number` makes them different. */
const idForms = [
  (number: number): string => `65a24fa0-7e42-4ee5-8a5c-${hex(number, 12)}`,
  (number: number): string => `1-65a24fa0-0b44b15d-${hex(number, 12)}`,
  (number: number): string => `1-65a24fa0-0b44b15d431a${hex(number, 12)}`,
]
const oddIdForms = [31, 33, 34, 37, 38, 39, 40, 41].map(
  length =>
    (number: number): string =>
      `1-${hex(number, 8)}${'0b44b15d431a6b32cc8c'.repeat(2)}`.slice(0, length),
)
const hex = (number: number, digits: number): string => (number * 7919).toString(16).padStart(digits, '0')

const traceParent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const summary = 'Duration: 20.50 ms, Billed Duration: 21 ms, Memory Size: 128 MB, Max Memory Used: 9.00 MB'
const log = (id: string, time = '2025-01-15T12:00:00.123Z', level = 'INFO', text = ' hello'): string =>
  `${time} ${id} [${level}]${text}`

/** Bytes that mean something somewhere in an ordinary line, and a few that never do. */
const bytes = [
  ' ',
  '0',
  '5',
  '9',
  ':',
  '-',
  '.',
  ',',
  '[',
  ']',
  'F',
  'C',
  'T',
  'Z',
  'i',
  'I',
  'x',
  '\t',
  '\r',
  '\0',
  '\x7f',
  'é',
]

/** Everything that is one character away. */
function neighbours(line: string): string[] {
  const found = new Set<string>()
  for (let at = 0; at <= line.length; at++) {
    const [before, after] = [line.slice(0, at), line.slice(at)]
    found.add(before + after.slice(1)).add(before)
    for (const byte of bytes) found.add(before + byte + after).add(before + byte + after.slice(1))
  }
  return [...found]
}

/** Plays stories, each with an id of its own, beside an attempt that is open all the time, both ways. */
async function assertSame(stories: readonly ((id: string) => string[])[], idForm = idForms[0]!): Promise<void> {
  for (let first = 0; first < stories.length; first += storiesPerRun) {
    const part = stories.slice(first, first + storiesPerRun)
    const records = [start('always-open'), ...part.flatMap((story, index) => story(idForm(first + index)))]
    const inputs = [`${records.join('\n')}\n`]
    const fast = await reconstruct({ inputs })
    if (fast.text === (await reconstruct({ inputs, usesKernel: false })).text) continue
    for (const [index, story] of part.entries()) await assertOne(story(idForm(first + index)))
    assert.fail(`stories from ${first} on differ together, and alone do not`)
  }
}

async function assertOne(story: readonly string[]): Promise<void> {
  const inputs = [`${[start('always-open'), ...story].join('\n')}\n`]
  const fast = await reconstruct({ inputs })
  assert.deepEqual(fast, await reconstruct({ inputs, usesKernel: false }), JSON.stringify(story))
}

/** A line of an open attempt; the continuation behind it tells whose the line was. */
const inAttempt =
  (line: string) =>
  (id: string): string[] => [start(id), log(id), line.replaceAll('ID', id), '  continued', log(id), end(id)]

test('times', async () => {
  const times: string[] = []
  for (const year of ['2025', '2024', '1900', '2000', '0000', '9999']) {
    for (let month = 0; month <= 13; month++) {
      for (const day of [0, 1, 28, 29, 30, 31, 32]) {
        times.push(`${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}T12:00:00Z`)
      }
    }
  }
  for (let number = 0; number < 100; number++) {
    const digits = String(number).padStart(2, '0')
    times.push(`2025-01-15 ${digits}:00:00`, `2025-01-15T12:${digits}:00.123`, `2025-01-15T12:00:${digits}.123Z`)
  }
  for (const rest of [
    '',
    'Z',
    'z',
    '.1',
    '.12',
    '.123',
    '.1234',
    '.123Z',
    ',123',
    '.123456Z',
    '+08:00',
    '.123+08:00',
    ':',
  ])
    times.push(`2025-01-15T12:00:00${rest}`, `2025-01-15 12:00:00${rest}`, `2025/01/15 12:00:00${rest}`)
  await assertSame(times.map(time => inAttempt(log('ID', time))))
})

for (const time of ['2025-01-15 12:00:00', '2025-01-15T12:00:00Z', '2025-01-15 12:00:00.123']) {
  test(`what is one character away from the time ${time}`, async () => {
    // The blank behind it is part of it: the id begins there.
    const near = neighbours(`${time} `)
    await assertSame(near.map(odd => inAttempt(`${odd}ID [INFO] hello`)))
  })
}

test('an attempt of another file', async () => {
  const id = idForms[0]!(1)
  for (const second of [
    [log(id), '  continued', 'x'],
    [end(id), 'x', summary],
    [start(id), log(id), end(id), 'x'],
  ]) {
    const inputs = [[start(id), log(id)], second, [start('always-open'), log(id), '  continued', end(id)]].map(
      records => `${records.join('\n')}\n`,
    )
    assert.deepEqual(await reconstruct({ inputs }), await reconstruct({ inputs, usesKernel: false }))
  }
})

test('levels', async () => {
  const words = [
    'info',
    'warn',
    'warning',
    'debug',
    'trace',
    'silly',
    'verbose',
    'error',
    'err',
    'fatal',
    'notice',
    'other',
  ]
  const spellings = words.flatMap(word => [
    word,
    word.toUpperCase(),
    word.charAt(0).toUpperCase() + word.slice(1),
    word.charAt(0) + word.slice(1).toUpperCase(),
    word.slice(0, -1),
    `${word}s`,
    ` ${word}`,
    `${word} `,
  ])
  await assertSame(spellings.map(level => inAttempt(log('ID', '2025-01-15T12:00:00Z', level))))
})

test('messages', async () => {
  const texts = [
    '',
    ' ',
    '  ',
    'x',
    ' x',
    ' F',
    'F',
    '    FunctionCompute',
    ' FunctionCompute python3 runtime inited.',
    '\tFC',
    ' C',
    ' xFC',
    ' FC Invoke End RequestId: ID',
    ' \u2028',
    ' 商品',
    '\r',
    ' x\r',
    ' {"errorMessage":"x"}',
    ' a concept of space, but no caller',
    ` traceparent: ${traceParent}`,
    ` {"headers":{"traceparent":"${traceParent}"}}`,
    ` traceparent: ${traceParent} FC Invoke End RequestId: ID`,
  ]
  await assertSame(texts.map(text => inAttempt(log('ID', '2025-01-15T12:00:00Z', 'INFO', text))))
})

for (const idForm of [...idForms, ...oddIdForms]) {
  const length = idForm(0).length
  test(`lines with ids of ${length} bytes`, async () => {
    await assertSame(
      [
        id => [start(id), log(id), end(id), summary, 'after', log(id)],
        id => [log(id), log(id), end(id), end(id)],
        id => [start(id), start(id), log(id), end(id), start(id), log(id), end(id)],
        id => [end(id), start(id), '', ' ', log(id), summary],
        id => [start(id), `FC Initialize Start RequestId: ${id}`, log(id), end(id), log(id)],
        id => [start(id), log(`${id.slice(0, -1)}z`), log(`z${id.slice(1)}`), log(id.slice(1)), end(id)],
        id => [start(id), '{', '', log(id), '    "errorMessage": "x"', '}', end(id)],
        id => ['FunctionCompute python3 runtime inited.', start(id), end(id), start(`${id.slice(0, -1)}z`)],
      ],
      idForm,
    )
  })
}

// The third form differs from the others by its length alone.
for (const idForm of idForms.slice(0, 2)) {
  const shape = idForm(0)
  const { length } = shape
  test(`what is one character away from a line with an id of ${length} bytes`, async () => {
    const line = log(shape)
    const stories = neighbours(line).map(near => inAttempt(near.replace(shape, 'ID')))
    await assertSame(stories, idForm)
  })

  test(`what is one character away from a marker with an id of ${length} bytes`, async () => {
    const starts = neighbours(start(shape)).map(near => (id: string) => [
      near.replace(shape, id),
      log(id),
      'x',
      end(id),
    ])
    const ends = neighbours(end(shape)).map(near => (id: string) => [
      start(id),
      near.replace(shape, id),
      'x',
      summary,
      log(id),
    ])
    await assertSame([...starts, ...ends], idForm)
  })
}

test('what is one character away from a summary', async () => {
  await assertSame(neighbours(summary).map(near => id => [start(id), log(id), end(id), near, 'x', '', summary]))
})

test('figures of summaries', async () => {
  const figures = [
    '0',
    '1',
    '00',
    '007',
    '21',
    '123456789',
    '1234567890123',
    '0.5',
    '.5',
    '5.',
    '20.50',
    '20.123456789',
    '1e3',
    '-1',
    '+1',
    '999999999.99',
    'undefined',
    '',
    '4294967296',
    '9007199254740993',
    '0.1',
    '0.29',
    '1.005',
  ]
  const stories = figures.flatMap(figure =>
    ['20.50', '21', '128', '9.00'].map(old => (id: string) => [
      start(id),
      end(id),
      summary.replace(`: ${old} `, `: ${figure} `),
    ]),
  )
  await assertSame(stories)
})

// What a message says without what changes: cases from real lines and the runtimes' documentation, and what holds for any text.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { firstPoints } from '../../src/classify/first-points.ts'
import { normaliseMessage } from '../../src/classify/normalise-message.ts'
import { maxMessagePoints } from '../../src/model/failure.ts'

const cases: readonly [message: string, normal: string | null][] = [
  ['', null],
  [' \n ', null],
  // Figures.
  [
    'Process exited unexpectedly before completing request (duration: 282ms, maxMemoryUsage: 2588.31MB)',
    'Process exited unexpectedly before completing request (duration: *ms, maxMemoryUsage: *MB)',
  ],
  [
    'Function timed out after 30 seconds (maxMemoryUsage: 47.28MB)',
    'Function timed out after * seconds (maxMemoryUsage: *MB)',
  ],
  ['-5 is less than 1,234.5', '* is less than *'],
  ['got (1, 2, 3) of 4', 'got (*) of *'],
  ['E11000 duplicate key error', '* duplicate key error'],
  // Names with a number in them stay names.
  ['handler_2 of module-7 is deprecated', 'handler_* of module-* is deprecated'],
  ['std::bad_alloc', 'std::bad_alloc'],
  // Ids.
  ['order 1-67876b13-4d935cdf-44cf3b7af921 is gone', 'order * is gone'],
  ['order 1-640989e8-936acbdf3b8483e00bdfced1 is gone', 'order * is gone'],
  ['order be4c11f1-a99e-4421-852d-55ace08a6cad is gone', 'order * is gone'],
  ['order 2F65CABC000E681A95152C6FED57659A is gone', 'order * is gone'],
  ['at 0x7f3a1c, thread c-67876b0f-f03edf0fb34cf48f5278', 'at *, thread *'],
  ['ObjectId(507f1f77bcf86cd799439011)', 'ObjectId(*)'],
  ['ULID 01ARZ3NDEKTSV4RRFFQ69G5FAV', 'ULID *'],
  ['req-7f3a9c2e failed', 'req-* failed'],
  // Times.
  ['at 2024-01-15T08:00:00.123Z and 2024-01-15 08:00:00', 'at * and *'],
  ['expired on Mon, 15 Jan 2024 08:00:00', 'expired on *'],
  ['took from 08:00:01 to 08:00:02.5', 'took from * to *'],
  // Addresses.
  ['connect ETIMEDOUT 10.0.0.1:6379', 'connect ETIMEDOUT *'],
  ['dial tcp [fe80::1]:5432: refused', 'dial tcp [*]:*: refused'],
  ['GET https://a.oss.aliyuncs.com/b?c=d&e=5 returned 404', 'GET https://* returned *'],
  ['no such user anna@example.com', 'no such user *'],
  ['getaddrinfo ENOTFOUND db.example.com', 'getaddrinfo ENOTFOUND db.example.com'],
  // Quoted values, and names in objects, which say what it is about.
  ["Cannot read properties of undefined (reading 'items')", "Cannot read properties of undefined (reading '*')"],
  ["No module named 'pandas'", "No module named '*'"],
  ["can't open file ‘a’ or “b”", "can't open file ‘*’ or “*”"],
  ['{"code": 5, "message": "user 77 is gone"}', '{"code": *, "message": "*"}'],
  ["open 'a': no such file", "open '*': no such file"],
  // Paths.
  ['the file /code/bootstrap is not exist', 'the file /code/bootstrap is not exist'],
  ['cannot read /tmp/upload/a.csv', 'cannot read /tmp/*'],
  ['cannot read /mnt/nas/2024/img-0042.png', 'cannot read /mnt/nas/*.png'],
  ['C:\\data\\x9\\y.txt', 'C:\\data\\*\\y.txt'],
  // What is no English.
  ['订单 1234 失败：库存不足', '订单 * 失败：库存不足'],
  // Stacks within a message.
  ['boom\n    at handler (/code/index.js:12:7)\n    at f (/code/f.js:1:1)', 'boom'],
  [
    "Function instance exited unexpectedly(code 1, message:operation not permitted) with start command 'npm run start '. Logs:missing script: start",
    "Function instance exited unexpectedly(code *, message:operation not permitted) with start command '*'. Logs:missing script: start",
  ],
]

for (const [message, normal] of cases) {
  test(`normal form of ${JSON.stringify(message)}`, () => assert.equal(normaliseMessage(message), normal))
}

const corpus = readFileSync(new URL('../golden/fc-lines.tsv', import.meta.url), 'utf8')
  .split('\n')
  .slice(1)
  .map(row => (row.split('\t')[3] ?? '').replaceAll('\\n', '\n'))
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.constantFrom(...corpus),
  fc
    .array(
      fc.constantFrom(
        'a',
        '-',
        '0',
        '9',
        ':',
        '.',
        ' ',
        "'",
        '"',
        '/',
        '1-6587',
        'feed',
        'T',
        'Jan',
        '\n',
        'at ',
        '(',
        ')',
      ),
      { maxLength: 60 },
    )
    .map(pieces => pieces.join('')),
)

test('digits mean nothing: the store may give 0 for all of them', () => {
  fc.assert(
    fc.property(anyText, text => {
      assert.equal(normaliseMessage(text.replace(/[1-9]/g, '0')), normaliseMessage(text))
    }),
    { numRuns: 3000 },
  )
})

test('the result is one line of at most 300 characters, and nothing behind the first 1,000 counts', () => {
  fc.assert(
    fc.property(anyText, fc.nat(40), (text, times) => {
      const long = text.repeat(times + 1)
      const normal = normaliseMessage(long)
      assert.ok(normal === null || ([...normal].length <= 300 && !normal.includes('\n') && normal.isWellFormed()))
      assert.equal(normaliseMessage(firstPoints(long.toWellFormed(), maxMessagePoints)), normal)
    }),
    { numRuns: 1000 },
  )
})

const hex = (length: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
    .map(digits => digits.join(''))
    .filter(text => /\d/.test(text))
const uuid = fc.uuid()
const changing = fc.oneof(
  uuid,
  uuid.map(id => id.toUpperCase()),
  fc.tuple(hex(8), hex(8), hex(12)).map(parts => `1-${parts.join('-')}`),
  fc.tuple(hex(8), hex(24)).map(parts => `1-${parts.join('-')}`),
  hex(32).map(id => id.toUpperCase()),
  hex(12),
  fc.nat().map(String),
  fc.ipV4(),
  fc.tuple(fc.ipV4(), fc.integer({ min: 1, max: 65535 })).map(([host, port]) => `${host}:${port}`),
  fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map(date => date.toISOString()),
)
const quoted = fc.string({ unit: fc.constantFrom('a', 'b', '7', ' ', '.', '-'), minLength: 1, maxLength: 30 })
const templates: readonly ((id: string, value: string) => string)[] = [
  id => `order ${id} is gone`,
  id => `${id}: no such row`,
  id => `user=${id}, retry later`,
  id => `failed (request ${id})`,
  (id, value) => `key '${value}' of ${id} is too long`,
  (_, value) => `No module named "${value}"`,
  id => `cannot open /tmp/upload/${id}`,
  id => `cannot open /mnt/data/${id}/index.csv`,
]

test('the same message with other ids, figures, addresses, times and values is the same', () => {
  const filled = fc.tuple(changing, quoted)
  fc.assert(
    fc.property(fc.constantFrom(...templates), filled, filled, (template, [id, value], [otherId, otherValue]) => {
      assert.equal(normaliseMessage(template(id, value)), normaliseMessage(template(otherId, otherValue)))
    }),
    { numRuns: 3000 },
  )
})

test('hostile texts take no longer than others', () => {
  const pieces = [
    "'",
    '"',
    '‘',
    'a',
    '0',
    'a@',
    '@',
    '/',
    ':',
    '1:',
    'a.',
    'a-',
    '-',
    '* ',
    '*',
    'http://',
    'Jan ',
    ' ',
    '\n',
    'at (',
    '.0',
    '0a',
  ]
  for (const piece of pieces) {
    const text = piece.repeat(1_000_000 / piece.length)
    const beganMs = performance.now()
    for (let round = 0; round < 20; round++) normaliseMessage(text)
    const tookMs = performance.now() - beganMs
    assert.ok(tookMs < 1000, `${JSON.stringify(piece)}: ${tookMs} ms for 20`)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countGroups } from '../../../../src/sources/sls/decode/count-groups.ts'
import { DecodeError } from '../../../../src/sources/sls/decode/decode-error.ts'
import { RowEncoder } from '../../../../src/sources/sls/decode/encode-rows.ts'
import { field, type GroupModel, pair, writeGroup, writeGroups, writeLog } from './write-log-groups.ts'

/** Every row of every group, as latin1 so that no byte is changed. */
function encode(body: Buffer, encoder = new RowEncoder()): string[] {
  const { bytes, length, groups, ends, rows } = encoder.encode(body)
  assert.equal(groups === 0 ? 0 : ends[groups - 1], length)
  assert.equal(countGroups(body), groups)
  const text = bytes.toString('latin1', 0, length)
  assert.equal(text.split('\n').length - 1, rows)
  return Array.from({ length: groups }, (_, n) => text.slice(n === 0 ? 0 : ends[n - 1], ends[n]))
}

const head = '{"__time__":7,"__source__":"","__topic__":""'
const log = (...contents: [string, string][]): GroupModel => ({ tags: [], logs: [{ time: 7, contents }] })
const raw = (...parts: Buffer[]): Buffer => field(0x0a, Buffer.concat(parts))
const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex')

const cases: [what: string, body: Buffer, groups: string[]][] = [
  [
    'the list of the facts (§1.3)',
    bytes('0a320a1e08f8b2939e0512160a07546573744b6579120b54657374436f6e74656e741a00220e31302e3233302e3230312e313137'),
    ['{"__time__":1405409656,"__source__":"10.230.201.117","__topic__":"","TestKey":"TestContent"}\n'],
  ],
  ['nothing', Buffer.alloc(0), []],
  [
    'all members in their order, the tags of the group in every row',
    writeGroup({
      topic: 'FCLogs:f',
      source: '10.0.0.1',
      tags: [
        ['__pack_id__', 'A-1'],
        ['__receive_time__', '1736928748'],
      ],
      logs: [
        { time: 1736928747, ns: 123, contents: [['message', 'one']] },
        { time: 1736928748, contents: [] },
      ],
    }),
    [
      '{"__time__":1736928747,"__time_ns_part__":123,"__source__":"10.0.0.1","__tag__:__pack_id__":"A-1","__tag__:__receive_time__":"1736928748","__topic__":"FCLogs:f","message":"one"}\n' +
        '{"__time__":1736928748,"__source__":"10.0.0.1","__tag__:__pack_id__":"A-1","__tag__:__receive_time__":"1736928748","__topic__":"FCLogs:f"}\n',
    ],
  ],
  [
    'groups without logs have an end of their own',
    writeGroups([{ tags: [['a', 'b']], logs: [] }, log(['a', 'b']), { tags: [], logs: [] }]),
    ['', `${head},"a":"b"}\n`, ''],
  ],
  [
    'a name that comes twice',
    writeGroup(log(['a', '1'], ['b', '2'], ['a', '3'])),
    [`${head},"a":"1","b":"2","a":"3"}\n`],
  ],
  ['__proto__ is a name', writeGroup(log(['__proto__', 'x'])), [`${head},"__proto__":"x"}\n`]],
  ['empty names and values', writeGroup(log(['', ''], ['', 'x'])), [`${head},"":"","":"x"}\n`]],
  ['a Content without anything', raw(field(0x0a, bytes('08 07 12 00'))), [`${head},"":""}\n`]],
  ['the value before its name', raw(field(0x0a, bytes('08 07 12 06 12 01 62 0a 01 61'))), [`${head},"a":"b"}\n`]],
  [
    'of a value that comes twice the last counts',
    raw(field(0x0a, bytes('08 07 12 09 0a 01 61 12 01 62 12 01 63'))),
    [`${head},"a":"c"}\n`],
  ],
  [
    'nanoseconds before the contents, the time behind them',
    raw(field(0x0a, bytes('25 ff c9 9a 3b 12 06 0a 01 61 12 01 62 08 07'))),
    ['{"__time__":7,"__time_ns_part__":999999999,"__source__":"","__topic__":"","a":"b"}\n'],
  ],
  [
    'the largest numbers',
    raw(field(0x0a, bytes('08 ff ff ff ff 0f 25 ff ff ff ff'))),
    ['{"__time__":4294967295,"__time_ns_part__":4294967295,"__source__":"","__topic__":""}\n'],
  ],
  ['no time', raw(field(0x0a, Buffer.alloc(0))), ['{"__time__":0,"__source__":"","__topic__":""}\n']],
  [
    'tags, topic and source before and between the logs',
    raw(
      pair(0x32, ['x', '1']),
      writeLog({ time: 7, contents: [] }),
      field(0x22, 's'),
      field(0x1a, 'old'),
      pair(0x32, ['y', '2']),
      writeLog({ time: 8, contents: [] }),
      field(0x1a, 't'),
    ),
    [
      '{"__time__":7,"__source__":"s","__tag__:x":"1","__tag__:y":"2","__topic__":"t"}\n' +
        '{"__time__":8,"__source__":"s","__tag__:x":"1","__tag__:y":"2","__topic__":"t"}\n',
    ],
  ],
  [
    'fields that are not read: the category, the machine, unknown ones of every type',
    Buffer.concat([
      bytes('10 05'),
      raw(
        field(0x12, 'category'),
        field(0x2a, 'machine'),
        bytes('40 96 01'),
        bytes('49 0102030405060708'),
        bytes('55 01020304'),
        field(0x0a, Buffer.concat([bytes('08 07'), field(0x1a, 'internal'), bytes('45 01020304'), field(0x4a, 'x')])),
      ),
    ]),
    [`${head}}\n`],
  ],
  ['a length and a number that are longer than they need be', bytes('0a 87 00 8a 00 83 00 08 87 00'), [`${head}}\n`]],
]
for (const [what, body, groups] of cases) test(what, () => assert.deepEqual(encode(body), groups))

test('every byte becomes what JSON has for it, at every place of a word', () => {
  for (let byte = 0; byte < 256; byte += 1) {
    for (let place = 0; place < 20; place += 1) {
      const value = Buffer.alloc(20, 0x61)
      value[place] = byte
      const body = raw(field(0x0a, Buffer.concat([bytes('08 07'), pair(0x12, ['k', value])])))
      const expected = byte < 0x80 ? JSON.stringify(value.toString('latin1')) : `"${value.toString('latin1')}"`
      assert.deepEqual(encode(body), [`${head},"k":${expected}}\n`], `byte ${byte} at ${place}`)
    }
  }
})

test('what is no UTF-8 stays as it is', () => {
  const odd = bytes('c0 80 ff fe ed a0 80 e4 bd 22 80')
  const [row] = encode(raw(field(0x0a, Buffer.concat([bytes('08 07'), pair(0x12, ['k', odd])]))))
  assert.equal(row, `${head},"k":"${odd.toString('latin1').replace('"', '\\"')}"}\n`)
})

test('values of every length, also where the buffer ends behind them', () => {
  for (let length = 0; length < 70; length += 1) {
    const value = '"'.repeat(length % 3) + 'x'.repeat(length)
    const body = raw(field(0x0a, Buffer.concat([bytes('08 07'), pair(0x12, ['k', value])])))
    assert.deepEqual(encode(body), [`${head},"k":${JSON.stringify(value)}}\n`])
  }
})

test('an encoder is used again, and its buffer grows', () => {
  const encoder = new RowEncoder()
  const long = '\u0001'.repeat(2_000_000)
  assert.deepEqual(encode(writeGroup(log(['k', long])), encoder), [`${head},"k":${JSON.stringify(long)}}\n`])
  assert.deepEqual(encode(writeGroup(log(['k', 'v'])), encoder), [`${head},"k":"v"}\n`])
  assert.throws(() => encoder.encode(bytes('0a 05 0a')), DecodeError)
  assert.deepEqual(encode(writeGroup(log(['k', 'w'])), encoder), [`${head},"k":"w"}\n`])
})

test('many groups', () => {
  const groups = Array.from({ length: 3000 }, (_, n) => log(['n', String(n)]))
  assert.deepEqual(
    encode(writeGroups(groups)),
    groups.map((_, n) => `${head},"n":"${n}"}\n`),
  )
})

test('tags that come with very many logs are bounded', () => {
  const tag = pair(0x32, ['k', 'v'.repeat(100_000)])
  const body = raw(Buffer.concat(new Array<Buffer>(100_000).fill(bytes('0a 00'))), tag)
  assert.throws(
    () => new RowEncoder(16 * 1024 * 1024).encode(body),
    (error: unknown) => error instanceof DecodeError && error.reason === 'tooLarge',
  )
})

const broken: [what: string, body: Buffer][] = [
  ['a group behind the end', bytes('0a 05 0a 00')],
  ['a log behind the end of its group', bytes('0a 02 0a 05 08 07 00 00 00')],
  ['a content behind the end of its log', bytes('0a 06 0a 04 08 07 12 05 0a 01 61 12 01 62')],
  ['a name behind the end of its content', bytes('0a 08 0a 06 08 07 12 02 0a 05 61 61 61 61 61 61')],
  ['half nanoseconds', bytes('0a 05 0a 03 25 01 02')],
  ['a number that does not end', bytes('0a 0d 0a 0b 08 80 80 80 80 80 80 80 80 80 80')],
  ['a number cut short', bytes('0a 04 0a 02 08 80')],
  ['a length of 2 ** 40', bytes('0a 80 80 80 80 80 20')],
  ['a length of 2 ** 32 - 1', bytes('0a ff ff ff ff 0f 00')],
  ['a field without a number', bytes('02 00')],
  ['a group of the old kind', bytes('0b 0c')],
  ['an unknown type', bytes('0a 02 0e 00')],
  ['8 bytes that are not there', bytes('0a 03 49 01 02')],
]
for (const [what, body] of broken) {
  test(`refused: ${what}`, () =>
    assert.throws(
      () => new RowEncoder().encode(body),
      (error: unknown) => error instanceof DecodeError && error.reason === 'corrupt',
    ))
}

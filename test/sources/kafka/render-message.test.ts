// What messages are for the worker: lines, rows with a time, nothing.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MessageRenderer, type RenderOptions } from '../../../src/sources/kafka/render-message.ts'
import { message } from './messages.ts'

const text: RenderOptions = { timed: 'none', keysAreFields: false }
const auto: RenderOptions = { timed: 'rows', keysAreFields: false }
const sls: RenderOptions = { timed: 'objects', keysAreFields: true }

/** 1705134831939 as a row says it. */
const time = '"__time__":1705134831,"__time_ns_part__":939000000'

interface Case {
  readonly title: string
  readonly how: RenderOptions
  readonly value: string | null
  readonly key?: string
  readonly want: string
}

const cases: readonly Case[] = [
  { title: 'a line end is added', how: text, value: 'one', want: 'one\n' },
  { title: 'a line end is left', how: text, value: 'one\n', want: 'one\n' },
  { title: 'several lines stay', how: text, value: 'one\n\ntwo\r\n', want: 'one\n\ntwo\r\n' },
  { title: 'an empty value is an empty line', how: text, value: '', want: '\n' },
  { title: 'no value has no bytes', how: text, value: null, want: '' },
  { title: 'no value has no bytes, whatever its key', how: sls, key: 'k', value: null, want: '' },
  { title: 'bytes that are not UTF-8 stay', how: auto, value: '\xff\x00\xfe', want: '\xff\x00\xfe\n' },
  { title: 'text gets no time', how: text, value: '{"message":"m"}', want: '{"message":"m"}\n' },

  { title: 'a row without a time gets one', how: auto, value: '{"message":"m"}', want: `{${time},"message":"m"}\n` },
  {
    title: 'and so by its topic',
    how: auto,
    value: '{"__topic__":"FCLogs:f"}',
    want: `{${time},"__topic__":"FCLogs:f"}\n`,
  },
  {
    title: 'one with a time keeps it',
    how: auto,
    value: '{"__time__":1,"message":"m"}',
    want: '{"__time__":1,"message":"m"}\n',
  },
  {
    title: 'also at its end',
    how: sls,
    value: '{"message":"m", "__time__" : "1"}',
    want: '{"message":"m", "__time__" : "1"}\n',
  },
  { title: 'an inner time is none', how: sls, value: '{"a":{"__time__":1}}', want: `{${time},"a":{"__time__":1}}\n` },
  { title: 'a time that is a value is none', how: sls, value: '{"a":"__time__"}', want: `{${time},"a":"__time__"}\n` },
  {
    title: 'a time within a text is none',
    how: sls,
    value: '{"a":"{\\"__time__\\":1}"}',
    want: `{${time},"a":"{\\"__time__\\":1}"}\n`,
  },
  { title: 'a longer name is another', how: sls, value: '{"x__time__":1}', want: `{${time},"x__time__":1}\n` },
  { title: 'an object that is no row stays', how: auto, value: '{"errorMessage":"m"}', want: '{"errorMessage":"m"}\n' },
  {
    title: 'a message that is no text makes no row',
    how: auto,
    value: '{"message":{"a":1}}',
    want: '{"message":{"a":1}}\n',
  },
  {
    title: 'an inner message makes no row',
    how: auto,
    value: '{"a":[{"message":"m"}]}',
    want: '{"a":[{"message":"m"}]}\n',
  },
  { title: 'what ends otherwise is no object', how: sls, value: '{"message":"m"} x', want: '{"message":"m"} x\n' },
  {
    title: 'spaces around it do not matter',
    how: auto,
    value: ' {"message":"m"}\r\n',
    want: ` {${time},"message":"m"}\r\n`,
  },
  {
    title: 'every row of several gets a time',
    how: auto,
    value: '{"message":"a"}\ntext\n{"message":"b"}',
    want: `{${time},"message":"a"}\ntext\n{${time},"message":"b"}\n`,
  },
  {
    title: 'an object over several lines stays',
    how: sls,
    value: '{\n"message":"m"\n}',
    want: '{\n"message":"m"\n}\n',
  },
  { title: 'an empty object is still one', how: sls, value: '{ }', want: `{${time} }\n` },
  { title: 'text of a Logstore stays', how: sls, value: 'plain', want: 'plain\n' },

  {
    title: 'a key is the only field',
    how: sls,
    key: 'message',
    value: 'FC Invoke',
    want: `{${time},"message":"FC Invoke"}\n`,
  },
  {
    title: 'what JSON must escape is escaped',
    how: sls,
    key: 'a"\\',
    value: '"\\\n\t\x01',
    want: `{${time},"a\\"\\\\":"\\"\\\\\\u000a\\u0009\\u0001"}\n`,
  },
  { title: 'an empty field', how: sls, key: 'message', value: '', want: `{${time},"message":""}\n` },
  {
    title: 'an object as a field is a text',
    how: sls,
    key: 'message',
    value: '{"a":1}',
    want: `{${time},"message":"{\\"a\\":1}"}\n`,
  },
  { title: 'an empty key is none', how: sls, key: '', value: '{"a":"1"}', want: `{${time},"a":"1"}\n` },
  { title: 'elsewhere keys mean nothing', how: auto, key: 'message', value: 'x', want: 'x\n' },
]

for (const { title, how, value, key, want } of cases) {
  test(title, () => {
    const renderer = new MessageRenderer(how)
    const given = message(7, value, key ?? null)
    assert.equal(Buffer.from(renderer.render(given)).toString('latin1'), want)
    const window = Buffer.alloc(want.length + 3)
    assert.equal(renderer.put(given, window, 3), want.length + 3)
    assert.equal(window.toString('latin1', 3), want)
    if (want.length > 0) assert.equal(renderer.put(given, window.subarray(1), 3), -1)
  })
}

const times: readonly [timestamp: string, members: string][] = [
  ['1705134831000', '"__time__":1705134831,"__time_ns_part__":0,'],
  ['1705134831007', '"__time__":1705134831,"__time_ns_part__":7000000,'],
  ['0', '"__time__":0,"__time_ns_part__":0,'],
  ['-1', ''],
  ['', ''],
]
for (const [stamp, members] of times) {
  test(`a message of the time ${stamp}`, () => {
    const renderer = new MessageRenderer(auto)
    const given = { ...message(7, '{"message":"m"}'), timestamp: stamp }
    assert.equal(Buffer.from(renderer.render(given)).toString(), `{${members}"message":"m"}\n`)
  })
}

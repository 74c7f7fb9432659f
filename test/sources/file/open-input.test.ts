import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { FcscopeError } from '../../../src/model/fcscope-error.ts'
import { checkInputs } from '../../../src/sources/file/check-inputs.ts'
import { openInput } from '../../../src/sources/file/open-input.ts'

const folder = mkdtempSync(join(tmpdir(), 'fcscope-input-'))
after(() => rmSync(folder, { recursive: true }))

interface Reading {
  readonly text: string
  readonly error: unknown
}

/** Everything that can be read, in steps of `step` bytes, and what it ended with. */
async function read(path: string, step = 1024): Promise<Reading> {
  const input = await openInput(path)
  const target = new Uint8Array(step + 2)
  const parts: Buffer[] = []
  try {
    for (;;) {
      const count = await input.readInto(target, 1, step)
      assert.ok(count <= step)
      if (count === 0) return { text: Buffer.concat(parts).toString(), error: null }
      parts.push(Buffer.from(target.subarray(1, 1 + count)))
    }
  } catch (error) {
    return { text: Buffer.concat(parts).toString(), error }
  } finally {
    await input.close()
    await input.close()
  }
}

let files = 0
function write(bytes: Uint8Array | string): string {
  files += 1
  const path = join(folder, `input-${files}`)
  writeFileSync(path, bytes)
  return path
}

// Ids that differ in every line, so that compressed data is spread over the whole file.
const line = (n: number): string => `2024-01-13T08:53:51Z ${(n * 2654435761).toString(16)} [INFO] line ${n}\n`
const lines = (count: number, from = 0): string => Array.from({ length: count }, (_, i) => line(from + i)).join('')
const short = lines(3)
const long = lines(40_000)
const half = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length >> 1)
const damaged = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes)
  copy.fill(0xff, at, at + 8)
  return copy
}

const whole: [name: string, stored: Buffer | string, text: string][] = [
  ['an empty file', '', ''],
  ['a plain file', short, short],
  ['a long plain file', long, long],
  ['a byte order mark is dropped', `\ufeff${short}`, short],
  ['only the first byte order mark is dropped', `\ufeff\ufeff${short}`, `\ufeff${short}`],
  ['half a byte order mark stays', Buffer.from([0xef, 0xbb]), '\ufffd'],
  ['text that begins like a skippable zstd frame', 'S*', 'S*'],
  ['one byte', '(', '('],
  ['gzip', gzipSync(short), short],
  ['gzip of nothing', gzipSync(''), ''],
  ['gzip with a byte order mark inside', gzipSync(`\ufeff${short}`), short],
  ['long gzip', gzipSync(long), long],
  ['three gzip members', Buffer.concat([gzipSync(short), gzipSync(''), gzipSync(long)]), short + long],
  ['gzip filled up with zeros', Buffer.concat([gzipSync(short), Buffer.alloc(70_000)]), short],
  ['gzip with every part of a head', gzipWithFullHead(short), short],
  ['zstd', zstdCompressSync(short), short],
  ['zstd of nothing', zstdCompressSync(''), ''],
  ['long zstd', zstdCompressSync(long), long],
  [
    'three zstd frames',
    Buffer.concat([zstdCompressSync(short), zstdCompressSync(long), zstdCompressSync(short)]),
    short + long + short,
  ],
  [
    'zstd behind a skippable frame',
    Buffer.concat([Buffer.from([0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9]), zstdCompressSync(short)]),
    short,
  ],
]
for (const [name, stored, text] of whole) {
  test(`${name} is read whole`, async () => {
    const path = write(stored)
    for (const step of text.length < 10_000 ? [1, 7, 65_536] : [4093, 1 << 20]) {
      assert.deepEqual(await read(path, step), { text, error: null })
    }
  })
}

/** RFC 1952 §2.3 with extra field, name, comment and head checksum. */
function gzipWithFullHead(text: string): Buffer {
  const plain = gzipSync(text)
  const head = Buffer.from(plain.subarray(0, 10))
  head[3] = 2 | 4 | 8 | 16
  return Buffer.concat([head, Buffer.from('\x03\x00abcfc.log\0from a test\0\x12\x34', 'latin1'), plain.subarray(10)])
}

const gz = gzipSync(long)
const broken: [name: string, stored: Buffer, minimum: string, says: RegExp][] = [
  ['truncated gzip', half(gz), lines(19_000), /gzip data breaks off at byte \d+/],
  ['gzip without its trailer', gz.subarray(0, gz.length - 3), long, /breaks off/],
  ['a gzip head that breaks off', Buffer.concat([gzipSync(short), gz.subarray(0, 5)]), short, /breaks off/],
  ['gzip with a wrong checksum', damaged(gzipSync(short), gzipSync(short).length - 8), short, /checksum/],
  ['gzip followed by text', Buffer.concat([gzipSync(short), Buffer.from('more')]), short, /followed by something else/],
  ['damaged gzip', damaged(gz, gz.length >> 1), lines(19_000), /is damaged|does not match its checksum/],
  ['damaged in the second member', Buffer.concat([gzipSync(long), damaged(gz, 4000)]), long, /is damaged/],
  ['truncated zstd', half(zstdCompressSync(long)), lines(15_000), /zstd data breaks off/],
  [
    'zstd followed by text',
    Buffer.concat([zstdCompressSync(short), Buffer.from('more text')]),
    short,
    /followed by something else/,
  ],
  [
    'damaged zstd',
    damaged(zstdCompressSync(long), zstdCompressSync(long).length >> 1),
    lines(15_000),
    /zstd data is damaged/,
  ],
]
for (const [name, stored, minimum, says] of broken) {
  test(`${name}: everything before the fault, then one error`, async () => {
    const path = write(stored)
    const { text, error } = await read(path, 5000)
    assert.ok(text.startsWith(minimum), `${text.length} of ${minimum.length} characters`)
    assert.ok(error instanceof FcscopeError)
    assert.equal(error.code, 'FCS_INPUT_CORRUPT')
    assert.match(error.message, says)
    assert.ok(error.message.startsWith(path))
  })
}

test('a small damaged gzip file gives what stands before the damage', async () => {
  const stored = gzipSync(lines(50))
  const { text, error } = await read(write(damaged(stored, stored.length - 100)))
  assert.ok(text.startsWith(lines(30)), `${text.length} characters`)
  assert.ok(error instanceof FcscopeError)
})

test('a named pipe is read as it is filled', async () => {
  const path = join(folder, 'pipe')
  execFileSync('mkfifo', [path])
  const reading = read(path, 1000)
  createWriteStream(path).end(gzipSync(long))
  assert.deepEqual(await reading, { text: long, error: null })
})

test('standard input may be a pipe or a file that was read in part', async () => {
  const program = `
    import { openInput } from ${JSON.stringify(new URL('../../../src/sources/file/open-input.ts', import.meta.url).href)}
    const input = await openInput('-')
    const target = Buffer.alloc(65536)
    for (let n; (n = await input.readInto(target, 0, 65536)) > 0; ) process.stdout.write(target.toString('latin1', 0, n))`
  const run = (command: string): Promise<string> =>
    new Promise(resolve => {
      const env = { NODE: process.execPath, PROGRAM: program, FILE: write(`head\n${long}`) }
      const child = spawn('sh', ['-c', command], {
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const parts: string[] = []
      child.stdout.setEncoding('latin1').on('data', part => parts.push(part))
      child.on('close', () => resolve(parts.join('')))
    })
  const node = '"$NODE" --input-type=module -e "$PROGRAM"'
  assert.equal(await run(`cat "$FILE" | ${node}`), `head\n${long}`)
  assert.equal(await run(`(read -r first; ${node}) < "$FILE"`), long)
  assert.equal(await run(`gzip -c "$FILE" | ${node}`), `head\n${long}`)
  assert.equal(await run(`${node} < /dev/null`), '')
})

test('progress counts stored bytes', async () => {
  const input = await openInput(write(gz))
  const target = new Uint8Array(1 << 20)
  while ((await input.readInto(target, 0, target.length)) > 0) assert.ok(input.bytesRead <= gz.length)
  assert.deepEqual([input.bytesRead, input.size], [gz.length, gz.length])
  await input.close()
})

const directory = join(folder, 'directory')
mkdirSync(directory)
const unusable: [path: string, code: string, says: RegExp][] = [
  [join(folder, 'missing.log'), 'FCS_INPUT_MISSING', /no such file/],
  [join(write('a file'), 'below'), 'FCS_INPUT_MISSING', /no such file/],
  [directory, 'FCS_INPUT_UNREADABLE', /is a directory/],
]
for (const [path, code, says] of unusable) {
  test(`${code} is told before and when opening: ${says.source}`, async () => {
    const expected = (error: unknown): boolean =>
      error instanceof FcscopeError && error.code === code && says.test(error.message)
    assert.throws(() => checkInputs(['-', path]), expected)
    await assert.rejects(openInput(path), expected)
  })
}

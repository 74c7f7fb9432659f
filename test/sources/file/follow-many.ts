// A program for a test: follows all files of a folder, appends a line to each, and says how many lines came.
import { appendFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createFileSource, fileSource } from '../../../src/sources/file/file-source.ts'

const folder = process.argv[2] ?? ''
const files = readdirSync(folder)
const clock = { nowMs: 0 }
let troubles = 0
let lines = 0

const source = createFileSource(
  fileSource.options.parse({ paths: [join(folder, '*.log')] }),
  {
    name: 'files',
    once: false,
    folder,
    log: {
      write: (severity, event, _text, fields) => {
        if (severity === 'debug') return
        troubles += 1
        process.stderr.write(`${event} ${JSON.stringify(fields)}\n`)
      },
    },
    nowMs: () => clock.nowMs,
    wake: () => undefined,
  },
  { hasTimer: false },
)

async function drain(): Promise<void> {
  const window = new Uint8Array(65_536)
  for (;;) {
    const chunk = await source.read(window)
    if (chunk === null) return
    for (const byte of window.subarray(0, chunk.length)) if (byte === 10) lines += 1
    source.advance(chunk, chunk.length)
  }
}

await source.start([])
await drain()
for (const file of files) appendFileSync(join(folder, file), 'one more\n')
for (let i = 0; i < 5; i += 1) {
  clock.nowMs += 1000
  source.poll()
  await drain()
}
await source.stop()
process.stdout.write(`${lines} lines, ${troubles} troubles\n`)

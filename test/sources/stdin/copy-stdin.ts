// A process with the source for its standard input. `read FOLDER`: prints what it reads, ends when the source is done, says so when it is
// stopped by SIGTERM. `copy FOLDER`: reads nothing, and says on standard error how much is in the log.
import { openInput } from '../../../src/sources/file/open-input.ts'
import { stdinSource } from '../../../src/sources/stdin/stdin-source.ts'
import { SmallWorker } from '../shared/small-worker.ts'

const [mode = '', folder = ''] = process.argv.slice(2)
let wake: () => void = () => undefined
const definition = stdinSource(() => openInput('-'))
const source = definition.create(definition.options.parse({}), {
  name: 'stdin',
  once: false,
  folder,
  log: { write: (_severity, event) => process.stderr.write(`${event}\n`) },
  nowMs: () => Date.now(),
  wake: () => {
    if (mode === 'copy') process.stderr.write(`${source.lag().bytes}\n`)
    wake()
  },
})
process.on('SIGTERM', async () => {
  await source.stop()
  process.stderr.write('stopped\n', () => process.exit(0))
})
await source.start([])
const worker = new SmallWorker(source, 1024 * 1024)
while (mode === 'read' && !source.isDone()) {
  const woken = new Promise<void>(resolve => {
    wake = resolve
  })
  await worker.drain()
  source.takeChanges()
  for (const part of worker.taken.splice(0)) {
    source.release(part.streamId, part.position + part.text.length)
    process.stdout.write(part.text, 'latin1')
  }
  if (!source.isDone()) await woken
}

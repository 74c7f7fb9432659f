// Delivers batches in a process that may be killed at any moment: ADDRESS TOPIC FOLDER LAST. How far it came stands in a file.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeSink } from './sink-rig.ts'

const [address = '', topic = '', folder = '', last = '0'] = process.argv.slice(2)
const { sink } = makeSink({ address, topic, folder })
const doneFile = join(folder, 'done')
const readDone = (): number => {
  try {
    return Number(readFileSync(doneFile, 'utf8'))
  } catch {
    return 0
  }
}
const { signal } = new AbortController()
for (let batch = readDone() + 1; batch <= Number(last); batch += 1) {
  const file = join(folder, `${batch}-attempts.records`)
  const delivery = { sink: sink.name, batch, part: 'records', file, rows: 0, bytes: 0, storedMs: Date.now() }
  for (;;) {
    try {
      await sink.deliver(delivery, { mayBeThere: true, signal })
      break
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }
  process.stdout.write(`${batch}\n`)
  writeFileSync(`${doneFile}.new`, String(batch))
  renameSync(`${doneFile}.new`, doneFile)
}
await sink.stop()

// Opens and closes an embedded store again and again: FOLDER TIMES. Says how each time went, a word a line.
import { openEmbeddedStore, StoreBusy } from '../../src/store/embedded-store.ts'

const [path = '', times = '1'] = process.argv.slice(2)
for (let time = 0; time < Number(times); time += 1) {
  try {
    const store = await openEmbeddedStore({ path, maxMemoryBytes: 1e9, isForReading: true })
    await store.query({ sql: 'SELECT 1' })
    await store.close()
    process.stdout.write('opened\n')
  } catch (error) {
    process.stdout.write(error instanceof StoreBusy ? 'busy\n' : `${String(error)}\n`)
  }
}

// Inserts prepared blocks straight into a new embedded store, one after the other: `insert-blocks.ts FOLDER STORE`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openStore } from '../../src/app/open-store.ts'
import { defaultWorkerConfig } from '../../src/app/worker-config.ts'
import type { FileInsert } from '../../src/model/store-connection.ts'
import { migrate } from '../../src/store/migrate.ts'

const [folder = '', path = ''] = process.argv.slice(2)
const inserts: readonly FileInsert[] = JSON.parse(readFileSync(join(folder, 'inserts.json'), 'utf8'))
const { store: settings } = defaultWorkerConfig(folder, { store: { type: 'embedded', path } }).settings
const store = await openStore(settings)
await migrate(store, settings.options)
for (const insert of inserts) await store.insertFile(insert)
await store.close()

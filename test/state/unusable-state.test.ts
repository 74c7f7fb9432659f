// A state that cannot be used: one line that says why and what to do.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { FcscopeError } from '../../src/model/fcscope-error.ts'
import { WorkerState } from '../../src/state/worker-state.ts'
import { commitOf, inState, newFolder } from './state-folders.ts'

/** A program of its own that opens the state, and says how that went. */
function openElsewhere(folder: string): string {
  const module = fileURLToPath(new URL('../../src/state/worker-state.ts', import.meta.url))
  const program = `
    const { WorkerState } = await import(${JSON.stringify(module)})
    try { WorkerState.open(process.argv[1]).close(); console.log('open') } catch (error) { console.log(error.code, error.message) }`
  const words = ['--input-type=module', '-e', program, folder]
  return spawnSync(process.execPath, words, { encoding: 'utf8' }).stdout.trim()
}

test('one process at a time', () => {
  const folder = newFolder()
  inState(folder, () => {
    const said = openElsewhere(folder)
    assert.equal(
      said,
      `FCS_STATE_LOCKED ${folder}: another worker is using this state. Stop it, or give this one a state.path and store.path of its own.`,
    )
  })
  assert.equal(openElsewhere(folder), 'open')
})

const unusable: [name: string, spoil: (folder: string) => void, says: RegExp][] = [
  [
    'no database at all',
    folder => writeFileSync(join(folder, 'state.sqlite'), 'hello '.repeat(1000)),
    /the state is damaged\. Move this folder away/,
  ],
  [
    'pages that were overwritten',
    folder => {
      inState(folder, state => {
        for (let batch = 1; batch < 200; batch++)
          state.commit(commitOf({ batch, steps: [['goOn', 'x'.repeat(500), 'y']] }))
      })
      const file = join(folder, 'state.sqlite')
      const bytes = readFileSync(file)
      bytes.fill(0xa5, 4096, bytes.length - 4096)
      writeFileSync(file, bytes)
    },
    /the state is damaged\. Move this folder away/,
  ],
  [
    'one page that was overwritten, which nobody would read for now',
    folder => {
      inState(folder, state => {
        for (let batch = 1; batch < 200; batch++)
          state.commit(commitOf({ batch, steps: [['goOn', 'x'.repeat(500), 'y']] }))
      })
      const file = join(folder, 'state.sqlite')
      const bytes = readFileSync(file)
      const page = Math.floor(bytes.length / 4096 / 2) * 4096
      bytes.fill(0xa5, page, page + 4096)
      writeFileSync(file, bytes)
    },
    /the state is damaged\. Move this folder away/,
  ],
  [
    'a schema of a newer version',
    folder => inState(folder, state => state.setMeta('schemaVersion', '999')),
    /a newer version of fcscope/,
  ],
  [
    'a folder where the file should be',
    folder => mkdirSync(join(folder, 'state.sqlite')),
    /cannot be written there\. Make the folder writable/,
  ],
]
for (const [name, spoil, says] of unusable) {
  test(`unusable: ${name}`, () => {
    const folder = newFolder()
    mkdirSync(folder)
    spoil(folder)
    assert.throws(
      () => WorkerState.open(folder),
      (error: unknown) => {
        assert.ok(error instanceof FcscopeError, String(error))
        assert.equal(error.code, 'FCS_STATE_UNUSABLE')
        assert.equal(error.exitStatus, 3)
        assert.ok(error.message.startsWith(`${folder}: `))
        assert.match(error.message, says)
        for (const text of Object.values(error.text)) assert.doesNotMatch(text, /\n/)
        return true
      },
    )
    // It was let go: the next try says the same, not that it is locked.
    assert.throws(() => WorkerState.open(folder), { code: 'FCS_STATE_UNUSABLE' })
  })
}

test('a path through a file', () => {
  const file = newFolder()
  writeFileSync(file, '')
  assert.throws(() => WorkerState.open(join(file, 'state')), { code: 'FCS_STATE_UNUSABLE', message: /ENOTDIR/ })
})

test('a folder that cannot be written', { skip: process.getuid?.() === 0 && 'root may write everywhere' }, () => {
  const folder = newFolder()
  mkdirSync(folder)
  chmodSync(folder, 0o500)
  assert.throws(() => WorkerState.open(folder), { code: 'FCS_STATE_UNUSABLE', message: /Make the folder writable/ })
})

test('a database that is read only', { skip: process.getuid?.() === 0 && 'root may write everywhere' }, () => {
  const folder = newFolder()
  inState(folder, () => {})
  chmodSync(join(folder, 'state.sqlite'), 0o400)
  assert.throws(() => WorkerState.open(folder), { code: 'FCS_STATE_UNUSABLE', message: /Make the folder writable/ })
})

test('a file that a crash left without tables is a new state', () => {
  const folder = newFolder()
  mkdirSync(folder)
  new DatabaseSync(join(folder, 'state.sqlite')).close()
  writeFileSync(join(folder, 'state.sqlite'), '')
  inState(folder, state => assert.equal(state.remember().lastBatch, 0))
})

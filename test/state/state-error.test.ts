import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { isPassing } from '../../src/app/passing-failure.ts'
import { StoreError } from '../../src/model/store-connection.ts'
import { isTransient, sqliteCode, stateError } from '../../src/state/state-error.ts'

/** One that may be written: otherwise an error of input and output says so. */
const folder = tmpdir()

const sqlite = (errcode: number): Error =>
  Object.assign(new Error('sqlite says'), { errcode, code: 'ERR_SQLITE_ERROR' })
const system = (code: string): Error => Object.assign(new Error(`${code}: system says`), { code })

const cases: [name: string, cause: unknown, code: string, says: RegExp, passes: boolean][] = [
  ['SQLite: full', sqlite(13), 'FCS_STATE_UNUSABLE', /the disk is full\. Make room, then start again\.$/, true],
  [
    'SQLite: an input or output error, extended',
    sqlite(10 | (3 << 8)),
    'FCS_STATE_UNUSABLE',
    /cannot be used \(sqlite says\)/,
    true,
  ],
  ['SQLite: locked', sqlite(5), 'FCS_STATE_LOCKED', /another worker is using this state/, false],
  ['SQLite: damaged', sqlite(11), 'FCS_STATE_UNUSABLE', /the state is damaged/, false],
  ['SQLite: no database', sqlite(26), 'FCS_STATE_UNUSABLE', /the state is damaged/, false],
  ['SQLite: read only', sqlite(8), 'FCS_STATE_UNUSABLE', /Make the folder writable/, false],
  ['SQLite: a constraint', sqlite(19), 'FCS_STATE_UNUSABLE', /cannot be used \(sqlite says\)/, false],
  ['the system: full', system('ENOSPC'), 'FCS_STATE_UNUSABLE', /the disk is full/, true],
  ['the system: no more for this user', system('EDQUOT'), 'FCS_STATE_UNUSABLE', /the disk is full/, true],
  ['the system: not allowed', system('EACCES'), 'FCS_STATE_UNUSABLE', /Make the folder writable/, false],
  ['the system: a disk that is read only', system('EROFS'), 'FCS_STATE_UNUSABLE', /Make the folder writable/, false],
  ['words', 'words', 'FCS_STATE_UNUSABLE', /cannot be used \(words\)/, false],
]
for (const [name, cause, code, says, passes] of cases) {
  test(name, () => {
    const error = stateError(folder, cause)
    assert.deepEqual([error.code, error.exitStatus, error.cause], [code, 3, cause])
    assert.match(error.message, says)
    assert.ok(error.message.startsWith(`${folder}: `))
    assert.match(error.message, /^[^\n]*$/)
    assert.match(error.text.zh, /^[^\n]*$/)
    assert.equal(isPassing(cause), passes)
  })
}

test('what is not SQLite’s has none of its codes', () => {
  assert.deepEqual([sqliteCode(system('ENOSPC')), sqliteCode(null), sqliteCode({ errcode: 13 })], [null, null, null])
  assert.equal(isTransient(new Error('x')), false)
})

test('a store’s failure passes when it says so', () => {
  for (const passes of [true, false])
    assert.equal(isPassing(new StoreError('x', { clickhouseCode: null, isTransient: passes })), passes)
})

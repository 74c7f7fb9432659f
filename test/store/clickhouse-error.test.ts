import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StoreError } from '../../src/model/store-connection.ts'
import { storeErrorOf } from '../../src/store/clickhouse-error.ts'

/** An error with more to it than its text. */
const withFields = (message: string, fields: object): Error => Object.assign(new Error(message), fields)

const cases: [name: string, cause: unknown, code: number | null, isTransient: boolean, message: string][] = [
  [
    'the engine in the process',
    withFields('Code: 60. DB::Exception: Unknown table t. (UNKNOWN_TABLE)', { clickhouseCode: 60 }),
    60,
    false,
    'Unknown table t. (UNKNOWN_TABLE)',
  ],
  [
    'a version behind it',
    new Error('Code: 62. DB::Exception: Syntax error. (SYNTAX_ERROR) (version 26.7.2.1 (official build))'),
    62,
    false,
    'Syntax error. (SYNTAX_ERROR)',
  ],
  [
    'the client of a server',
    withFields('Authentication failed', { code: '516', type: 'X' }),
    516,
    false,
    'Authentication failed',
  ],
  [
    'a code in the text only',
    new Error('Code: 241. DB::Exception: Memory limit exceeded'),
    241,
    true,
    'Memory limit exceeded',
  ],
  [
    'an exception that went through several hands',
    new Error('Code: 36. DB::Exception: Code: 36. DB::Exception: bad'),
    36,
    false,
    'bad',
  ],
  ['a busy server', new Error('Code: 202. DB::Exception: Too many queries'), 202, true, 'Too many queries'],
  ['too many parts', new Error('Code: 252. DB::Exception: Too many parts'), 252, true, 'Too many parts'],
  ['a system’s code is not ClickHouse’s', withFields('connect', { code: 'ECONNREFUSED' }), null, true, 'connect'],
  ['nobody answered', new Error('Timeout error.'), null, true, 'Timeout error.'],
  ['several lines', new Error('one\n  two\r\n\tthree'), null, true, 'one two three'],
  ['no error at all', 'words', null, true, 'words'],
]
for (const [name, cause, code, isTransient, message] of cases) {
  test(name, () => {
    const error = storeErrorOf(cause)
    assert.deepEqual(
      { code: error.clickhouseCode, isTransient: error.isTransient, message: error.message },
      { code, isTransient, message },
    )
    assert.equal(error.cause, cause)
  })
}

test('an error of ours stays what it is', () => {
  const error = new StoreError('x', { clickhouseCode: 1, isTransient: false })
  assert.equal(storeErrorOf(error), error)
})

test('a whole statement in the text is cut', () => {
  assert.equal(storeErrorOf(new Error('x'.repeat(5000))).message, `${'x'.repeat(400)}…`)
})

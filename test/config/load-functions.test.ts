import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { loadFunctions } from '../../src/config/load-functions.ts'
import { maxConfigBytes } from '../../src/config/read-config-file.ts'
import { FcscopeError } from '../../src/model/fcscope-error.ts'

const folder = mkdtempSync(join(tmpdir(), 'fcscope-functions-'))
after(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'functions.yaml')

const one = 'functions: [{functionName: api}]\n'
const good: [name: string, stored: string | Uint8Array, names: string[]][] = [
  ['a file', one, ['api']],
  ['a byte order mark', `\ufeff${one}`, ['api']],
  ['Chinese names', 'functions: [{functionName: 函数}]', ['函数']],
  ['as long as allowed', one.padEnd(maxConfigBytes, '#'.padEnd(100, ' ')), ['api']],
]
for (const [name, stored, names] of good) {
  test(`loaded: ${name}`, () => {
    writeFileSync(file, stored)
    assert.deepEqual(
      loadFunctions(file).map(config => config.functionName),
      names,
    )
  })
}

const failure = (path: string): FcscopeError => {
  try {
    loadFunctions(path)
  } catch (error) {
    assert.ok(error instanceof FcscopeError)
    return error
  }
  return assert.fail('loaded')
}

const files: [name: string, path: string, code: string, en: string, zh: string][] = [
  ['no file', 'none.yaml', 'FCS_INPUT_MISSING', 'no such file. Check the path.', '文件不存在，请检查路径。'],
  [
    'a directory',
    '',
    'FCS_INPUT_UNREADABLE',
    'cannot be read (EISDIR). Name a file that this user may read.',
    '无法读取（EISDIR），请指定当前用户可读的文件。',
  ],
]
for (const [name, path, code, en, zh] of files) {
  test(`refused: ${name}`, () => {
    const error = failure(join(folder, path))
    assert.equal(error.code, code)
    assert.equal(error.exitStatus, 2)
    assert.deepEqual(error.text, { en: `${join(folder, path)}: ${en}`, zh: `${join(folder, path)}：${zh}` })
    assert.ok(error.cause instanceof Error)
  })
}

const contents: [name: string, stored: string | Uint8Array, en: string, zh: string][] = [
  [
    'one problem',
    'functions:\n- functionName: a\n  memoryMB: 999999\n',
    ':3: functions[0].memoryMB: found 999999; allowed: a whole number from 64 to 131072.',
    ':3：functions[0].memoryMB：实际为 999999；应为 64 到 131072 的整数。',
  ],
  [
    'one problem with the whole file',
    '',
    ':1: found nothing; allowed: a mapping with the key functions.',
    ':1：实际为空；应为含有键 functions 的映射。',
  ],
  [
    'several problems in the order of lines',
    'x: 1\nfunctions:\n- functionName: a\n  vCPU: 0\n',
    ': 2 problems: (1) line 1, x: unknown key; allowed: functions. (2) line 4, functions[0].vCPU: found 0; allowed: a number from 0.05 to 16.',
    '：2 个问题：(1) 第 1 行，x：未知的键；可用的键：functions。(2) 第 4 行，functions[0].vCPU：实际为 0；应为 0.05 到 16 的数。',
  ],
  [
    'bytes that are not UTF-8',
    Uint8Array.of(0x61, 0xff),
    ': found bytes that are not UTF-8; allowed: UTF-8 text. Save the file as UTF-8.',
    '：包含非 UTF-8 字节；应为 UTF-8 文本，请以 UTF-8 编码保存。',
  ],
  [
    'a byte too many',
    one.padEnd(maxConfigBytes + 1),
    ': longer than 1 MiB; allowed: up to 1048576 bytes. Check that it is the right file.',
    '：超过 1 MiB；最多允许 1048576 字节，请检查文件是否正确。',
  ],
]
for (const [name, stored, en, zh] of contents) {
  test(`refused: ${name}`, () => {
    writeFileSync(file, stored)
    const error = failure(file)
    assert.equal(error.code, 'FCS_CONFIG_INVALID')
    assert.equal(error.exitStatus, 2)
    assert.deepEqual(error.text, { en: `${file}${en}`, zh: `${file}${zh}` })
  })
}

test('refused: more problems than are told', () => {
  writeFileSync(file, `functions:\n${'- {}\n'.repeat(21)}`)
  const { text } = failure(file)
  assert.match(text.en, /: more than 20 problems, among them: \(1\) line 2, .*\(20\) line 21, [^(]*\([^(]*$/)
  assert.match(text.zh, /超过 20 个问题，其中：/)
})

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { configOf, loadConfig, readConfig } from '../../src/config/load-config.ts'
import { maxConfigBytes } from '../../src/config/read-config-file.ts'
import { FcscopeError } from '../../src/model/fcscope-error.ts'
import { checkToy, toySchema } from './toy-config.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'fcscope-config-')))
after(() => rmSync(folder, { recursive: true }))
const put = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const one = 'waters: [{type: tap, paths: [a.log]}]\n'

test('paths and files of expansions are taken from the folder of the file, wherever it is read from', () => {
  mkdirSync(join(folder, 'inner'))
  put('inner/label', 'from a file\n')
  const file = put('inner/t.yaml', `${one}limits: {label: "\${file:label}"}\n`)
  const config = loadConfig(file, toySchema, {})
  assert.deepEqual([config.file, config.folder], [file, join(folder, 'inner')])
  assert.equal(config.settings.limits.label, 'from a file')
  assert.equal(
    config.settings.vessel.type === 'barrel' && config.settings.vessel.options.path,
    join(folder, 'inner/data/barrel'),
  )
  assert.deepEqual(config.settings.waters[0]?.type === 'tap' && config.settings.waters[0].options.paths, [
    join(folder, 'inner/a.log'),
  ])
})

test('a link to a file is in its own folder', () => {
  put('real.yaml', one)
  mkdirSync(join(folder, 'links'))
  symlinkSync(join(folder, 'real.yaml'), join(folder, 'links/t.yaml'))
  assert.equal(loadConfig(join(folder, 'links/t.yaml'), toySchema, {}).folder, join(folder, 'links'))
})

test('a pipe is in the working directory', () => {
  const script = `
    const { loadConfig } = await import(${JSON.stringify(resolve('src/config/load-config.ts'))})
    const { toySchema } = await import(${JSON.stringify(resolve('test/config/toy-config.ts'))})
    console.log(loadConfig('/dev/stdin', toySchema, {}).folder)`
  const pipe = 'printf %s "$1" | "$0" --input-type=module -e "$2"'
  const folderOfPipe = execFileSync('bash', ['-c', pipe, process.execPath, one, script], {
    cwd: folder,
    encoding: 'utf8',
  })
  assert.equal(folderOfPipe, `${folder}\n`)
})

const failure = (path: string): FcscopeError => {
  try {
    loadConfig(path, toySchema, {})
  } catch (error) {
    assert.ok(error instanceof FcscopeError)
    return error
  }
  return assert.fail('loaded')
}

const files: [name: string, path: () => string, code: string, en: RegExp][] = [
  ['no file', () => join(folder, 'none.yaml'), 'FCS_INPUT_MISSING', /none\.yaml: no such file\. Check the path\.$/],
  ['a folder', () => folder, 'FCS_INPUT_UNREADABLE', /: cannot be read \(EISDIR\)\./],
  ['too long', () => put('long.yaml', ' '.repeat(maxConfigBytes + 1)), 'FCS_CONFIG_INVALID', /: longer than 1 MiB; /],
  [
    'not UTF-8',
    () => put('binary.yaml', Uint8Array.of(0x61, 0xff)),
    'FCS_CONFIG_INVALID',
    /: found bytes that are not/,
  ],
  ['a problem', () => put('bad.yaml', `${one}x: 1\n`), 'FCS_CONFIG_INVALID', /bad\.yaml:2: x: unknown key; allowed: /],
]
for (const [name, path, code, en] of files) {
  test(`refused: ${name}`, () => {
    const error = failure(path())
    assert.deepEqual([error.code, error.exitStatus], [code, 2])
    assert.match(error.text.en, en)
    assert.match(error.text.zh, /\p{Script=Han}/u)
  })
}

test('problems are values for whoever tells them one by one, and bounded', () => {
  const many = Array.from({ length: 150 }, (_, i) => `limits${i}: {}\n`).join('')
  const { check } = readConfig(put('many.yaml', `${one}${many}waters2: ${'[x, '.repeat(3)}]]]\n`), toySchema, {})
  assert.ok(check.status === 'invalid')
  assert.deepEqual([check.problems.length, check.isCut], [100, false])
  const more = readConfig(put('more.yaml', `limits: {count: 0}\n${many}`), toySchema, {}).check
  assert.ok(more.status === 'invalid')
  assert.deepEqual([more.problems.length, more.isCut], [100, true])
})

test('without a file there are defaults, and what the program puts in their place', () => {
  const config = configOf({ limits: { count: 7 } }, toySchema, '/data')
  assert.deepEqual([config.file, config.folder, config.settings.waters], [null, '/data', []])
  assert.deepEqual(config.settings.limits, { count: 7, isStrict: true })
  assert.throws(() => configOf({ limits: { count: 11 } }, toySchema, '/data'), /found 11; allowed/)
  assert.throws(
    () => configOf({ waters: [{ type: 'tap' }] }, toySchema, '/data'),
    /found nothing; allowed: a list of paths/,
  )
})

const hostile: [name: string, text: string][] = [
  ['deep lists', `waters: ${'['.repeat(20_000)}`],
  ['deep mappings', '{a: '.repeat(20_000)],
  ['deep lists that end', `waters: ${'['.repeat(900)}${']'.repeat(900)}`],
  ['many unknown keys', Array.from({ length: 60_000 }, (_, i) => `limit${i}:\n`).join('')],
  [
    'many unknown keys of a part',
    `waters:\n- type: tap\n${Array.from({ length: 50_000 }, (_, i) => `  path${i}: x\n`).join('')}`,
  ],
  ['many parts', `waters:\n${'- {}\n'.repeat(100_000)}`],
  ['many wrong parts', `waters:\n${'- {type: tap, paths: [1, 2, 3]}\n'.repeat(100)}`],
  ['many wrong entries', `waters: [{type: tap, paths: [${'1,'.repeat(200_000)}]}]`],
  ['many expansions', `waters: [{type: tap, paths: ["${`\${env:GONE}`.repeat(50_000)}"]}]`],
  ['many values with expansions', `waters: [{type: tap, paths: [${`"\${env:GONE}",`.repeat(50_000)}]}]`],
  [
    'many unknown files',
    `waters: [{type: tap, paths: [${Array.from({ length: 20_000 }, (_, i) => `"\${file:/none/${i}}",`).join('')}]}]`,
  ],
  [
    'an alias bomb',
    `waters: &a [x]\n${[...'bcdefghij'].map((k, i) => `${k}: &${k} [${`*${'abcdefghi'[i]},`.repeat(9)}]\n`).join('')}`,
  ],
]
for (const [name, text] of hostile) {
  test(`bounded: ${name}`, () => {
    const started = performance.now()
    const error = checkToy(text)
    assert.ok('en' in error)
    assert.ok(error.en.length < 20_000, String(error.en.length))
    assert.ok(performance.now() - started < 10_000)
  })
}

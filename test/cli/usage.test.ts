import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fcscope, run, runFcscope } from './run-fcscope.ts'

const folder = mkdtempSync(join(tmpdir(), 'fcscope-cli-'))
after(() => rmSync(folder, { recursive: true }))

const wrong: [words: string, says: RegExp][] = [
  ['', /^fcscope: No command given\. See `fcscope --help`\./],
  ['prase', /Unknown command prase\. Did you mean parse\?/],
  ['run', /run needs a configuration: name one with -c/],
  ['__proto__', /Unknown command __proto__\./],
  ['constructor', /Unknown command constructor\./],
  ['--frobnicate', /Unknown option --frobnicate\./],
  ['parse --formt text', /Unknown option --formt\. Did you mean --format\? See `fcscope parse --help`/],
  ['parse -x', /Unknown option -x\./],
  ['parse --format', /--format needs a value/],
  ['parse --format=', /--format needs a value/],
  ['parse --format --lang en', /--format needs a value/],
  ['parse --format xml', /--format: 'xml' is not one of auto, text, sls\./],
  ['parse --time-zone Mars/Olympus', /--time-zone: 'Mars\/Olympus' is no time zone\./],
  ['parse --log-time-zone +99:00', /--log-time-zone: '\+99:00' is no time zone\./],
  ['parse - -', /Standard input \(-\) can be read only once\./],
  ['reconstruct --sort=yes', /--sort takes no value\./],
  ['reconstruct --out csv', /--out: 'csv' is not one of jsonl, none\./],
  ['reconstruct --max-open 0', /--max-open: '0' is not a whole number from 1 to /],
  ['reconstruct --max-open 1e3', /--max-open: '1e3' is not a whole number/],
  ['completion', /completion needs one of bash, zsh, fish\./],
  ['completion csh', /completion needs one of bash, zsh, fish\./],
  ['completion bash zsh', /completion needs one of bash, zsh, fish\./],
  ['bill', /bill needs one of price, estimate, reconcile, what-if\./],
  ['bill prices', /bill needs one of price, estimate, reconcile, what-if\./],
  ['bill price', /--cu is missing\./],
  ['bill price --cu 1', /--book is missing\./],
  ['bill price --cu -1 --book intl', /--cu: '-1' is no decimal number from 0 on/],
  ['bill price --cu 1e9 --book intl', /--cu: '1e9' is no decimal number/],
  ['bill price --cu 1 --book mars', /--book: 'mars' is none of fc3-cn, fc2-cn, intl, and no path of a file\./],
  ['bill price --cu 1 --book intl --at 2024-08-26', /--at: intl begins on 2024-08-27/],
  ['bill price --cu 1 --book intl --at 2024-02-31', /--at: '2024-02-31' is no date/],
  ['bill estimate --book intl', /--functions is missing\./],
  ['bill estimate a.jsonl --functions f --book intl --csv --json', /--json and --csv exclude each other\./],
  ['bill estimate a.jsonl --book intl', /--functions is missing\./],
  ['bill estimate a.jsonl --book intl --functions f --month 2026-13', /--month: '2026-13' is no month/],
  ['--lang de parse', /--lang: 'de' is not one of en, zh\./],
  ['parse --log-level loud', /--log-level: 'loud' is not one of /],
  ['start now', /start takes no arguments, but got 'now'\./],
]
for (const [words, says] of wrong) {
  test(`'${words}' is refused in one line`, async () => {
    const { status, stdout, stderr } = await runFcscope(words.split(' ').filter(word => word !== ''))
    assert.deepEqual([status, stdout], [2, ''])
    assert.match(stderr, says)
    assert.match(stderr, /^fcscope: [^\n]+ \[FCS_USAGE\]\n$/)
  })
}

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
for (const words of [['--version'], ['-V'], ['parse', '--version'], ['--lang', 'zh', '--version']]) {
  test(`${words.join(' ')} gives the version`, async () => {
    assert.deepEqual(await runFcscope(words), { status: 0, stdout: `${version}\n`, stderr: '' })
  })
}

const chinese: [environment: Record<string, string>, words: string[], isChinese: boolean][] = [
  [{ LC_ALL: 'zh_CN.UTF-8' }, [], true],
  [{ LC_ALL: '', LANG: 'zh_CN.UTF-8', LC_MESSAGES: '' }, [], true],
  [{ LC_ALL: '', LC_MESSAGES: 'zh_TW', LANG: 'en_US' }, [], true],
  [{ LC_ALL: 'en_US.UTF-8', LANG: 'zh_CN.UTF-8' }, [], false],
  [{ LC_ALL: 'zh_CN.UTF-8' }, ['--lang', 'en'], false],
  [{ LC_ALL: 'C' }, ['--lang=zh'], true],
]
for (const [environment, words, isChinese] of chinese) {
  test(`${JSON.stringify(environment)} ${words.join(' ')} speaks ${isChinese ? 'Chinese' : 'English'}`, async () => {
    const help = await runFcscope([...words, '--help'], { environment })
    const error = await runFcscope([...words, 'parse', '--nonsense'], { environment })
    assert.deepEqual([help.status, error.status], [0, 2])
    for (const text of [help.stdout, error.stderr]) assert.equal(/\p{Script=Han}/u.test(text), isChinese)
  })
}

test('a language given behind the mistake still holds for it', async () => {
  assert.match((await runFcscope(['parse', '--nonsense', '--lang', 'zh'])).stderr, /未知选项 --nonsense/)
})

test('help of a command: three ways to ask, one answer', async () => {
  const answers = await Promise.all(
    [
      ['parse', '--help'],
      ['help', 'parse'],
      ['--help', 'parse'],
      ['parse', 'x', '-h'],
    ].map(words => runFcscope(words)),
  )
  for (const answer of answers) assert.deepEqual(answer, answers[0])
  assert.match(answers[0]?.stdout ?? '', /^Usage: fcscope parse \[options\] \[FILE…\|-\]/)
})

test('debug adds the stack, nothing else does', async () => {
  assert.doesNotMatch((await runFcscope(['parse', '--nonsense'])).stderr, /\n\s+at /)
  assert.match((await runFcscope(['--log-level', 'debug', 'completion', 'csh'])).stderr, /\n\s+at /)
})

test('a reader that goes away ends the program quietly', async () => {
  const script = `"$0" generate --attempts 20000 2>err | head -c 10 >/dev/null; cat err; echo "status \${PIPESTATUS[0]}"`
  const { stdout } = await run('bash', ['-c', script, fcscope], { folder })
  assert.equal(stdout, 'status 0\n')
})

test('an interrupt ends it with 130', async () => {
  const child = spawn(fcscope, ['generate', '--follow', '--rate', '1000'], { stdio: ['ignore', 'pipe', 'ignore'] })
  await once(child.stdout, 'data')
  child.kill('SIGINT')
  const [status] = await once(child, 'exit')
  assert.equal(status, 130)
})

test('runs from any directory and through symbolic links', async () => {
  symlinkSync(fcscope, join(folder, 'absolute'))
  symlinkSync('absolute', join(folder, 'relative'))
  for (const name of ['absolute', 'relative', './relative']) {
    const program = name.startsWith('.') ? name : join(folder, name)
    assert.equal((await run(program, ['--version'], { folder })).stdout, `${version}\n`)
  }
  const environment = { PATH: `${folder}:${process.env['PATH']}` }
  assert.equal((await run('sh', ['-c', 'relative --version'], { folder: '/', environment })).stdout, `${version}\n`)
})

// `fcscope functions` as a user runs it.
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { commandLoaders } from '../../src/cli/commands.ts'
import { noteText } from '../../src/cli/functions/note-text.ts'
import { noteKinds } from '../../src/config/import/import-note.ts'
import { checkout, draw, mediaResize, resize } from '../config/import/api-answers.ts'
import { runFcscope } from './run-fcscope.ts'

const folder = mkdtempSync(join(tmpdir(), 'fcscope-functions-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content)
  return name
}

const importing = (words: readonly string[], input: string | Uint8Array = '') =>
  runFcscope(['functions', 'import', ...words], { folder, input })

const list = file('list.json', JSON.stringify({ functions: [draw, checkout] }))
const ofCheckout = `  - functionName: checkout
    region: cn-hangzhou
    vCPU: 1
    memoryMB: 2048
    diskMB: 512
    instanceConcurrency: 1
    timeoutSeconds: 60
`
const ofDraw = `  - functionName: draw
    region: cn-hangzhou
    vCPU: 8
    memoryMB: 32768
    diskMB: 10240
    gpu:
      type: ada
      memoryMB: 49152
    instanceConcurrency: 1
    timeoutSeconds: 600
`
const header = (from: string): string => `# Made by \`fcscope functions import\` from\n#   ${from}\nfunctions:\n`
const made = header('list.json (API of FC 3.0)') + ofCheckout + ofDraw

test('a file, standard input, and what is compressed', async () => {
  assert.deepEqual(await importing([list]), { status: 0, stdout: made, stderr: '' })
  const piped = { status: 0, stdout: header('<stdin> (API of FC 3.0)') + ofCheckout, stderr: '' }
  assert.deepEqual(await importing(['-'], JSON.stringify(checkout)), piped)
  assert.deepEqual(await importing(['-'], gzipSync(`\ufeff${JSON.stringify(checkout)}`)), piped)
})

test('estimates take what it makes', async () => {
  file('made.yaml', (await importing([list])).stdout)
  const attempt = {
    phase: 'invoke',
    functionName: 'checkout',
    status: 'ok',
    startTime: '2026-01-15T02:00:00.000Z',
    durationMs: 10_000,
  }
  const words = ['bill', 'estimate', '-', '--functions', 'made.yaml', '--book', 'fc3-cn', '--json']
  const { stdout } = await runFcscope(words, { folder, input: `${JSON.stringify(attempt)}\n` })
  // 10 s x (1 vCPU + 2 GB x 0.15) and a call.
  assert.equal(JSON.parse(stdout).total.cuExact, '13.0075')
})

test('what is left out is told, a line for each kind', async () => {
  file('old.json', JSON.stringify({ functions: [resize, mediaResize, { ...checkout, cpu: 99 }], nextToken: 'x' }))
  const { status, stdout, stderr } = await importing(['old.json'])
  assert.equal(status, 0)
  assert.match(stdout, /serviceName: media/)
  assert.deepEqual(stderr.split('\n'), [
    'fcscope: 1 function: FC 2.0, and no service is said, so the entry matches every service; --service says it. (resize)',
    'fcscope: 1 function: FC 2.0, written twice, because logs name service and function apart, or as service$function. (media/resize)',
    'fcscope: 1 answer: not the last page (nextToken); see that the next one is among the files. (old.json)',
    'fcscope: 1 function: vCPU is left out; allowed: a number from 0.05 to 16. (checkout: 99)',
    'fcscope: 1 function: region is not said; --region says it. (resize)',
    'fcscope: 1 function: vCPU is not said, and `bill estimate` leaves such functions out. (resize)',
    'fcscope: 1 function: diskMB is not said. (resize)',
    '',
  ])
  assert.equal((await importing(['old.json', '--log-level', 'silent'])).stderr, '')
  const asked = await importing(['old.json', '--service', 'shop', '--region', 'cn-beijing', '--lang', 'zh'])
  assert.match(asked.stdout, /serviceName: shop\n {4}region: cn-beijing\n/)
  assert.match(asked.stderr, /^fcscope: 1 个函数：未说明 vCPU，`bill estimate` 不会计入。（shop\/resize）$/m)
  assert.doesNotMatch(asked.stderr, /--service|--region/)
})

test('many of a kind are one line', async () => {
  const functions = Array.from({ length: 1234 }, (_, i) => ({ ...checkout, functionName: `f${i}`, cpu: null }))
  const { stderr } = await importing(['-'], JSON.stringify({ functions }))
  assert.equal(
    stderr,
    'fcscope: 1,234 functions: vCPU is not said, and `bill estimate` leaves such functions out. (f0, f1, f10, f100, f1000, …)\n',
  )
})

test('every kind is told in both languages, each in its own', () => {
  for (const kind of noteKinds) {
    const { en, zh } = noteText({
      kind,
      field: 'memoryMB',
      count: 2,
      examples: [{ of: 'a', found: '\u001b[31m\n' }],
      hasMore: true,
      allowed: { en: 'more', zh: '更多' },
    })
    assert.doesNotMatch(en, /\p{Script=Han}|\p{Cc}/u)
    assert.match(en, /^2 \w+s: .+\. \(a: [^)]+, …\)$/)
    assert.match(zh, /^2 \p{Script=Han}+：.+。（.+）$/u)
  }
})

test('--out writes a file as a whole, and replaces none unasked', async () => {
  const out = join(folder, 'functions.yaml')
  assert.deepEqual(await importing([list, '--out', out]), { status: 0, stdout: '', stderr: '' })
  assert.equal(readFileSync(out, 'utf8'), made)
  writeFileSync(out, 'mine', { mode: 0o640 })
  const { status, stderr } = await importing([list, '--out', 'functions.yaml'])
  assert.equal(status, 2)
  assert.equal(
    stderr,
    'fcscope: --out: functions.yaml is there already. Name another file, or add --force to replace it. [FCS_USAGE]\n',
  )
  assert.equal(readFileSync(out, 'utf8'), 'mine')
  symlinkSync('functions.yaml', join(folder, 'link.yaml'))
  assert.equal((await importing([list, '--out', 'link.yaml', '--force'])).status, 0)
  assert.equal(readFileSync(out, 'utf8'), made)
  assert.ok(readdirSync(folder, { withFileTypes: true }).some(of => of.name === 'link.yaml' && of.isSymbolicLink()))
  assert.equal((await importing([list, '--out', '/dev/null', '--force'])).status, 0)
  assert.ok(!statSync('/dev/null').isFile())
  assert.deepEqual(
    readdirSync(folder).filter(name => name.endsWith('.part')),
    [],
  )
})

test('a failure writes nothing', async () => {
  file('broken.json', '{"functions":[')
  assert.equal((await importing([list, 'broken.json', '--out', 'none.yaml'])).status, 2)
  assert.ok(!readdirSync(folder).includes('none.yaml'))
})

const wrong: readonly [words: string, status: number, says: RegExp][] = [
  ['', 2, /No file given; - is standard input\. .* \[FCS_USAGE\]$/],
  ['- -', 2, /Standard input \(-\) can be read only once\./],
  ['list.json --force', 2, /--force needs --out\./],
  [
    'list.json --region Hangzhou',
    2,
    /--region: 'Hangzhou' is no region id\. Write it like cn-hangzhou\. \[FCS_USAGE\]$/,
  ],
  ['list.json --service a*', 2, /--service: 'a\*' is no name of a service\./],
  ['list.json none.json', 2, /none\.json: no such file\. .* \[FCS_INPUT_MISSING\]$/],
  ['.', 2, /\.: is a directory\./],
  [
    'list.json --out none/functions.yaml',
    3,
    /none\/functions\.yaml: cannot be written \(ENOENT\)\. .* \[FCS_OUTPUT_FAILED\]$/,
  ],
  ['-', 2, /<stdin>: found neither an answer .* \[FCS_CONFIG_INVALID\]$/],
  ['binary', 2, /binary: found bytes that are not UTF-8; .* \[FCS_CONFIG_INVALID\]$/],
  ['bomb.gz', 2, /bomb\.gz: longer than 16 MiB; allowed: up to 16777216 bytes\./],
  [
    'list.json other.json',
    2,
    /checkout: list\.json says vCPU 1, and other\.json says vCPU 2\. Give only the one that is right\./,
  ],
]
file('binary', Uint8Array.of(0x7b, 0xff))
file('bomb.gz', gzipSync(new Uint8Array(40_000_000)))
file('other.json', JSON.stringify({ ...checkout, cpu: 2 }))
for (const [words, expected, says] of wrong) {
  test(`'${words}' is refused in one line`, async () => {
    const { status, stdout, stderr } = await importing(words.split(' ').filter(word => word !== ''))
    assert.deepEqual([status, stdout], [expected, ''])
    assert.match(stderr, /^fcscope: [^\n]+\n$/)
    assert.match(stderr.trimEnd(), says)
  })
}

test('no function at all is an error, after what was left out', async () => {
  const { status, stdout, stderr } = await importing(
    ['-'],
    "resources: {x: {component: fc3, props: {functionName: 'a*'}}}",
  )
  assert.deepEqual([status, stdout], [2, ''])
  assert.match(
    stderr,
    /^fcscope: 1 function: left out, because a name has .*\(x: "a\*"\)\nfcscope: No function was found, .*\n$/,
  )
})

test('it is a group like bill: help, a wrong word, completion', async () => {
  assert.ok('functions import' in commandLoaders)
  assert.match((await runFcscope(['functions', '--help'])).stdout, /^Usage: fcscope functions import …/)
  assert.match((await runFcscope(['functions', 'import', '--help'])).stdout, /--service SERVICE/)
  assert.match((await runFcscope(['functions', 'imprt'])).stderr, /functions needs one of import\./)
  const { stdout } = await runFcscope(['completion', 'bash'])
  assert.match(stdout, /'functions '\*\) words='import' ;;/)
  assert.match(stdout, /'functions import '\*\) words='--region --service --out --force /)
})

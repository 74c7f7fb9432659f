import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { runFcscope } from './run-fcscope.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'fcscope-check-')))
after(() => rmSync(folder, { recursive: true }))
const put = (name: string, text: string): void => writeFileSync(join(folder, name), text)

put('good.yaml', 'sources: [{type: stdin, name: pipe}]\nmetrics: {listen: "127.0.0.1:0"}\n')
put(
  'secret.yaml',
  `sources: [{type: stdin}]\nweb: {listen: "127.0.0.1:\${env:PORT}", token: hunter2}\nfunctions: functions.yaml\n`,
)
put('functions.yaml', 'functions: [{functionName: api, vCPU: 0.5}]\n')
put('bad.yaml', 'sources: [{type: stdin}]\nmetrics:\n  listen: 9464\nweb: {listen: "0.0.0.0:80"}\nredact: {}\n')
put('bad-functions.yaml', 'sources: [{type: stdin}]\nfunctions: wrong-functions.yaml\n')
put('wrong-functions.yaml', 'functions: [{functionName: api, vCPU: 99}]\n')
put('no-functions.yaml', 'sources: [{type: stdin}]\nfunctions: none.yaml\n')
mkdirSync(join(folder, 'usual'))
put('usual/fcscope.yaml', 'sources: [{type: stdin}]\n')

interface Case {
  readonly words: string
  readonly status: number
  readonly stdout?: RegExp | string
  readonly stderr?: RegExp | string
  readonly environment?: Record<string, string>
  readonly at?: string
}
const cases: readonly Case[] = [
  {
    words: '-c good.yaml',
    status: 0,
    stdout: `ok: ${folder}/good.yaml
  reads     pipe (stdin)
  stores    embedded ${folder}/.fcscope/store
  state     ${folder}/.fcscope/state
  metrics   127.0.0.1:0
`,
  },
  {
    words: '-c good.yaml --lang zh',
    status: 0,
    stdout: /^ok：\/.*\n {2}读取 {2}pipe \(stdin\)\n {2}存储 {2}embedded \//,
  },
  {
    words: '-c secret.yaml',
    status: 0,
    environment: { PORT: '1234' },
    stdout: /\n {2}functions \/.*\/functions\.yaml\n.*\n {2}web {7}127\.0\.0\.1:\$\{env:PORT\}\n$/s,
  },
  { words: '', at: 'usual', status: 0, stdout: /^ok: .*\/usual\/fcscope\.yaml\n/ },
  {
    words: '-c bad.yaml',
    status: 2,
    stderr: `bad.yaml:3: metrics.listen: found 9464 (quotes make it a text); allowed: HOST:PORT, as 127.0.0.1:9464.
bad.yaml:4: web.token: found nothing; allowed: a text, because others can reach the address (or listen on 127.0.0.1).
bad.yaml:5: redact: this version does not redact yet, everything would be stored as it is; allowed: leave the key out.
fcscope: bad.yaml: 3 problems. Mend the file and check it again. [FCS_CONFIG_INVALID]
`,
  },
  {
    words: '-c bad.yaml --lang zh',
    status: 2,
    stderr: `bad.yaml:3：metrics.listen：实际为 9464（加引号即为文本）；应为 HOST:PORT，例如 127.0.0.1:9464。
bad.yaml:4：web.token：实际为空；该地址可被其他主机访问，必须设置令牌（或改为监听 127.0.0.1）。
bad.yaml:5：redact：当前版本尚不支持脱敏，数据会原样存储；请删除该键。
fcscope: bad.yaml：3 个问题，请修改后重新检查。 [FCS_CONFIG_INVALID]
`,
  },
  {
    words: '-c bad-functions.yaml',
    status: 2,
    stderr: `${folder}/wrong-functions.yaml:1: functions[0].vCPU: found 99; allowed: a number from 0.05 to 16.
fcscope: bad-functions.yaml: 1 problem. Mend the file and check it again. [FCS_CONFIG_INVALID]
`,
  },
  {
    words: '-c no-functions.yaml',
    status: 2,
    stderr: /^\/.*\/none\.yaml: no such file\. Check the path\.\nfcscope: no-functions\.yaml: 1 problem\. /,
  },
  {
    words: '-c none.yaml',
    status: 2,
    stderr: 'fcscope: none.yaml: no such file. Check the path. [FCS_INPUT_MISSING]\n',
  },
  { words: '-c', status: 2, stderr: /^fcscope: --config needs a value/ },
  { words: '', status: 2, stderr: /^fcscope: No configuration: give -c FILE\. See `fcscope check-config --help`\./ },
  {
    words: '-c secret.yaml',
    status: 2,
    stderr:
      /^secret\.yaml:2: web\.listen: the environment variable PORT is not set; allowed: one that is set, or \$\{env:PORT:-default\}\.\n/,
  },
  {
    words: '-c secret.yaml --config-print',
    status: 0,
    environment: { PORT: '1234' },
    stdout:
      /^# Effective configuration of \/.*\/secret\.yaml\nsources:\n.*\nweb:\n {2}listen: 127\.0\.0\.1:\$\{env:PORT\}\n {2}token: "\*\*\*"\n/s,
  },
  { words: '-c bad.yaml --config-print', status: 2, stderr: /^bad\.yaml:3: / },
]
for (const { words, status, stdout = '', stderr = '', environment = {}, at = '.' } of cases) {
  test(`check-config ${words} gives ${status}`, async () => {
    const list = ['check-config', ...words.split(' ').filter(word => word !== '')]
    const outcome = await runFcscope(list, { folder: join(folder, at), environment })
    assert.equal(outcome.status, status, outcome.stderr)
    const texts: [found: string, expected: RegExp | string][] = [
      [outcome.stdout, stdout],
      [outcome.stderr, stderr],
    ]
    for (const [found, expected] of texts) {
      if (typeof expected === 'string') assert.equal(found, expected)
      else assert.match(found, expected)
      assert.ok(!found.includes('hunter2'))
    }
  })
}

test('--config-print before the command is the same', async () => {
  const [before, behind] = await Promise.all([
    runFcscope(['--config-print', 'check-config', '-c', 'good.yaml'], { folder }),
    runFcscope(['check-config', '-c', 'good.yaml', '--config-print'], { folder }),
  ])
  assert.deepEqual(before, behind)
  assert.match(before.stdout, /^# Effective configuration of /)
})

const withoutConfiguration: [words: string[], says: RegExp][] = [
  [
    ['parse', '--config-print'],
    /^fcscope: --config-print shows a configuration, and parse has none\. See `fcscope parse --help`\. /,
  ],
  [
    ['--config-print', 'completion', 'bash'],
    /^fcscope: --config-print shows a configuration, and completion has none\./,
  ],
  [['--lang', 'zh', 'parse', '--config-print'], /^fcscope: --config-print 用于显示配置，而 parse 没有配置。/],
  [['--config-print'], /^fcscope: No command given\./],
]
for (const [words, says] of withoutConfiguration) {
  test(`${words.join(' ')} is wrong usage`, async () => {
    const { status, stdout, stderr } = await runFcscope(words)
    assert.deepEqual([status, stdout], [2, ''])
    assert.match(stderr, says)
  })
}

test('--connect tries what can be reached', async () => {
  const { status, stdout } = await runFcscope(['check-config', '-c', 'good.yaml', '--connect'], { folder })
  assert.equal(status, 0)
  assert.match(stdout, /\n {2}reached {3}store\.path\n.* {2}reached {3}metrics\.listen\n$/s)
})

test('--connect fails where an address is taken and a folder cannot be', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  put(
    'taken.yaml',
    `sources: [{type: stdin}]\nmetrics: {listen: "127.0.0.1:${address.port}"}\nstate: {path: good.yaml/state}\n`,
  )
  const english = await runFcscope(['check-config', '-c', 'taken.yaml', '--connect'], { folder })
  const chinese = await runFcscope(['check-config', '-c', 'taken.yaml', '--connect', '--lang', 'zh'], { folder })
  server.close()
  assert.deepEqual([english.status, chinese.status], [3, 3])
  assert.match(english.stdout, /\n {2}failed {4}state\.path: a file stands in the place of the folder\n/)
  assert.match(english.stdout, /\n {2}failed {4}metrics\.listen: the address is in use; if a worker runs/)
  assert.match(chinese.stdout, /\n {2}失败 {6}metrics\.listen：地址已被占用/)
})

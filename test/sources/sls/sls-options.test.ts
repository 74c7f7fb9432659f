// Options of the kind of source `sls`.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { brokenRuleKey } from '../../../src/lib/option-schema.ts'
import { isPartitioned } from '../../../src/model/partitioned-source.ts'
import { ownConsumerName } from '../../../src/sources/sls/consumer-name.ts'
import { readStart, slsOptions } from '../../../src/sources/sls/sls-options.ts'
import { slsSource } from '../../../src/sources/sls/sls-source.ts'
import { SourceWorld } from '../shared/source-world.ts'

const least = { endpoint: 'https://cn-hangzhou.log.aliyuncs.com', project: 'fc-test', logstore: 'fc-logs' }

test('what has to be said is little', () => {
  assert.deepEqual(slsOptions.parse(least), {
    ...least,
    consumerGroup: 'fcscope',
    startAt: 'beginning',
    signature: 'v1',
    heartbeatMs: 5000,
    groupTimeoutSeconds: 60,
    isOrdered: false,
    maxBufferedBytes: 134_217_728,
  })
})

const good: object[] = [
  { endpoint: 'cn-hangzhou-intranet.log.aliyuncs.com' },
  { endpoint: 'http://127.0.0.1:8600' },
  { startAt: '2026-01-31T08:00:00+08:00' },
  { accessKeyId: 'a', accessKeySecret: 'b', securityToken: 'c' },
  { signature: 'v4' },
  { signature: 'v4', endpoint: 'http://127.0.0.1:8600', region: 'cn-hangzhou' },
  { query: "* | where level='ERROR'" },
  { consumerName: 'worker-1.example' },
]
for (const options of good) {
  test(`allowed: ${JSON.stringify(options)}`, () => {
    assert.ok(slsOptions.safeParse({ ...least, ...options }).success)
  })
}

const bad: [options: object, path: string, isRule?: boolean][] = [
  [{ endpoint: 'https://cn-hangzhou.log.aliyuncs.com/logstores' }, 'endpoint'],
  [{ endpoint: 'https://fc-test.cn-hangzhou.log.aliyuncs.com' }, 'endpoint', true],
  [{ project: 'Upper' }, 'project'],
  [{ logstore: 'a/b' }, 'logstore'],
  [{ consumerGroup: '' }, 'consumerGroup'],
  [{ consumerName: 'a b' }, 'consumerName'],
  [{ startAt: 'yesterday' }, 'startAt'],
  [{ startAt: '2026-01-31T08:00:00' }, 'startAt'],
  [{ startAt: '2026-02-30T08:00:00Z' }, 'startAt'],
  [{ accessKeyId: 'a' }, 'accessKeySecret', true],
  [{ accessKeySecret: 'a' }, 'accessKeyId', true],
  [{ securityToken: 'a' }, 'accessKeyId', true],
  [{ signature: 'v3' }, 'signature'],
  [{ signature: 'v4', endpoint: 'https://log.example.com' }, 'region', true],
  [{ query: "where level='ERROR'" }, 'query'],
  [{ heartbeatMs: 999 }, 'heartbeatMs'],
  [{ heartbeatMs: 20_001 }, 'groupTimeoutSeconds', true],
  [{ maxBufferedBytes: 1024 }, 'maxBufferedBytes'],
  [{ topic: 'x' }, ''],
]
for (const [options, path, isRule = false] of bad) {
  test(`not allowed: ${JSON.stringify(options)}`, () => {
    const { error } = slsOptions.safeParse({ ...least, ...options })
    const [issue] = error?.issues ?? []
    assert.equal(issue?.path.join('.'), path)
    assert.equal(issue?.code === 'custom' && issue.params?.[brokenRuleKey] !== undefined, isRule)
  })
}

test('a time to begin at is unix seconds', () => {
  assert.equal(readStart('2026-01-31T08:00:00.9+08:00'), 1_769_817_600)
  assert.equal(readStart('1969-12-31T00:00:00Z'), null)
  assert.equal(readStart('end'), 'end')
})

test('a name of its own stays the same, also where the machine is called otherwise', t => {
  const folder = mkdtempSync(join(tmpdir(), 'fcscope-consumer-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const name = ownConsumerName(folder, 'host 1/ä')
  assert.match(name, /^fcscope-host-1---[0-9a-f]{8}$/)
  assert.equal(ownConsumerName(folder, 'other'), name)
  writeFileSync(join(folder, 'consumer'), 'no name\0')
  assert.notEqual(ownConsumerName(folder, 'other'), name)
  assert.match(ownConsumerName(join(folder, 'missing'), 'other'), /^fcscope-other-[0-9a-f]{8}$/)
})

test('a source is made without asking anybody', async t => {
  const world = new SourceWorld()
  t.after(() => world.remove())
  const source = slsSource.create(slsSource.options.parse(least), world.deps())
  assert.ok(isPartitioned(source))
  assert.deepEqual(
    [source.name, source.group, source.format, source.isDone()],
    ['test', 'sls fc-test/fc-logs fcscope', 'sls', false],
  )
  await source.stop()
})

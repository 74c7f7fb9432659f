// Which Logstore is meant: what was named, and what the configuration says.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findLogstore, type NamedLogstore } from '../../../src/app/backfill/logstore-place.ts'
import { defaultWorkerConfig } from '../../../src/app/worker-config.ts'

const endpoint = 'https://cn-hangzhou.log.aliyuncs.com'
const first = {
  type: 'sls',
  name: 'first',
  endpoint,
  project: 'one',
  logstore: 'fc',
  accessKeyId: 'id',
  accessKeySecret: 'key',
}
const second = { ...first, name: 'second', project: 'two', accessKeyId: 'other', accessKeySecret: 'other' }
const stdin = { type: 'stdin' }

const find = (sources: readonly unknown[], named: NamedLogstore) =>
  findLogstore(defaultWorkerConfig('/', sources.length === 0 ? {} : { sources }), named, () => 0)

const cases: [what: string, sources: readonly unknown[], named: NamedLogstore, found: string][] = [
  ['the only source', [stdin, first], {}, 'one/fc at https://cn-hangzhou.log.aliyuncs.com, key id'],
  [
    'the source that has what is named',
    [first, second],
    { project: 'two' },
    'two/fc at https://cn-hangzhou.log.aliyuncs.com, key other',
  ],
  [
    'all named, as in a source',
    [first, second],
    { endpoint, project: 'one', logstore: 'fc' },
    'one/fc at https://cn-hangzhou.log.aliyuncs.com, key id',
  ],
  ['several sources', [first, second], {}, 'missing endpoint, project, logstore'],
  ['several sources, none has it', [first, second], { project: 'three' }, 'missing endpoint, logstore'],
  ['no source', [stdin], { project: 'one' }, 'missing endpoint, logstore'],
  ['no configuration', [], {}, 'missing endpoint, project, logstore'],
  ['a project that is none', [], { endpoint, project: 'A', logstore: 'fc' }, 'invalid project'],
  ['an endpoint that is none', [], { endpoint: 'a b', project: 'one', logstore: 'fc' }, 'invalid endpoint'],
  ['a Logstore that is none', [], { endpoint, project: 'one', logstore: '../x' }, 'invalid logstore'],
]
for (const [what, sources, named, expected] of cases) {
  test(what, async () => {
    const finding = find(sources, named)
    const texts = {
      found: async () => {
        if (finding.status !== 'found') return ''
        const { place } = finding
        const { accessKeyId } = await place.credentials.get()
        return `${place.project}/${place.logstore} at ${place.endpoint}, key ${accessKeyId}`
      },
      missing: async () => (finding.status === 'missing' ? `missing ${finding.options.join(', ')}` : ''),
      invalid: async () => (finding.status === 'invalid' ? `invalid ${finding.option}` : ''),
    }
    assert.equal(await texts[finding.status](), expected)
  })
}

test('the project is a part of the host', () => {
  const finding = find([], { endpoint, project: 'one', logstore: 'fc' })
  assert.ok(finding.status === 'found')
  assert.deepEqual(finding.place.address, {
    isTls: true,
    host: 'one.cn-hangzhou.log.aliyuncs.com',
    port: 443,
    hostHeader: 'one.cn-hangzhou.log.aliyuncs.com',
  })
})

// What `fcscope backfill` refuses before it asks anybody, and what it takes from the configuration.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { runFcscope } from './run-fcscope.ts'

const folder = mkdtempSync(join(tmpdir(), 'fcscope-backfill-'))
after(() => rmSync(folder, { recursive: true }))
const source = (name: string, project: string): string =>
  `{type: sls, name: ${name}, endpoint: "http://127.0.0.1:9", project: ${project}, logstore: fc, accessKeyId: my-id, accessKeySecret: my-secret}`
writeFileSync(join(folder, 'one.yaml'), `sources: [${source('a', 'one')}]\n`)
writeFileSync(join(folder, 'two.yaml'), `sources: [${source('a', 'one')}, ${source('b', 'two')}]\n`)

const place = '--endpoint http://127.0.0.1:9 --project one --logstore fc'
const wrong: [words: string, says: RegExp][] = [
  ['', /backfill needs a range: --from TIME and --to TIME\./],
  ['--from 1h', /backfill needs a range/],
  ['--from yesterday --to 1h', /--from: 'yesterday' is no time\./],
  ['--from 2025-01-15T08:00:00 --to 1h', /--from: '2025-01-15T08:00:00' is no time\./],
  ['--from 1h --to 2h', /--from has to be before --to, and in the past\./],
  ['--from 1h --to 1h', /--from has to be before --to/],
  ['--from 2099-01-01 --to 2099-01-02', /--from has to be before --to, and in the past/],
  ['--from 2h --to 1h', /--endpoint, --project, --logstore: missing/],
  ['--from 2h --to 1h --project one', /--endpoint, --logstore: missing/],
  ['--from 2h --to 1h -c two.yaml', /--endpoint, --project, --logstore: missing/],
  ['--from 2h --to 1h -c one.yaml --project other', /--endpoint, --logstore: missing/],
  [`--from 2h --to 1h ${place} --project A_B`, /--project: 'A_B' is not 3 to 63 lower-case letters/],
  [`--from 2h --to 1h ${place} --query *|select`, /--query: a search only, without a \|/],
  [`--from 2h --to 1h ${place} --margin 8d`, /--margin: '8d' is no length of time/],
  [`--from 2h --to 1h ${place} --requests 0`, /--requests: '0' is not a whole number from 1 to 64/],
  [`--from 2h --to 1h ${place} file.log`, /backfill takes no arguments, but got 'file\.log'\./],
]
for (const [words, says] of wrong) {
  test(`'${words}' is refused in one line`, async () => {
    const outcome = await runFcscope(['backfill', ...words.split(' ').filter(word => word !== '')], { folder })
    assert.deepEqual([outcome.status, outcome.stdout], [2, ''])
    assert.match(outcome.stderr, says)
    assert.match(outcome.stderr, /^fcscope: [^\n]+ \[FCS_USAGE\]\n$/)
  })
}

test('nobody answers: one line, exit status 3, no secret', async () => {
  const words = ['backfill', '-c', 'one.yaml', '--from', '2h', '--to', '1h', '--log-level', 'silent']
  const { status, stdout, stderr } = await runFcscope(words, { folder })
  assert.deepEqual([status, stdout], [3, ''])
  assert.match(
    stderr,
    /^fcscope: one\/fc at http:\/\/127\.0\.0\.1:9: the connection failed \([^\n]*ECONNREFUSED[^\n]*\[FCS_SOURCE_UNAVAILABLE\]\n$/,
  )
  assert.doesNotMatch(stderr, /my-secret/)
})

test('--config-print shows the configuration and reads nothing', async () => {
  const { status, stdout } = await runFcscope(['backfill', '-c', 'one.yaml', '--config-print'], { folder })
  assert.equal(status, 0)
  assert.match(stdout, /project: one/)
  assert.doesNotMatch(stdout, /my-secret/)
})

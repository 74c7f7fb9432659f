// `trace` against `reconstruct`: whatever is asked, store and files tell the same, and their attempts are those of the batch command.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { redactPostMortem } from '../../../src/app/trace/redact-post-mortem.ts'
import { type TraceResult, traceFromFiles, traceFromStore } from '../../../src/app/trace/trace-request.ts'
import { FcscopeError } from '../../../src/model/fcscope-error.ts'
import { openEmbeddedStore, readersOf } from '../../../src/store/embedded-store.ts'
import { fcscope, run, runFcscope } from '../../cli/run-fcscope.ts'
import { withoutChdb } from '../../store/temporary-store.ts'

const bounds = { lines: 50, bytes: 4096 }
const config =
  'sources: [{type: file, paths: ["a.log"]}]\nmetrics: {listen: "127.0.0.1:0"}\nfunctions: functions.yaml\n'
const functions = 'functions: [{functionName: "*", vCPU: 0.35, memoryMB: 512}]\n'

interface Attempt {
  readonly requestId: string | null
  readonly phase: string
  readonly attempt: number
  readonly startTime: string | null
}

const inOrder = <T extends Attempt>(attempts: readonly T[]): readonly T[] =>
  attempts.toSorted((a, b) => orderOf(a).localeCompare(orderOf(b)))
const orderOf = ({ phase, attempt, startTime }: Attempt): string => `${phase} ${attempt} ${startTime}`

/** As JSON has it, without the count of corrections: a batch command makes none. */
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, inner) => (key === 'revision' ? undefined : inner)))

const postMortemOf = (result: TraceResult) => {
  assert.equal(result.kind, 'found')
  return result.kind === 'found' ? result.postMortem : assert.fail()
}

for (const [name, words] of [
  ['Logstore rows', ['--format', 'sls', '--late', '--shuffle']],
  ['text', ['--format', 'text', '--concurrency', '3']],
] as const) {
  test(`${name}: store, files and reconstruct agree`, { skip: withoutChdb }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fcscope-trace-'))
    try {
      writeFileSync(join(folder, 'fcscope.yaml'), config)
      const functionsPath = join(folder, 'functions.yaml')
      writeFileSync(functionsPath, functions)
      const log = join(folder, 'a.log')
      await runFcscope(['generate', '--lines', '700', '--seed', '77', '--faults', '0.4', ...words, '--out', log])
      const stored = await run(fcscope, ['run', '--once'], { folder })
      assert.equal(stored.status, 0, stored.stderr)
      const { stdout } = await runFcscope(['reconstruct', '--functions', functionsPath, log])
      const attempts: Attempt[] = stdout
        .trim()
        .split('\n')
        .map(line => JSON.parse(line))
      const ids = [...new Set(attempts.flatMap(({ requestId }) => requestId ?? []))]
      const store = await openEmbeddedStore({ path: join(folder, '.fcscope/store'), maxMemoryBytes: 2 ** 30 })
      try {
        for (const [number, requestId] of ids.entries()) {
          const wish = { requestId, bounds, lang: 'en' } as const
          const inStore = postMortemOf(await traceFromStore(readersOf(store), wish))
          const own = attempts.filter(attempt => attempt.requestId === requestId)
          assert.deepEqual(plain(inOrder(inStore.attempts)), plain(inOrder(own)), requestId)
          if (number % 16 !== 0) continue
          const options = {
            inputs: [log],
            format: 'auto',
            timeZone: 'Asia/Shanghai',
            logTimeZone: 'UTC',
            lang: 'en',
            functionsPath,
            nowMs: 0,
          } as const
          const inFiles = postMortemOf(await traceFromFiles(options, wish))
          assert.deepEqual(plain({ ...inStore, origin: null }), plain({ ...inFiles, origin: null }), requestId)
        }
        const short = await traceFromStore(readersOf(store), {
          requestId: (ids[0] ?? '').slice(0, 30),
          bounds,
          lang: 'en',
        })
        assert.equal(postMortemOf(short).requestId, ids[0])
        for (const requestId of ['nowhere-at-all', 'abc', "'; DROP TABLE attempts --", '%', ''])
          await assert.rejects(traceFromStore(readersOf(store), { requestId, bounds, lang: 'en' }), isNotFound)
      } finally {
        await store.close()
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
}

const isNotFound = (error: unknown): boolean =>
  error instanceof FcscopeError && error.code === 'FCS_NOT_FOUND' && error.exitStatus === 1

test('what is shared shows no secret, and no path', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fcscope-trace-'))
  const log = join(folder, 'secret.log')
  const id = '1-65a24fa0-0b44b15d-431a6b32cc8c'
  writeFileSync(
    log,
    `FC Invoke Start RequestId: ${id}\n2024-01-13T08:53:51.939Z ${id} [ERROR] login password=hunter2hunter2 of anna@example.com failed\nFC Invoke End RequestId: ${id}, Error: Unhandled function error\n`,
  )
  const options = {
    inputs: [log],
    format: 'auto',
    timeZone: 'Asia/Shanghai',
    logTimeZone: 'UTC',
    lang: 'en',
    functionsPath: null,
    nowMs: 0,
  } as const
  const found = postMortemOf(await traceFromFiles(options, { requestId: id.slice(0, 12), bounds, lang: 'en' }))
  assert.match(JSON.stringify(found), /hunter2/)
  const shared = JSON.stringify(redactPostMortem(found))
  for (const secret of ['hunter2', 'anna@example.com', folder]) assert.ok(!shared.includes(secret), secret)
  const page = join(folder, 'page.html')
  const outcome = await runFcscope(['trace', id, '--from', log, '--html', page])
  assert.equal(outcome.status, 0, outcome.stderr)
  const html = readFileSync(page, 'utf8')
  assert.ok(html.includes(id) && !html.includes('hunter2') && !html.includes(folder))
  assert.doesNotMatch(html, /<script|https?:\/\/(?!help\.aliyun\.com|www\.alibabacloud\.com)[^"]*\.(?:js|css|png)/)
  rmSync(folder, { recursive: true })
})

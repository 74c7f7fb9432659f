// Bills of logs that went through a worker, against those of the batch command.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { runFcscope } from '../../cli/run-fcscope.ts'
import { withoutChdb } from '../../store/temporary-store.ts'
import { WorkerStage } from '../worker/stage.ts'

const functions = `functions:
  - {functionName: '*', region: cn-hangzhou, vCPU: 0.5, memoryMB: 1024, instanceConcurrency: 10}
`

test('a bill of the store is that of the logs', { skip: withoutChdb }, async () => {
  const stage = new WorkerStage('sources: [{type: file, paths: ["a.log"]}]\nfunctions: functions.yaml\n')
  await stage.generate('a.log', { lines: 4000, seed: 5, format: 'sls', extra: ['--late', '--shuffle'] })
  writeFileSync(stage.path('functions.yaml'), functions)
  await stage.finish()
  const words = ['bill', 'estimate', '--functions', stage.path('functions.yaml'), '--book', 'fc3-cn']
  const reconstruct = ['reconstruct', '--functions', stage.path('functions.yaml'), stage.path('a.log')]
  const { stdout: attempts } = await runFcscope(reconstruct)
  for (const form of ['--json', '--csv']) {
    const ofFiles = await runFcscope([...words, form, '-'], { input: attempts })
    const ofStore = await runFcscope([...words, form, '-c', stage.path('fcscope.yaml')])
    assert.deepEqual([ofFiles.status, ofStore.status], [0, 0])
    assert.ok(ofFiles.stdout.length > 200)
    const inOrder = (text: string): unknown => (form === '--json' ? byFunction(JSON.parse(text)) : text)
    assert.deepEqual(inOrder(ofStore.stdout), inOrder(ofFiles.stdout))
  }
  const cuOfLines = attempts
    .trim()
    .split('\n')
    .map(line => JSON.parse(line).cu as string | null)
  const sql = 'SELECT toString(cu) AS cu FROM invocations'
  const { stdout: rows } = await runFcscope(['query', '-c', stage.path('fcscope.yaml'), sql])
  const cuOfRows = rows
    .trim()
    .split('\n')
    .map(line => JSON.parse(line).cu as string | null)
  assert.deepEqual(cuOfRows.toSorted(), cuOfLines.toSorted())
  assert.ok(new Set(cuOfLines).size > 100)
  await stage.clear()
})

/** Reasons come in the order in which they were met. */
const byFunction = (bill: { leftOut: { functionName: string; reason: string }[] }): unknown => ({
  ...bill,
  leftOut: bill.leftOut.toSorted((a, b) =>
    `${a.reason}${a.functionName}`.localeCompare(`${b.reason}${b.functionName}`),
  ),
})

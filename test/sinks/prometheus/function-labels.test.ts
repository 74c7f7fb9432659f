// Labels come from logs: they are values and nothing else, and there is an end of them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sumOf } from '../../telemetry/exposition.ts'
import { Rig } from './metrics-rig.ts'

test('labels: function, service and qualifier, the status as error type', async () => {
  const rig = new Rig()
  rig.take({ status: 'timeout', errorCode: 'FunctionTimeoutError' })
  rig.take({ functionName: 'g', serviceName: null, qualifier: null })
  const families = await rig.read()
  const own = { function_name: 'f', service_name: 's', qualifier: 'LATEST' }
  assert.deepEqual(families.get('faas_errors_total')?.samples, [
    { name: 'faas_errors_total', labels: { ...own, error_type: 'timeout' }, value: 1 },
  ])
  assert.deepEqual(families.get('fc_attempts_total')?.samples, [
    {
      name: 'fc_attempts_total',
      labels: { ...own, phase: 'invoke', status: 'timeout', error_code: 'FunctionTimeoutError' },
      value: 1,
    },
    {
      name: 'fc_attempts_total',
      labels: { function_name: 'g', service_name: '', qualifier: '', phase: 'invoke', status: 'ok', error_code: '' },
      value: 1,
    },
  ])
})

test('codes that functions make up share one value', async () => {
  const rig = new Rig()
  for (let i = 0; i < 5; i++) rig.take({ status: 'handledError', errorCode: `made up ${i}` })
  rig.take({ status: 'startFailed', errorCode: 'CAExited' })
  const codes = (await rig.read())
    .get('fc_attempts_total')
    ?.samples.map(({ labels, value }) => [labels['error_code'], value])
  assert.deepEqual(codes, [
    ['__other__', 5],
    ['CAExited', 1],
  ])
})

test('an attempt that went well and one of its code are told apart', async () => {
  const rig = new Rig()
  rig.take()
  rig.take({ errorCode: 'BadResponse' })
  rig.take()
  const codes = (await rig.read())
    .get('fc_attempts_total')
    ?.samples.map(({ labels, value }) => [labels['error_code'], value])
  assert.deepEqual(codes, [
    ['', 2],
    ['BadResponse', 1],
  ])
})

test('functions beyond the budget share one, and a counter says how many attempts', async () => {
  const rig = new Rig(2)
  for (const functionName of ['a', 'b', 'c', 'd', 'a', 'c']) rig.take({ functionName })
  rig.take({ functionName: 'c' }, { isFirst: false })
  const families = await rig.read()
  const invocations = families
    .get('faas_invocations_total')
    ?.samples.map(({ labels, value }) => [Object.values(labels), value])
  assert.deepEqual(invocations, [
    [['a', 's', 'LATEST'], 2],
    [['b', 's', 'LATEST'], 1],
    [['__other__', '__other__', '__other__'], 3],
  ])
  assert.equal(sumOf(families, 'fcscope_metric_labels_dropped_total'), 3)
})

test('a name that is too long for a label is one too many', async () => {
  const rig = new Rig()
  rig.take({ functionName: 'x'.repeat(129) })
  rig.take({ functionName: 'x'.repeat(128) })
  const names = (await rig.read()).get('faas_invocations_total')?.samples.map(({ labels }) => labels['function_name'])
  assert.deepEqual(names, ['__other__', 'x'.repeat(128)])
})

test('a function that calls itself __other__ takes no place', async () => {
  const rig = new Rig(2)
  for (const functionName of ['a', 'b', 'c', '__other__'])
    rig.take({ functionName, serviceName: '__other__', qualifier: '__other__' })
  await rig.read()
})

const hostile = [
  'a"b',
  'a\\',
  '\n# TYPE x counter',
  '{}',
  'a="b",c="d"} 5',
  '订单 😀',
  '',
  ' ',
  '__proto__',
  '\r\0\u2028',
  'a\\nb',
]
test('names of functions are values and nothing else', async () => {
  const property = fc.asyncProperty(
    fc.uniqueArray(fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary', maxLength: 20 })), {
      minLength: 1,
      maxLength: 20,
    }),
    async names => {
      const rig = new Rig(1000)
      for (const functionName of names) rig.take({ functionName })
      const read = (await rig.read()).get('faas_invocations_total')?.samples ?? []
      assert.deepEqual(
        read.map(({ labels, value }) => [labels['function_name'], value]),
        names.map(name => [name, 1]),
      )
    },
  )
  await fc.assert(property, { numRuns: 50 })
})

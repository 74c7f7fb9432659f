// More hours and rates than one statement can hold, in every kind of store.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addRates } from '../../src/store/bill/bill-rates.ts'
import { replaceHours } from '../../src/store/bill/replace-hours.ts'
import { inEveryStore } from '../sinks/clickhouse/in-every-store.ts'
import { rowsOf } from '../store/temporary-store.ts'

const functions = 2000

inEveryStore(rigOf => {
  test(`an hour of ${functions} functions is replaced, all of them once`, async () => {
    const part = { qualifier: null, memoryMB: 512, firstMs: null, invocations: 1, noDuration: 0, notBilled: 0 }
    for (const attempts of [1, 2]) {
      const rows = Array.from({ length: functions }, (_, number) => ({
        hour: 480_000,
        functionName: `'f' \\ ${number}`,
        serviceName: null,
        parts: [{ ...part, attempts, activeMs: number }],
      }))
      await replaceHours(rigOf().store, rows, { hours: [480_000], isRounded: false, upTo: attempts, completeFrom: 0 })
    }
    const sql = `SELECT count() AS n, uniqExact(functionName) AS names, sum(parts[1].attempts) AS attempts, sum(parts[1].activeMs) AS ms
      FROM usage_hours FINAL`
    const ms = (functions * (functions - 1)) / 2
    assert.deepEqual(await rowsOf(rigOf().store, sql), [
      { n: functions, names: functions, attempts: 2 * functions, ms },
    ])
  })

  test('rates of as many', async () => {
    const one = '1'
    const rates = {
      vCPUSecondsPerMs: one,
      memoryGBSecondsPerMs: one,
      diskGBSecondsPerMs: one,
      gpuGBSecondsPerMs: one,
    }
    const rows = Array.from({ length: functions }, (_, number) => ({
      functionName: `f-${number}`,
      serviceName: null,
      qualifier: null,
      memoryMB: 512,
      edition: 'e',
      eraFromMs: 0,
      billedService: null,
      region: null,
      hasGpu: false,
      isRounded: false,
      ...rates,
      cuPerMs: one,
      cuPerCall: one,
    }))
    await addRates(rigOf().store, 'r', rows)
    const sql = 'SELECT count() AS n, uniqExact(functionName) AS names FROM bill_rates'
    assert.deepEqual(await rowsOf(rigOf().store, sql), [{ n: functions, names: functions }])
  })
})

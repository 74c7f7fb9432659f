// What is told of a cluster that is away.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Troubles } from '../../../src/sources/kafka/troubles.ts'

function makeTroubles() {
  const told: string[] = []
  const clock = { nowMs: 1_000_000 }
  const troubles = new Troubles({
    source: 'kafka',
    nowMs: () => clock.nowMs,
    log: { write: (_severity, event, _text, { reason, afterMs } = {}) => told.push(`${event} ${reason ?? afterMs}`) },
  })
  const hear = (text: string, severity: 'error' | 'warn' = 'error'): void =>
    troubles.hear({ severity, namespace: 'Connection', text, topic: null, partition: null })
  return { troubles, told, clock, hear }
}

test('errors that pass are not told', () => {
  const { troubles, told, clock, hear } = makeTroubles()
  hear('refused')
  clock.nowMs += 4000
  hear('refused')
  troubles.end()
  clock.nowMs += 4000
  hear('refused')
  assert.deepEqual(told, [])
})

test('those that last are told once, and so is their end', () => {
  const { troubles, told, clock, hear } = makeTroubles()
  for (let i = 0; i < 20; i += 1) {
    hear(`refused ${i}`)
    clock.nowMs += 1000
  }
  troubles.end()
  troubles.end()
  assert.deepEqual(told, ['kafkaTroubled refused 5', 'kafkaRecovered 20000'])
})

test('rebalances and warnings are no troubles', () => {
  const { told, clock, hear } = makeTroubles()
  for (let i = 0; i < 20; i += 1) {
    hear('Response Heartbeat(key: 12, version: 3): The group is rebalancing, so a rejoin is needed')
    hear('something', 'warn')
    clock.nowMs += 1000
  }
  assert.deepEqual(told, [])
})

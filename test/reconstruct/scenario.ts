// Small stories as data: records in, and what must come out of them, written by hand from the contract.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { LedgerReport } from '../../src/model/ledger.ts'
import { type AttemptJson, reconstruct } from '../app/run-batch.ts'

export interface Scenario {
  readonly name: string
  /** One string per record, without its line end. */
  readonly records: readonly string[]
  /** The attempts in the order of `--sort`, each with the fields that the story is about. */
  readonly attempts: readonly Record<string, unknown>[]
  /** The figures that the story is about; that all of them balance is checked anyway. */
  readonly ledger?: Partial<LedgerReport>
  /** For attempts without an id, which nothing orders. */
  readonly inAnyOrder?: boolean
  readonly maxOpen?: number
  /** The text of a functions.yaml. */
  readonly functions?: string
}

/** A test per story. */
export function playScenarios(scenarios: readonly Scenario[]): void {
  for (const scenario of scenarios) {
    test(scenario.name, () => play(scenario))
  }
}

async function play(scenario: Scenario): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fcscope-'))
  try {
    const functionsPath = join(folder, 'functions.yaml')
    if (scenario.functions !== undefined) writeFileSync(functionsPath, scenario.functions)
    const { attempts, ledger } = await reconstruct({
      inputs: [scenario.records.map(record => `${record}\n`).join('')],
      ...(scenario.maxOpen === undefined ? {} : { maxOpen: scenario.maxOpen }),
      ...(scenario.functions === undefined ? {} : { functionsPath }),
    })
    const told = attempts.map((attempt, index) => pick(attempt, scenario.attempts[index] ?? { requestId: null }))
    const inOrder = scenario.inAnyOrder ? sorted : (list: readonly unknown[]) => list
    assert.deepEqual(inOrder(told), inOrder(scenario.attempts))
    assert.equal(ledger.received, scenario.records.length)
    assert.equal(ledger.unaccounted, 0)
    assert.deepEqual(pick({ ...ledger }, { ...scenario.ledger }), scenario.ledger ?? {})
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const pick = (from: AttemptJson | Record<string, unknown>, like: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.keys(like).map(key => [key, from[key as keyof typeof from]]))

const sorted = (list: readonly unknown[]): unknown[] =>
  list.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))

/** Noon of 15 January 2025 UTC, where all stories begin; 20:00 in Shanghai. */
export const noonMs = 1_736_942_400_000

/** A moment of a story as the outside writes it. */
export const at = (ms: number): string => new Date(noonMs + ms).toISOString()

type Fields = Readonly<Record<string, string>>

const home = { __topic__: 'FCLogs:f', functionName: 'f', qualifier: 'LATEST', versionId: '', instanceID: 'c-1' }

/** A Logstore row of an application log `ms` after noon, to the millisecond, on instance c-1 unless `fields` say otherwise. */
export const row = (ms: number, message: string, fields: Fields = {}): string =>
  JSON.stringify({ ...timeFields(ms), ...home, message, ...fields })

/** The same with a time in whole seconds. */
export const secondsRow = (seconds: number, message: string, fields: Fields = {}): string =>
  JSON.stringify({ __time__: String(noonMs / 1000 + seconds), ...home, message, ...fields })

/** A row of an application log that tells no time. */
export const timelessRow = (message: string, fields: Fields = {}): string =>
  JSON.stringify({ ...home, message, ...fields })

/** A request metrics row of an execution that began `startMs` after noon. */
export const metricsRow = (requestId: string, startMs: number, durationMs: number, fields: Fields = {}): string =>
  JSON.stringify({
    ...timeFields(startMs + 60_000),
    ...home,
    __topic__: 'FCRequestMetrics:/f',
    requestId,
    durationMs: String(durationMs),
    invocationStartTimestamp: String(noonMs + startMs),
    ...fields,
  })

/** An instance event. */
export const eventRow = (ms: number, type: string, fields: Fields = {}): string =>
  JSON.stringify({ ...timeFields(ms), ...home, __topic__: 'FCInstanceEvents:/f', type, ...fields })

function timeFields(ms: number): Record<string, string> {
  const wholeSeconds = Math.floor(ms / 1000)
  return {
    __time__: String(noonMs / 1000 + wholeSeconds),
    __time_ns_part__: String((ms - wholeSeconds * 1000) * 1_000_000),
  }
}

/** Markers of an invocation. */
export const start = (id: string): string => `FC Invoke Start RequestId: ${id}`
export const end = (id: string): string => `FC Invoke End RequestId: ${id}`
export const failedEnd = (id: string): string => `${end(id)}, Error: Unhandled function error`

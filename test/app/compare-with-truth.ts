// Holds what reconstruct says against what the generator knows, and says readably where the two differ.
import assert from 'node:assert/strict'
import type { GenerateOptions } from '../../src/generate/options.ts'
import { formatTruth, type TrueAttempt } from '../../src/generate/truth.ts'
import { generateAll } from '../generate/run-generator.ts'
import { type AttemptJson, reconstruct } from './run-batch.ts'

/** Differences shown before the rest is only counted. */
const maxShown = 20

/** Generates, reconstructs, and fails with a list of differences when an attempt or a figure of the ledger is not the truth. */
export async function assertTruth(options: Partial<GenerateOptions>): Promise<void> {
  const { lines, truth, ledger } = generateAll(options)
  const found = await reconstruct({ inputs: [lines.join('')] })
  const differences = [
    ...compareAttempts(truth.map(readTruth), found.attempts),
    ...compareFields('ledger', { ...ledger }, { ...found.ledger }),
  ]
  if (differences.length === 0) return
  const shown = differences.slice(0, maxShown).join('\n')
  assert.fail(`${JSON.stringify(options)}: ${differences.length} differences, the first:\n${shown}`)
}

// formatTruth writes an attempt; read back it is one.
const readTruth = (truth: TrueAttempt): AttemptJson => JSON.parse(formatTruth(truth)) as AttemptJson

function compareAttempts(expected: readonly AttemptJson[], found: readonly AttemptJson[]): string[] {
  const differences: string[] = []
  const left = groupByIdentity(found)
  for (const [identity, wanted] of groupByIdentity(expected)) {
    const got = left.get(identity) ?? []
    left.delete(identity)
    if (wanted.length !== got.length) {
      differences.push(`${identity}: ${wanted.length} attempts expected, ${got.length} found`)
      continue
    }
    for (const [index, attempt] of wanted.entries()) {
      differences.push(...compareAttempt(identity, attempt, got[index]!))
    }
  }
  for (const identity of left.keys()) differences.push(`${identity}: found, and is not in the truth`)
  return differences
}

function compareAttempt(identity: string, expected: AttemptJson, found: AttemptJson): string[] {
  const { causes: expectedCauses, ...expectedRest } = expected
  const { causes: foundCauses, ...foundRest } = found
  const cause = expectedCauses[0]?.code ?? null
  return [
    ...compareFields(identity, withoutPosition(expectedRest), withoutPosition(foundRest)),
    ...(cause === null ? [] : compareFields(identity, { cause }, { cause: foundCauses[0]?.code })),
    ...(expected.status === 'ok' ? compareFields(identity, { causes: [] }, { causes: foundCauses }) : []),
  ]
}

/** Without a request id the tracing ids follow from where the records stood, which the truth does not know. */
function withoutPosition(attempt: Record<string, unknown>): Record<string, unknown> {
  return attempt['requestId'] === null ? { ...attempt, traceId: null, spanId: null } : attempt
}

function compareFields(where: string, expected: Record<string, unknown>, found: Record<string, unknown>): string[] {
  const differences: string[] = []
  const names = new Set([...Object.keys(expected), ...Object.keys(found)])
  for (const name of names) {
    try {
      assert.deepEqual(found[name], expected[name])
    } catch {
      differences.push(
        `${where} ${name}: expected ${JSON.stringify(expected[name])}, got ${JSON.stringify(found[name])}`,
      )
    }
  }
  return differences
}

/** Attempts of one identity, in an order that both sides share: without an id start time and lines tell them apart. */
function groupByIdentity(attempts: readonly AttemptJson[]): Map<string, AttemptJson[]> {
  const groups = new Map<string, AttemptJson[]>()
  for (const attempt of attempts) {
    const where = attempt.requestId === null ? `${attempt.instanceID} ` : ''
    const identity = `${where}${attempt.requestId} ${attempt.phase} ${attempt.attempt}`
    const group = groups.get(identity)
    if (group === undefined) groups.set(identity, [attempt])
    else group.push(attempt)
  }
  for (const group of groups.values()) group.sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
  return groups
}

const orderOf = ({ startTime, endTime, closedBy, lines, levels, durationMs, coldStart, status }: AttemptJson): string =>
  JSON.stringify([startTime, endTime, closedBy, lines, levels, durationMs, coldStart, status])

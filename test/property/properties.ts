// What must hold for whatever comes in. Each is tried a little by properties.test.ts and much by properties.slow.test.ts.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type AttemptJson, parse, readJsonLines, reconstruct } from '../app/run-batch.ts'
import { earlyEnds } from './early-ends.ts'
import { instanceStreams, merge, mergeOrder } from './instance-streams.ts'
import { nearlyOrdinaryLine, ownMarker } from './nearly-ordinary-lines.ts'
import { anyBytes, anyLine, anyRow, fileOf, format, pieces, textLine } from './records.ts'

/** Rule 10: how the input was cut. */
export const cutsDoNotMatter = fc.asyncProperty(
  fc.oneof(fileOf(anyLine), anyBytes),
  pieces,
  format,
  async (bytes, cuts, name) => {
    const whole = { inputs: [bytes], format: name }
    const cut = { ...whole, pieces: cuts }
    assert.deepEqual(await reconstruct(cut), await reconstruct(whole))
    assert.deepEqual(await parse(cut), await parse(whole))
  },
)

/** Rule 10: how the streams of instances were merged. The ids of tracing have a test of their own, merge-order.test.ts. */
export const mergingDoesNotMatter = fc.asyncProperty(instanceStreams, mergeOrder, async (streams, order) => {
  const merged = await reconstruct({ inputs: [merge(streams, order)] })
  const inTurn = await reconstruct({ inputs: [merge(streams, [])] })
  assert.deepEqual(merged.ledger, inTurn.ledger)
  assert.deepEqual(withoutPositions(merged.attempts), withoutPositions(inTurn.attempts))
})

/** Attempts without a request id have nothing to be sorted by but the ids that are made of their position. */
function withoutPositions(attempts: readonly AttemptJson[]): string[] {
  return attempts
    .map(attempt => JSON.stringify(attempt.requestId === null ? { ...attempt, traceId: null, spanId: null } : attempt))
    .toSorted()
}

/** Rule 10: that an End came before its Start. */
export const earlyEndsDoNotMatter = fc.asyncProperty(earlyEnds, async ({ inTime, early }) => {
  const { attempts } = await reconstruct({ inputs: [inTime.join('\n')] })
  assert.deepEqual((await reconstruct({ inputs: [early.join('\n')] })).attempts, attempts)
})

/** The kernel for ordinary lines is only a shorter way to the same place. */
export const kernelDoesNotMatter = fc.asyncProperty(
  fileOf(
    fc.oneof(
      { weight: 6, arbitrary: nearlyOrdinaryLine },
      { weight: 4, arbitrary: ownMarker },
      { weight: 1, arbitrary: textLine },
    ),
    80,
  ),
  fc.option(pieces, { nil: undefined }),
  async (bytes, cuts) => {
    const input = cuts === undefined ? { inputs: [bytes] } : { inputs: [bytes], pieces: cuts }
    assert.deepEqual(await reconstruct(input), await reconstruct({ ...input, usesKernel: false }))
  },
)

/** Contract §5, and what `parse` says of the same records. */
export const everyRecordHasOneFate = fc.asyncProperty(
  fc.oneof(fileOf(anyLine), fileOf(anyRow), anyBytes),
  format,
  fc.constantFrom(10_000, 2),
  async (bytes, name, maxOpen) => {
    const { attempts, ledger } = await reconstruct({ inputs: [bytes], format: name, maxOpen })
    const { attached, unattached, duplicate, ignored, deadLettered } = ledger
    assert.equal(ledger.unaccounted, 0)
    assert.equal(ledger.received, attached + unattached + duplicate + ignored + deadLettered)
    for (const fate of [attached, unattached, duplicate, ignored, deadLettered]) assert.ok(fate >= 0)
    assert.equal(sum(Object.values(ledger.byKind)), ledger.received)
    assert.equal(sum(Object.values(ledger.byStatus)), ledger.attempts)
    assert.equal(attempts.length, ledger.attempts)
    for (const attempt of attempts) assertSound(attempt)
    const parsed = await parse({ inputs: [bytes], format: name })
    const records = readJsonLines<{ kind: string; line: number }>(parsed.text)
    assert.deepEqual(
      records.map(({ line }) => line),
      records.map((_, index) => index + 1),
    )
    assert.equal(records.length, ledger.received)
    assert.deepEqual(countKinds(records), withoutZeros(ledger.byKind))
    assert.equal(Object.getOwnPropertyNames(Object.prototype).includes('polluted'), false)
  },
)

function assertSound(attempt: Record<string, unknown>): void {
  // The keys and their types are those of the contract, which test/sinks/stdout holds the writer to.
  const { lines, linesAfterEnd, levels, status, causes } = attempt as {
    lines: number
    linesAfterEnd: number
    levels: Record<string, number>
    status: string
    causes: unknown[]
  }
  assert.equal(sum(Object.values(levels)), lines)
  assert.ok(linesAfterEnd <= lines)
  if (status === 'ok') assert.deepEqual(causes, [])
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

function countKinds(records: readonly { readonly kind: string }[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { kind } of records) counts[kind] = (counts[kind] ?? 0) + 1
  return withoutZeros(counts)
}

const withoutZeros = (counts: Record<string, number>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(counts)
      .filter(([, count]) => count !== 0)
      .toSorted(),
  )

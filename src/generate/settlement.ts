// When all records of a request are out: which row belongs to which attempt, and the attempts' numbers (docs/semantics.md §3, §5).
import type { Emission } from './emission.ts'
import { countLine } from './line-visibility.ts'
import { rowEndMs, SeenAttempt, type SeenRequest } from './seen-attempt.ts'
import type { SeenStream } from './seen-stream.ts'
import type { TruthLedger } from './truth-ledger.ts'

/** A row covers a failed start so long before and after its own times. */
const coversWithinMs = 2000

/** Fits rows to attempts and numbers them. Gives the attempts that only rows told of. */
export function settleRequest(request: SeenRequest, at: { stream: SeenStream; ledger: TruthLedger }): SeenAttempt[] {
  if (request.isSettled) return []
  request.isSettled = true
  const rowOnly = matchRows(request, at)
  const phases = new Set(request.attempts.map(attempt => attempt.phase))
  for (const phase of phases)
    number(request.attempts.filter(attempt => attempt.phase === phase && attempt.requestId !== null))
  return rowOnly
}

function matchRows(request: SeenRequest, at: { stream: SeenStream; ledger: TruthLedger }): SeenAttempt[] {
  const rowOnly: SeenAttempt[] = []
  for (const emission of [...request.rows].sort((a, b) => (a.row?.startMs ?? 0) - (b.row?.startMs ?? 0))) {
    const { row } = emission
    if (row === null) continue
    const attempt = request.attempts
      .filter(
        other =>
          other.phase === 'invoke' && other.row === null && other.requestId === row.requestId && isOn(other, emission),
      )
      .sort((a, b) => (a.startMs ?? 0) - (b.startMs ?? 0))[0]
    const owner = attempt ?? makeFromRow(request, emission)
    owner.row = row
    owner.instanceID ??= emission.instance.id
    // A row that names the cause knows more than a sentence.
    owner.cause = emission.cause ?? owner.cause
    if (attempt === undefined) {
      rowOnly.push(owner)
      takeStartFailure(owner, at)
    }
  }
  return rowOnly
}

const isOn = (attempt: SeenAttempt, row: Emission): boolean =>
  attempt.instanceID === row.instance.id || attempt.instanceID === null || row.instance.id === null

function makeFromRow(request: SeenRequest, emission: Emission): SeenAttempt {
  const attempt = new SeenAttempt({
    request,
    requestId: emission.requestId,
    phase: 'invoke',
    profile: emission.instance.profile,
    instanceID: emission.instance.id,
  })
  attempt.isOpen = false
  request.attempts.push(attempt)
  return attempt
}

/** A body of a failed start goes to the row whose time covers it. */
function takeStartFailure(attempt: SeenAttempt, at: { stream: SeenStream; ledger: TruthLedger }): void {
  const { row } = attempt
  if (row === null) return
  const { stream, ledger } = at
  stream.startFailures = stream.startFailures.filter(body => {
    // Whole-second times are compared as they are seen.
    const seenMs = body.instance.profile.hasExactTimes ? body.atMs : Math.floor(body.atMs / 1000) * 1000
    if (seenMs < row.startMs - coversWithinMs || seenMs > rowEndMs(row) + coversWithinMs) return true
    countLine(attempt, body)
    ledger.fate('attached')
    return false
  })
}

/** `retryCount` where a row gives it, else the rank by start time among the numbers not taken. */
function number(attempts: readonly SeenAttempt[]): void {
  const taken = new Set<number>()
  const unnumbered: SeenAttempt[] = []
  for (const attempt of attempts) {
    const retryCount = attempt.row?.retryCount ?? null
    if (retryCount === null || taken.has(retryCount)) unnumbered.push(attempt)
    else {
      attempt.attempt = retryCount
      taken.add(retryCount)
    }
    attempt.isRetried = attempts.length > 1 && attempt.phase === 'invoke'
  }
  let next = 0
  // The sort is stable: where times are unknown the order of coming stands.
  for (const attempt of unnumbered.sort((a, b) => startOf(a) - startOf(b))) {
    while (taken.has(next)) next += 1
    attempt.attempt = next
    taken.add(next)
  }
}

const startOf = (attempt: SeenAttempt): number => attempt.row?.startMs ?? attempt.startMs ?? 0

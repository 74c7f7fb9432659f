// Plays the worker's engine through the same steps twice: once in one go, once saved and loaded between any two of them. Everything
// that comes out is kept: rows, attempts with their revisions, owners, dead letters, what is counted, the ledger.
import { WorkerEngine } from '../../src/app/worker-engine.ts'
import type { Attempt } from '../../src/model/attempt.ts'
import type { GivenRow } from '../../src/pipeline/emission.ts'
import { AttemptJsonWriter } from '../../src/sinks/stdout/attempt-json.ts'
import { readBlock } from '../reconstruct/kept-lines.ts'
import { usualEngine } from './usual-engine.ts'

export type ResumeStep =
  | { readonly kind: 'take'; readonly bytes: number }
  | { readonly kind: 'wait'; readonly ms: number }
  /** The batch is closed; the engine is saved and another one goes on, in the run that resumes. */
  | { readonly kind: 'close' }
  /** The log goes on in another file. */
  | { readonly kind: 'rotate' }

export interface ResumeOptions {
  readonly steps: readonly ResumeStep[]
  readonly resumes: boolean
  readonly maxOpen?: number
}

const streamId = (file: number): string => `f${file}`.padStart(16, '0')

/** All that came out, in order. */
export function outcome(bytes: Buffer, { steps, resumes, maxOpen = 2000 }: ResumeOptions): unknown[] {
  const out: unknown[] = []
  const writer = new AttemptJsonWriter()
  const told = (attempt: Attempt): unknown => {
    writer.write(attempt)
    const { json } = writer
    const text = json.bytes.toString('utf8', 0, json.length)
    json.clear()
    return JSON.parse(text)
  }
  const attemptRows = {
    rows: 0,
    add: (attempt: Attempt, { identityWords, hasPlatformIds, lineSpans, ...given }: GivenRow) =>
      out.push(['attempt', told(attempt), given, hasPlatformIds, [...identityWords], [...lineSpans]]),
    withdraw: (withdrawn: object) => out.push(['withdrawn', { ...withdrawn }]),
  }
  const create = (): WorkerEngine =>
    new WorkerEngine({
      ...usualEngine,
      maxOpen,
      maxRows: 5000,
      attemptRows,
      attemptCounter: {
        take: ({ requestId }, given) => {
          out.push(['counted', requestId, { ...given }])
          return given.isFinal || given.wasMeasured
        },
        measure: ({ requestId }) => out.push(['measured', requestId]),
        passOver: () => true,
      },
      onDeadLetter: reason => out.push(['dead', reason]),
    })
  let engine = create()
  let nowMs = Date.UTC(2026, 0, 1)
  let [offered, position, file, fileBegan] = [0, 0, 1, 0]
  engine.setTime(nowMs)

  /** So much more is there. A line that fills what is read at a time gets the whole window, as the worker does it. */
  const take = (count: number): void => {
    offered = Math.min(bytes.length, offered + count)
    let most = engine.chunkBytes
    while (position < offered) {
      const length = bytes.copy(engine.window, 0, position, Math.min(offered, position + most))
      const isLast = position + length === bytes.length
      const stream = { id: streamId(file), label: `file ${file}` }
      const taken = engine.take({ stream, position: position - fileBegan, length, isLast }, 'auto', 'logs')
      position += taken
      if (taken === 0 && (length < most || most === engine.window.length)) break
      most = taken === 0 ? engine.window.length : engine.chunkBytes
    }
  }
  const close = (): void => {
    const { lines, owners, deadLetters } = engine.rows()
    // Owners that are found in one batch have no order among them.
    const byPlace = owners.toSorted((a, b) => (JSON.stringify(a.place) < JSON.stringify(b.place) ? -1 : 1))
    out.push(['lines', readBlock(lines)], ['owners', byPlace])
    out.push(['deadLetters', deadLetters.map(one => ({ ...one, bytes: one.bytes.toString('hex') }))])
    out.push(['ledger', engine.ledger.report(), engine.openAttempts, engine.hasWaiting])
    engine.clearRows()
  }
  for (const step of steps) {
    if (step.kind === 'take') take(step.bytes)
    else if (step.kind === 'wait') {
      nowMs += step.ms
      engine.setTime(nowMs)
      out.push(['given', engine.giveDue()])
    } else if (step.kind === 'rotate') {
      if (position === fileBegan) continue
      out.push(['goesOn', engine.goOn(streamId(file), streamId(file + 1))])
      file += 1
      fileBegan = position
    } else {
      close()
      if (!resumes) continue
      const saved = engine.save()
      engine = create()
      // As from a file: nothing is shared with the engine before.
      engine.load(Buffer.from(saved))
      engine.setTime(nowMs)
    }
  }
  take(bytes.length)
  engine.giveAll()
  close()
  return out
}

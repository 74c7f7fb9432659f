// What a worker must have stored and counted when it has read everything: asked of the batch commands, on the whole input.
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { LedgerReport } from '../../../src/model/ledger.ts'
import { fcscope, type Outcome, run } from '../../cli/run-fcscope.ts'
import type { AttemptJson } from '../run-batch.ts'

/** A record as `parse` gives it, as far as it is compared. */
export interface ParsedJson {
  readonly kind: string
  readonly requestId: string | null
  readonly level: string | null
  readonly time: string | null
  readonly message: string
  readonly functionName: string | null
  readonly instanceID: string | null
}

/** What must come out. */
export interface Truth {
  readonly attempts: readonly AttemptJson[]
  /** The records that are kept as lines. */
  readonly lines: readonly ParsedJson[]
  readonly ledger: LedgerReport
}

const keptKinds: ReadonlySet<string> = new Set(['appLine', 'text', 'errorJson', 'errorText'])

/** `files` in this order are one input each. */
export async function readTruth(files: readonly string[]): Promise<Truth> {
  const folder = mkdtempSync(join(tmpdir(), 'fcscope-truth-'))
  try {
    const ledgerPath = join(folder, 'ledger.json')
    await batch(['reconstruct', '--sort', '--ledger', ledgerPath, ...files], join(folder, 'attempts.jsonl'))
    await batch(['parse', ...files], join(folder, 'records.jsonl'))
    const attempts: AttemptJson[] = []
    for await (const line of linesOf(join(folder, 'attempts.jsonl'))) attempts.push(JSON.parse(line))
    const lines: ParsedJson[] = []
    for await (const line of linesOf(join(folder, 'records.jsonl'))) {
      const record: ParsedJson = JSON.parse(line)
      // Blank records are ignored.
      if (keptKinds.has(record.kind) && (record.kind !== 'text' || record.message !== '')) lines.push(record)
    }
    return { attempts, lines, ledger: JSON.parse(readFileSync(ledgerPath, 'utf8')) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function batch(words: readonly string[], out: string): Promise<void> {
  mustBeDone(await run('sh', ['-c', 'out=$1; shift; exec "$@" > "$out"', 'sh', out, fcscope, ...words]), words)
}

/** Fails with what was said unless the status is 0. */
export function mustBeDone(outcome: Outcome, words: readonly string[]): Outcome {
  if (outcome.status === 0) return outcome
  throw new Error(`fcscope ${words.join(' ')}: ${outcome.status}\n${outcome.stderr}`)
}

export const linesOf = (path: string): AsyncIterable<string> =>
  createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })

// Folders for states, and what is committed there.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import type { BatchCommit } from '../../src/model/batch-commit.ts'
import { WorkerState } from '../../src/state/worker-state.ts'

const root = mkdtempSync(join(tmpdir(), 'fcscope-state-'))
after(() => rmSync(root, { recursive: true }))
let serial = 0
export const newFolder = (): string => join(root, String(++serial))

/** What is done to a state that is closed afterwards. */
export function inState<T>(folder: string, work: (state: WorkerState) => T): T {
  const state = WorkerState.open(folder)
  try {
    return work(state)
  } finally {
    state.close()
  }
}

const nothing = { steps: [], streams: [], forgotten: [], deliveries: [], counters: [] }
export const commitOf = (says: Partial<BatchCommit> & { batch: number }): BatchCommit => ({ ...nothing, ...says })

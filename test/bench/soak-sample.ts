// One look at a running worker: its memory by kinds, and the disk that it uses.
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { FollowedWorker } from './followed-worker.ts'

/** Sizes in MB of 1,000,000 bytes. */
export interface WorkerSample {
  readonly rssMB: number
  /** Of the resident memory what belongs to no file: heaps of Node, of the store's engine, and so on. */
  readonly anonymousMB: number
  readonly heapMB: number
  /** Buffers of Node outside its heap. */
  readonly externalMB: number
  readonly stateMB: number
  readonly spillMB: number
  readonly storeMB: number
  readonly lagSeconds: number
}

export async function sampleWorker(worker: FollowedWorker): Promise<WorkerSample> {
  const status = readFileSync(`/proc/${worker.pid}/status`, 'utf8')
  const kilobytes = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0)
  const page = await worker.metrics()
  const home = join(worker.folder, '.fcscope')
  const spillMB = sizeOf(join(home, 'state/spill'))
  return {
    rssMB: (kilobytes('VmRSS') * 1024) / 1e6,
    anonymousMB: (kilobytes('RssAnon') * 1024) / 1e6,
    heapMB: page.sum('nodejs_heap_size_used_bytes') / 1e6,
    externalMB: page.sum('nodejs_external_memory_bytes') / 1e6,
    stateMB: sizeOf(join(home, 'state')) - spillMB,
    spillMB,
    storeMB: sizeOf(join(home, 'store')),
    lagSeconds: page.sum('fcscope_source_lag_seconds'),
  }
}

/** Bytes of all files below a folder, in MB; what goes while it is being counted does not count. */
function sizeOf(folder: string): number {
  let megabytes = 0
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) megabytes += sizeOf(path)
    else megabytes += (statSync(path, { throwIfNoEntry: false })?.size ?? 0) / 1e6
  }
  return megabytes
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

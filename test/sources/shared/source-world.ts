// The world of a source in a test: a folder, a clock that stands still, and everything that is said.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SourceDeps } from '../../../src/sources/shared/source-definition.ts'
import type { LogFields } from '../../../src/telemetry/log.ts'

export interface SaidEvent {
  readonly event: string
  readonly severity: string
  readonly fields: LogFields
}

export class SourceWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'fcscope-source-'))
  readonly said: SaidEvent[] = []
  nowMs = 1_700_000_000_000
  /** How often the source called `wake`. */
  wakes = 0
  #wake: (() => void) | null = null

  deps(once = false, name = 'test'): SourceDeps {
    return {
      name,
      once,
      folder: this.folder,
      log: { write: (severity, event, _text, fields = {}) => this.said.push({ event, severity, fields }) },
      nowMs: () => this.nowMs,
      wake: () => {
        this.wakes += 1
        this.#wake?.()
        this.#wake = null
      },
    }
  }

  /** Settled at the next `wake`. */
  nextWake(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve
    })
  }

  events(name: string): readonly LogFields[] {
    return this.said.filter(({ event }) => event === name).map(({ fields }) => fields)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Lets the event loop turn until something holds. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate)
}

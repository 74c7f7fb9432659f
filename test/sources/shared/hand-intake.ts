// An intake that appends what a test tells it to.
import assert from 'node:assert/strict'
import type { Inlet, Intake } from '../../../src/sources/shared/intake.ts'

export class HandIntake implements Intake {
  hasEnded = false
  /** Streams that are over. */
  readonly over = new Set<string>()
  resumes = 0
  stops = 0
  startFault: Error | null = null
  #inlet: Inlet | null = null

  get inlet(): Inlet {
    assert.ok(this.#inlet)
    return this.#inlet
  }

  async start(inlet: Inlet): Promise<void> {
    if (this.startFault !== null) throw this.startFault
    this.#inlet = inlet
  }

  resume(): void {
    this.resumes += 1
  }

  isOver(stream: string): boolean {
    return this.over.has(stream)
  }

  label(stream: string): string {
    return `label of ${stream}`
  }

  async stop(): Promise<void> {
    this.stops += 1
  }

  async put(stream: string, text: string): Promise<void> {
    const result = await this.inlet.append({ stream, payload: [Buffer.from(text, 'latin1')], key: null })
    assert.equal(result.kind, 'written')
  }
}

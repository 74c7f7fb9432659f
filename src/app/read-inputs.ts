// Reads the inputs of a batch command one after the other, with progress, and finishes what was read before a fault.

import type { BatchOptions } from '../model/batch-options.ts'
import type { LineReading } from '../pipeline/read-lines.ts'
import { openInput } from '../sources/file/open-input.ts'

/** Bytes between two reports of progress. */
const progressStepBytes = 8 * 1024 * 1024

/** Reads every input to its end. `nextInput` is called before each. Rejects with the first fault, after everything readable was taken. */
export async function readInputs(options: BatchOptions, reading: LineReading, nextInput: () => void): Promise<void> {
  let bytesBefore = 0
  for (const name of options.inputs) {
    const input = await openInput(name)
    try {
      nextInput()
      let reported = 0
      const totalBytes = options.inputs.length === 1 ? input.size : null
      await reading.read(input, () => {
        if (options.onProgress === null || input.bytesRead - reported < progressStepBytes) return
        reported = input.bytesRead
        options.onProgress({ bytesRead: bytesBefore + reported, totalBytes })
      })
    } finally {
      bytesBefore += input.bytesRead
      await input.close()
    }
  }
}

// A stage on which a test plays scripts of one instance, to see what records they make and what a reader finds in them.
import type { Emission } from '../../src/generate/emission.ts'
import { type FunctionProfile, makeFunctions } from '../../src/generate/functions.ts'
import { Instance } from '../../src/generate/instance.ts'
import { Job } from '../../src/generate/job.ts'
import type { GenerateFormat } from '../../src/generate/options.ts'
import { renderEmission } from '../../src/generate/render.ts'
import { Script } from '../../src/generate/script.ts'
import { makeTruth, type TrueAttempt } from '../../src/generate/truth.ts'
import { TruthLedger } from '../../src/generate/truth-ledger.ts'
import { Reader } from '../../src/generate/visibility.ts'
import { Random } from '../../src/lib/random.ts'

export const noon = Date.UTC(2025, 0, 15, 12, 0, 0)
const profile: FunctionProfile = {
  ...makeFunctions(1)[0],
  functionName: 'f',
  runtime: 'python3',
  hasExactTimes: false,
  splitsRecords: false,
}
export const instanceID = 'c-67876b00-00112233445566778899'

/** A stage on which scripts of one instance play; `see` reads what was played. */
export function stageOf(format: GenerateFormat) {
  const played: Emission[] = []
  const stage = {
    random: new Random(1),
    format,
    isLocalRun: false,
    push: (emission: Emission) => played.push(emission),
  }
  const instance = new Instance({ profile, id: instanceID, lifetime: 99, showsIdInConsole: false })
  const scripts: Script[] = []
  return {
    script(requestId: string | null, atMs = noon, job = new Job()): Script {
      const script = new Script({ stage, instance, job, requestId, atMs })
      scripts.push(script)
      return script
    },
    see() {
      for (const script of scripts) script.job.isComplete = true
      const ledger = new TruthLedger()
      const truth: TrueAttempt[] = []
      const reader = new Reader({
        format,
        ledger,
        give: seen => truth.push(makeTruth(seen, { isConsole: format === 'console' })),
      })
      const lines = played.map(emission => renderEmission(emission, format).trimEnd())
      for (const emission of played) reader.see(emission)
      reader.finish()
      return { lines, truth, ledger: ledger.report() }
    },
  }
}

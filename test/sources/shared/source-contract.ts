// Runs the obligations of src/model/source.ts against a source. A source's test file is the call, and what is special about it.
import { describe, test } from 'node:test'
import { obligations } from './source-obligations.ts'
import type { SourceRig } from './source-rig.ts'

/** Obligations that a source cannot be asked for, each with the reason. */
export type ContractSkips = Readonly<Partial<Record<ContractTest, string>>>
export type ContractTest = keyof typeof obligations

export function sourceContract(name: string, makeRig: () => Promise<SourceRig>, skips: ContractSkips = {}): void {
  describe(`${name} keeps the contract of a source`, () => {
    for (const [title, check] of Object.entries(obligations)) {
      // Object.entries does not keep the names.
      const reason = skips[title as ContractTest]
      test(title, reason === undefined ? {} : { skip: reason }, async () => {
        const rig = await makeRig()
        try {
          await check(rig)
        } finally {
          await rig.close()
        }
      })
    }
  })
}

// The same tests in every kind of store.
import { after, before, describe } from 'node:test'
import { withoutChdb } from '../../store/temporary-store.ts'
import { type StoreRig, storeRigs } from './store-rig.ts'

/** `tests` declares them; the store that it asks for is open while they run. */
export function inEveryStore(tests: (rigOf: () => StoreRig, name: string) => void): void {
  for (const [name, open] of Object.entries(storeRigs)) {
    describe(name, { skip: withoutChdb }, () => {
      let rig: StoreRig
      before(async () => {
        rig = await open()
      })
      after(() => rig.close())
      tests(() => rig, name)
    })
  }
}

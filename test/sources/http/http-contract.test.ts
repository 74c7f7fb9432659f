import { sourceContract } from '../shared/source-contract.ts'
import { HttpRig } from './http-rig.ts'

const wholeLines = 'every body ends with a line end in the log'

sourceContract('http', async () => new HttpRig(), {
  'gives the rest again, in front of what follows': wholeLines,
  'does not give the rest again alone': wholeLines,
  'gives the last line without a line end as the last': wholeLines,
})
sourceContract('http with small segments', async () => new HttpRig({ segmentBytes: 700 }), {
  'gives the rest again, in front of what follows': wholeLines,
  'does not give the rest again alone': wholeLines,
  'gives the last line without a line end as the last': wholeLines,
})

// One function instance in the scenario.
import type { FunctionProfile } from './functions.ts'

export class Instance {
  readonly profile: FunctionProfile
  /** `c-<8 hex>-<20 hex>`; null for what never reached an instance (throttled requests). */
  readonly id: string | null
  /** Lines in the console carry the instance id in front. */
  readonly showsIdInConsole: boolean
  /** Requests running now, requests served so far, and how many it will serve. */
  active = 0
  served = 0
  readonly lifetime: number
  isRetired = false
  /** Records made and not yet read; together with `isRetired` it tells when nothing more can come. */
  outstanding = 0
  /** The part of every row that is the same, ready to be written; set by the renderer. */
  rowHead: string | null = null

  constructor(fields: { profile: FunctionProfile; id: string | null; lifetime: number; showsIdInConsole: boolean }) {
    this.profile = fields.profile
    this.id = fields.id
    this.lifetime = fields.lifetime
    this.showsIdInConsole = fields.showsIdInConsole
  }
}

// What ended a worker, as the user needs it: most of it is the disk below its state.
import { FcscopeError } from '../model/fcscope-error.ts'
import { StoreError } from '../model/store-connection.ts'
import { isDiskFailure, stateError } from '../state/state-error.ts'
import { storeFailure } from './store-failure.ts'

/** Anything that is no failure of the disk or the store is given back as it is. */
export function runFailure(error: unknown, places: { readonly state: string; readonly store: string }): unknown {
  if (error instanceof FcscopeError) return error
  if (error instanceof StoreError) return storeFailure(error, places.store)
  return isDiskFailure(error) ? stateError(places.state, error) : error
}

// Gathers what the store knows of a request.
import type { AttemptRecord, LineExcerpt, TraceFacts } from '../../model/post-mortem.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import { type LineBounds, type LinePlaces, linesOf, ownedPlaces, unattachedOf } from '../../store/trace/line-queries.ts'
import { neighbourhoodsOf } from '../../store/trace/neighbour-queries.ts'
import { attemptsOf, initializersOf } from '../../store/trace/request-queries.ts'
import { historyInStore } from './failure-history.ts'

/** Attempts whose neighbours are looked for. */
const maxNeighbourhoods = 5

/** Null when there is no attempt with this id. Fails with a `StoreError`. */
export async function traceInStore(
  store: StoreConnection,
  requestId: string,
  bounds: LineBounds,
): Promise<TraceFacts | null> {
  const [attempts, owned] = await Promise.all([attemptsOf(store, requestId), ownedPlaces(store, requestId)])
  if (attempts.length === 0) return null
  const [lines, neighbourhoods, initializers, history] = await Promise.all([
    linesAround(store, attempts, { owned, bounds }),
    neighbourhoodsOf(store, invocationsOf(attempts)),
    initializersOf(store, coldStarts(attempts)),
    historyInStore(store, attempts),
  ])
  const origin = { kind: 'store', names: [store.label] } as const
  return { requestId, origin, attempts, initializers, neighbourhoods, history, ...lines }
}

async function linesAround(
  store: StoreConnection,
  attempts: readonly AttemptRecord[],
  { owned, bounds }: { owned: string | null; bounds: LineBounds },
): Promise<Pick<TraceFacts, 'lines' | 'unattached'>> {
  const finding = linesOf(store, attempts, { owned, bounds })
  // Where instances and times are known it does not matter where the lines of the request stand.
  const arePlaced = attempts.every(
    ({ instanceID, startTime, endTime }) => instanceID !== null && startTime !== null && endTime !== null,
  )
  const others = (places: LinePlaces): Promise<LineExcerpt> => unattachedOf(store, attempts, { places, bounds })
  const [{ lines }, unattached] = await Promise.all([
    finding,
    arePlaced ? others(nowhere) : finding.then(({ places }) => others(places)),
  ])
  return { lines, unattached }
}

const nowhere: LinePlaces = { streams: new Map(), lastTime: '' }

const invocationsOf = (attempts: readonly AttemptRecord[]): readonly AttemptRecord[] =>
  attempts.filter(({ phase }) => phase === 'invoke').slice(0, maxNeighbourhoods)

function coldStarts(attempts: readonly AttemptRecord[]): { instanceID: string; startTime: string }[] {
  return attempts.flatMap(({ coldStart, instanceID, startTime }) =>
    coldStart === true && instanceID !== null && startTime !== null ? [{ instanceID, startTime }] : [],
  )
}

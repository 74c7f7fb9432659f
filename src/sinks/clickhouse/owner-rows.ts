// Owners of lines that waited for one, as columns for the table `line_owners`.
import type { LinePlace } from '../../model/line-owner.ts'
import { type Column, TextColumn } from './native-columns.ts'

export interface OwnerRow {
  readonly place: LinePlace
  readonly requestId: string | null
  readonly traceId: string
  readonly spanId: string
}

/** Columns of one block. */
export function ownerColumns(owners: readonly OwnerRow[]): readonly Column[] {
  const streamId = new TextColumn('streamId')
  const position = new TextColumn('position')
  const requestId = new TextColumn('requestId')
  const traceId = new TextColumn('TraceId')
  const spanId = new TextColumn('SpanId')
  for (const owner of owners) {
    streamId.add(owner.place[0])
    position.add(String(owner.place[1]))
    requestId.add(owner.requestId ?? '')
    traceId.add(owner.traceId)
    spanId.add(owner.spanId)
  }
  return [streamId, position, requestId, traceId, spanId]
}

// Which attempt a line belongs to, when that was decided after the line had been handed on.

/** Where a line stands: its stream's id, and the position in it. */
export type LinePlace = readonly [streamId: string, position: number]

/** A line that waited, and the attempt that it turned out to belong to; or that it belongs to none after all. */
export interface LineOwner {
  readonly place: LinePlace
  readonly requestId: string | null
  /** Trace id (4 words) and span id (2 words) as the attempt's other lines have them; valid during the call only. Null with no attempt. */
  readonly identityWords: Int32Array | null
}

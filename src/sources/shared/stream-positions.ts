// Where the next bytes of each stream stand: positions go on without gaps for as long as the stream is remembered.

/**
 * A frame's position is never more than this behind its place in the log, heads of frames and other streams' bytes being what makes
 * the difference. So the frame of a position is found near that place, and nothing has to be kept to find it.
 */
export const maxDriftBytes = 1024 * 1024

/** Forgetting a stream costs nothing but a gap in its positions. */
const maxStreams = 4096

interface StreamEnd {
  readonly position: number
  readonly endsLine: boolean
}

/**
 * Positions of one stream never repeat, though nothing about streams is stored: a new run of positions begins at the place of its
 * bytes in the log, and the log is never shorter than what one stream has in it.
 */
export class StreamPositions {
  readonly #ends = new Map<string, StreamEnd>()

  /** The position of bytes that will stand at `payloadOffset` of the log. */
  next(stream: string, payloadOffset: number): number {
    const end = this.#ends.get(stream)
    if (end === undefined) return payloadOffset
    // In the middle of a line there must be no gap: its two halves would never meet.
    return end.endsLine && payloadOffset - end.position > maxDriftBytes ? payloadOffset : end.position
  }

  /** Bytes of a stream that were planned to end at `position`. */
  set(stream: string, position: number, endsLine: boolean): void {
    this.#ends.delete(stream)
    this.#ends.set(stream, { position, endsLine })
    for (const oldest of this.#ends.keys()) {
      if (this.#ends.size <= maxStreams) break
      this.#ends.delete(oldest)
    }
  }

  get(stream: string): StreamEnd | null {
    return this.#ends.get(stream) ?? null
  }

  /** Puts back what {@link get} gave, when bytes could not be written after all. */
  restore(stream: string, end: StreamEnd | null): void {
    if (end === null) this.#ends.delete(stream)
    else this.#ends.set(stream, end)
  }
}

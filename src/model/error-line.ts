// A line of level error or fatal, as it is told with its attempt.

export const errorLevels = ['fatal', 'error'] as const

export interface ErrorLine {
  /** Unix ms, whole, and where spans may be; null when the line has no such time. */
  readonly timeMs: number | null
  readonly level: (typeof errorLevels)[number]
  /** What stands behind time, id and level; at most 1,000 bytes. */
  readonly text: string
}

/** Lines told of one attempt: the first one, and the last ones. */
export const maxErrorLines = 8

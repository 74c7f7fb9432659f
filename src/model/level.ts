// Log levels: the six that are known everywhere, and "other" for whatever a program calls its own.

/** Level names in the order of their codes; `other` stands for no or no known level (contract §4 `levels`). */
export const levelNames = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'other'] as const
export type LevelName = (typeof levelNames)[number]

/** The number of each level: its index in {@link levelNames}. */
export const Level = { fatal: 0, error: 1, warn: 2, info: 3, debug: 4, trace: 5, other: 6 } as const
export type LevelCode = (typeof Level)[keyof typeof Level]

/** A level as the outside sees it: `other` is no level at all. */
export const levelOrNull = (level: number): LevelName | null =>
  level === Level.other ? null : (levelNames[level] ?? null)

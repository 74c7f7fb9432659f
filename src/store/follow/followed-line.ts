// A line as it is given out while logs are followed, and which lines are wanted.

import { sqlTexts } from '../../lib/sql-text.ts'
import { type LevelName, levelNames } from '../../model/level.ts'

export interface FollowedLine {
  /** RFC 3339; null for a line without a time of its own. */
  readonly time: string | null
  readonly level: LevelName | null
  readonly levelText: string
  readonly kind: string
  readonly message: string
  /** Null for a line that belongs to no attempt, or not yet. */
  readonly requestId: string | null
  readonly functionName: string | null
  readonly serviceName: string | null
  readonly qualifier: string | null
  readonly versionId: string | null
  readonly instanceID: string | null
  readonly stream: string
  readonly position: number
  readonly storedAt: string
}

/** Empty lists and nulls stand for all. */
export interface LineFilter {
  readonly functions: readonly string[]
  readonly instances: readonly string[]
  readonly requestId: string | null
  /** This level and worse ones. */
  readonly level: LevelName | null
}

/** What is selected, by the names of {@link FollowedLine}. */
export const lineColumns = `if(timeSource IS NULL, NULL, toDateTime64(Timestamp, 3, 'UTC')) AS time, level,
  SeverityText AS levelText, kind, Body AS message, nullIf(requestId, '') AS requestId,
  nullIf(toString(functionName), '') AS functionName, nullIf(toString(serviceName), '') AS serviceName,
  nullIf(toString(qualifier), '') AS qualifier, nullIf(toString(versionId), '') AS versionId,
  nullIf(toString(instanceID), '') AS instanceID, stream, position, storedAt`

/** By time; lines of one time as they stand in their stream. A line without a time has that of the line before. */
export const lineOrder = 'Timestamp, streamId, position'

/** What the filter says of a line, but for its request: conditions for WHERE. */
export function placeConditions({ functions, instances, level }: LineFilter): readonly string[] {
  const conditions: string[] = []
  if (functions.length > 0) conditions.push(`log_lines.functionName IN ${sqlTexts(functions)}`)
  if (instances.length > 0) conditions.push(`log_lines.instanceID IN ${sqlTexts(instances)}`)
  if (level !== null) conditions.push(`level IN ${sqlTexts(levelNames.slice(0, levelNames.indexOf(level) + 1))}`)
  return conditions
}

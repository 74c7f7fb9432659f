// What a row is routed by, told from what JSON.parse makes of it; contract §2 and docs/route.md, without any hurry.
import type { RouteKind } from '../../../src/model/route.ts'

type Row = Readonly<Record<string, unknown>>

const metricTopics = ['FCRequestMetrics:', 'FCInstanceMetrics:', 'FCInstanceEvents:']

/** Null where the line goes by its stream. */
export function expectedKey(line: string, kind: RouteKind, everyObjectIsARow: boolean): string | null {
  const row = readObject(line)
  if (row === null || !(everyObjectIsARow || isRow(row))) return null
  const inner = hasInner(row) ? readObject(text(row, 'message') ?? '') : null
  return nameOf(row, kind) ?? requestOf(row, inner, kind)
}

/** In instance mode the message may still tell an instance where the row itself names only a function. */
function nameOf(row: Row, kind: RouteKind): string | null {
  const { functionName, serviceName } = functionOf(row)
  const instance = text(row, 'instanceID')
  if (kind === 'instance' && instance !== null) return instance
  const name = functionName === null ? null : `${serviceName ?? ''}/${functionName}`
  if (kind === 'function' || !hasInner(row)) return name
  const inner = readObject(text(row, 'message') ?? '')
  return inner === null ? name : null
}

function requestOf(row: Row, inner: Row | null, kind: RouteKind): string | null {
  if (inner !== null) {
    const instance = text(inner, 'instanceID')
    if (kind === 'instance' && instance !== null) return instance
    const { functionName, serviceName } = functionOf(row, inner)
    if (functionName !== null) return `${serviceName ?? ''}/${functionName}`
  }
  return text(row, 'requestId') ?? (inner === null ? null : text(inner, 'requestId'))
}

/** Fields, then those inside the message, then the topic. */
function functionOf(row: Row, inner: Row = {}): { functionName: string | null; serviceName: string | null } {
  const topic = typeof row['__topic__'] === 'string' ? row['__topic__'] : ''
  const own = (name: string): string | null => text(row, name) ?? text(inner, name)
  const [, names] = /^(?:FCLogs|FCRequestMetrics|FCInstanceMetrics|FCInstanceEvents):(.*)$/s.exec(topic) ?? []
  if (names === undefined)
    return { functionName: own('functionName'), serviceName: own('serviceName') ?? (topic || null) }
  const slash = names.indexOf('/')
  return {
    functionName: own('functionName') ?? (names.slice(slash + 1) || null),
    serviceName: own('serviceName') ?? (names.slice(0, Math.max(0, slash)) || null),
  }
}

const hasInner = (row: Row): boolean => {
  const topic = row['__topic__']
  return (
    typeof topic === 'string' && metricTopics.some(each => topic.startsWith(each)) && typeof row['message'] === 'string'
  )
}

function isRow(row: Row): boolean {
  const time = row['__time__']
  return [row['__topic__'], row['message'], time].some(each => typeof each === 'string') || typeof time === 'number'
}

/** A string that is not empty, or a number or truth value as it is written. */
function text(row: Row, name: string): string | null {
  const value = row[name]
  if (typeof value === 'string') return value || null
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null
}

function readObject(line: string): Row | null {
  try {
    const value: unknown = JSON.parse(line)
    // Not an array and not null, so it has keys.
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : null
  } catch {
    return null
  }
}

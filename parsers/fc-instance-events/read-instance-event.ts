// Name and level of an FCInstanceEvents row. The platform does not document the name's field, so every field is looked at.

const EVENT_PREFIX = 'fc:Instance:'

/** An instance event; null where the row does not say. */
export interface InstanceEvent {
  /** `fc:Instance:DestroySuccess` and its like: the first string that begins with `fc:Instance:`. */
  readonly name: string | null
  /** `Normal` or `Warning`, as written. */
  readonly level: string | null
}

/**
 * Reads an event from a row's JSON text. Events come a few times in an instance's life, so this is not hot and uses
 * JSON.parse. Where the row has no event itself, the object inside its `message` is read instead (one step, no further).
 */
export function readInstanceEvent(json: string): InstanceEvent {
  const fields = fieldsOf(json)
  const outer = eventOf(fields)
  const message = fields.get('message')
  if (outer.name !== null || typeof message !== 'string') return outer
  const inner = eventOf(fieldsOf(message))
  return { name: inner.name, level: outer.level ?? inner.level }
}

function eventOf(fields: ReadonlyMap<string, unknown>): InstanceEvent {
  let name: string | null = null
  for (const value of fields.values()) {
    if (typeof value !== 'string' || !value.startsWith(EVENT_PREFIX)) continue
    name = value.toWellFormed()
    break
  }
  const level = fields.get('level')
  return { name, level: typeof level === 'string' && level !== '' ? level.toWellFormed() : null }
}

/** A map, so that a field named `__proto__` is a field like any other. Empty for what is not a JSON object. */
function fieldsOf(json: string): ReadonlyMap<string, unknown> {
  if (!json.trimStart().startsWith('{')) return new Map()
  try {
    const value: unknown = JSON.parse(json)
    return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : [])
  } catch {
    return new Map()
  }
}

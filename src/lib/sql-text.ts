// Values in SQL. Request ids and the like are somebody else's text.

/** A text as a literal of ClickHouse's SQL. */
export function sqlText(value: string): string {
  const escaped = value.replace(/[\\'\0\b\f\n\r\t]/g, mark => escapes[mark] ?? mark)
  return `'${escaped}'`
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\0': '\\0',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

/** Whole ms of unix time as a moment that the engine compares with. */
export const sqlTime = (ms: number): string => `fromUnixTimestamp64Milli(${ms}, 'UTC')`

/** A list of texts for `IN`; an empty one matches nothing. */
export const sqlTexts = (values: readonly string[]): string =>
  values.length === 0 ? '(NULL)' : `(${values.map(sqlText).join(', ')})`

// Formats whose rows stand for themselves: a result in pieces is the same bytes as a result in one.

/**
 * The embedded engine writes each piece of a streamed result as a result of its own. That is the same as one result where nothing
 * stands before, between or behind the rows; measured, format by format, with chdb 3.4.0.
 */
const divisible: ReadonlySet<string> = new Set([
  'bsoneachrow',
  'csv',
  'jsoncompacteachrow',
  'jsoncompactstringseachrow',
  'jsoneachrow',
  'jsonlines',
  'jsonstringseachrow',
  'lineasstring',
  'msgpack',
  'native',
  'ndjson',
  'null',
  'prettyjsoneachrow',
  'prettyjsonlines',
  'prettyndjson',
  'protobuf',
  'rawblob',
  'rowbinary',
  'tabseparated',
  'tabseparatedraw',
  'tskv',
  'tsv',
  'tsvraw',
])

/** False for formats with a head, a foot, widths or a count: they are made in memory, and bounded. */
export const isDivisible = (format: string): boolean => divisible.has(format.toLowerCase())

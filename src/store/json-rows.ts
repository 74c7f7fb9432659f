// Rows as lines of JSON: of a long result, as they come, and of ours that stand in a statement.
import { piecesWithin } from '../lib/pieces.ts'
import { sqlText } from '../lib/sql-text.ts'
import { maxListBytes } from '../model/store-connection.ts'

/** One value per line of JSON, in batches as large as the pieces. `T` is what the query selects, by the names it gives. */
export async function* jsonRows<T>(pieces: AsyncIterable<Uint8Array>): AsyncIterable<readonly T[]> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const piece of pieces) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    // The engine writes what the statement beside the call asks for.
    yield lines.map(line => JSON.parse(line) as T)
  }
  if (rest !== '') yield [JSON.parse(rest) as T]
}

/** Rows for `format(JSONEachRow, …)`, as literals: each of as many rows as a statement may hold. */
export const jsonLiterals = (rows: readonly object[]): readonly string[] =>
  piecesWithin(
    maxListBytes,
    rows.map(row => JSON.stringify(row)),
    line => Buffer.byteLength(sqlText(line)),
  ).map(lines => sqlText(lines.join('\n')))

// Rows of a long result, as they come.

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

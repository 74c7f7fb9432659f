// Rows that a query of ours gives.

/** One value per line of JSON. `T` is what the query selects, by the names it gives. */
export const rowsOf = <T>(bytes: Buffer): T[] =>
  bytes
    .toString('utf8')
    .split('\n')
    .filter(line => line !== '')
    // The engine writes what the statement beside the call asks for.
    .map(line => JSON.parse(line) as T)

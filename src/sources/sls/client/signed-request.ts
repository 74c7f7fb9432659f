// What both signatures cover, and how a value is written into an address.

/** A request as it will be sent, with all its headers but `authorization`. */
export interface SignedParts {
  readonly method: string
  /** As it is sent, without the query. */
  readonly path: string
  /** Not encoded. */
  readonly query: Readonly<Record<string, string>>
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

/** RFC 3986: also the five characters that `encodeURIComponent` leaves. */
export const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

/** `a=1&b=2`, encoded, in the order of the names. */
export const queryText = (query: Readonly<Record<string, string>>): string =>
  Object.keys(query)
    .sort()
    .map(name => `${percentEncode(name)}=${percentEncode(query[name] ?? '')}`)
    .join('&')

/** Lines `name:value` of the given headers, in the order of their names. */
export const headerLines = (headers: Readonly<Record<string, string>>, names: readonly string[]): string =>
  names.map(name => `${name}:${(headers[name] ?? '').trim()}\n`).join('')

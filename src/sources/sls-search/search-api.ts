// What a Logstore can be asked by search.

/** Rows of one answer at most: what the service allows. */
export const pageRows = 100

/** Unix seconds; the end is not part of it. */
export interface Seconds {
  readonly from: number
  readonly to: number
}

/** How many rows there are; of an answer that is not complete, some of them. */
export interface CountReply {
  readonly rows: number
  readonly isComplete: boolean
}

/** Rows as lines of JSON, each with its line end. */
export interface PageReply {
  readonly bytes: Buffer
  readonly rows: number
  readonly isComplete: boolean
}

/** One request each. Rejects with a `SearchError`; after an abort with anything. */
export interface SearchCalls {
  count(window: Seconds, signal: AbortSignal): Promise<CountReply>
  /** At most {@link pageRows} rows behind the first `offset`, in order of time. */
  page(window: Seconds, offset: number, signal: AbortSignal): Promise<PageReply>
  /** The credentials were refused: others are to be got. */
  invalidateCredentials(): void
  close(): void
}

export interface SearchCredentials {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  /** With temporary credentials only. */
  readonly securityToken: string | null
}

export interface SearchCredentialsProvider {
  /** Cheap while what was got is still good. Rejects when there are none. */
  get(): Promise<SearchCredentials>
  invalidate(): void
}

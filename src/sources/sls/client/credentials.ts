// What requests are signed with, and who gives it.

export type Credentials = {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  /** With temporary credentials only. */
  readonly securityToken: string | null
}

export interface CredentialsProvider {
  /** Cheap while what was got is still good. Rejects with an `SlsError` of the kind `denied` when there are none. */
  get(): Promise<Credentials>
  /** The service refused what {@link get} gave last: it must be got anew. */
  invalidate(): void
}

/** Those of the configuration, which never change. */
export const staticCredentials = (credentials: Credentials): CredentialsProvider => ({
  get: () => Promise.resolve(credentials),
  invalidate: () => {},
})

export const areSameCredentials = (one: Credentials, two: Credentials): boolean =>
  one.accessKeyId === two.accessKeyId &&
  one.accessKeySecret === two.accessKeySecret &&
  one.securityToken === two.securityToken

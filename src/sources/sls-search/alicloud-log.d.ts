// The parts of the npm package @alicloud/log that are used here; it comes without types.
declare module '@alicloud/log' {
  export interface ClientCredentials {
    readonly accessKeyId: string
    readonly accessKeySecret: string
    readonly securityToken?: string | undefined
  }

  export interface ClientOptions {
    readonly endpoint: string
    /** `getCredentials` has to be a native async function: the client looks at the name of its constructor. */
    readonly credentialsProvider: { getCredentials(): Promise<ClientCredentials> }
  }

  export type Query = Readonly<Record<string, string | number>>

  /** `Reply`: what {@link Client._request} gives, which all calls hand on. `Options`: what calls hand to it. */
  class Client<Reply, Options> {
    constructor(options: ClientOptions)
    getLogs(project: string, logstore: string, from: Date, to: Date, query: Query, options: Options): Promise<Reply>
    getHistograms(
      project: string,
      logstore: string,
      from: Date,
      to: Date,
      query: Query,
      options: Options,
    ): Promise<Reply>
    protected _request(
      verb: string,
      project: string,
      path: string,
      query: Query,
      body: Buffer | null,
      headers: Readonly<Record<string, string>>,
      options: Options,
    ): Promise<Reply>
    protected _getCredentials(): Promise<ClientCredentials>
    /** The value of the header `authorization`. */
    protected _sign(
      verb: string,
      path: string,
      query: Query,
      headers: Readonly<Record<string, string>>,
      credentials: ClientCredentials,
    ): string
  }

  export default Client
}

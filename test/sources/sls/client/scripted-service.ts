// A server on loopback that answers requests as a test says, for answers that a well-behaved service never gives.
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { type CredentialsProvider, staticCredentials } from '../../../../src/sources/sls/client/credentials.ts'
import type { SlsApi } from '../../../../src/sources/sls/client/sls-api.ts'
import { createSlsClient, type SlsClientOptions } from '../../../../src/sources/sls/client/sls-client.ts'

export interface SeenRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly socket: Socket
}

/** `hang`: no answer; `reset`: the connection is closed without one; a function: as the request is; else a reply. */
export type Answer =
  | 'hang'
  | 'reset'
  | ((request: SeenRequest) => Answer)
  | {
      readonly status?: number
      readonly headers?: Readonly<Record<string, string>>
      /** Without it: what a real reply has. */
      readonly isFromProxy?: boolean
      readonly body?: Buffer | string
    }

export const requestId = 'R1'
export const okJson = (value: unknown): Answer => ({ body: JSON.stringify(value) })
export const failed = (status: number, errorCode: string, errorMessage = 'no', headers = {}): Answer => ({
  status,
  headers,
  body: JSON.stringify({ errorCode, errorMessage }),
})

/** The time of the tests. */
export const nowMs = Date.UTC(2026, 0, 6, 2, 3, 4)
export const keys = { accessKeyId: 'LTAIkey', accessKeySecret: 'verySecret', securityToken: null }

export class ScriptedService {
  readonly seen: SeenRequest[] = []
  readonly #answers: Answer[]
  readonly #server: Server
  #wanted: (() => void) | null = null

  /** Answers in their order, the last one again and again. */
  static async start(t: TestContext, ...answers: Answer[]): Promise<ScriptedService> {
    const service = new ScriptedService(answers)
    await new Promise<void>(resolve => service.#server.listen(0, '127.0.0.1', resolve))
    t.after(() => {
      service.#server.close()
      service.#server.closeAllConnections()
    })
    return service
  }

  private constructor(answers: Answer[]) {
    this.#answers = answers
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        const { method = '', url = '', headers, socket } = request
        const seen = { method, url, headers, body: Buffer.concat(parts).toString(), socket }
        this.seen.push(seen)
        this.#wanted?.()
        let answer = this.#answers.length > 1 ? this.#answers.shift()! : this.#answers[0]!
        while (typeof answer === 'function') answer = answer(seen)
        if (answer === 'hang') return
        if (answer === 'reset') {
          socket.resetAndDestroy()
          return
        }
        const id = answer.isFromProxy ? {} : { 'x-log-requestid': requestId }
        response.writeHead(answer.status ?? 200, { ...id, ...answer.headers })
        response.end(answer.body ?? '')
      })
    })
  }

  get port(): number {
    // A server that listens on a port has an address of this kind.
    return (this.#server.address() as AddressInfo).port
  }

  /** Settled when so many requests have come. */
  async requests(count: number): Promise<void> {
    while (this.seen.length < count)
      await new Promise<void>(resolve => {
        this.#wanted = resolve
      })
  }

  client(t: TestContext, options: Partial<SlsClientOptions> & { credentials?: CredentialsProvider } = {}): SlsApi {
    const client = createSlsClient({
      endpoint: `http://127.0.0.1:${this.port}`,
      project: 'fc-test',
      logstore: 'fc-logs',
      credentials: staticCredentials(keys),
      signature: 'v1',
      region: null,
      query: null,
      nowMs: () => nowMs,
      ...options,
    })
    t.after(() => client.close())
    return client
  }
}

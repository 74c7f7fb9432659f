// HTTP sources on free ports of this machine, and senders.
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { z } from 'zod'
import type { Source } from '../../../src/model/source.ts'
import { HttpIntake } from '../../../src/sources/http/http-intake.ts'
import { httpSource } from '../../../src/sources/http/http-source.ts'
import { LoggedSource } from '../../../src/sources/shared/logged-source.ts'
import type { OpenSegmentFile } from '../../../src/sources/shared/segment-file.ts'
import type { SourceRig } from '../shared/source-rig.ts'
import { SourceWorld } from '../shared/source-world.ts'

export interface HttpRigOptions extends Partial<z.output<typeof httpSource.options>> {
  readonly openFile?: OpenSegmentFile
  readonly segmentBytes?: number
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

export interface Sending {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  /** Send without Content-Length, one chunk a part. */
  readonly chunks?: readonly (string | Buffer)[]
}

export class HttpRig implements SourceRig {
  readonly world = new SourceWorld()
  readonly end = null
  readonly #options: HttpRigOptions
  readonly #sources: Source[] = []

  constructor(options: HttpRigOptions = {}) {
    this.#options = options
  }

  open({ once = false } = {}): Source {
    const { openFile, segmentBytes, listen = '127.0.0.1:0', token = null, ...rest } = this.#options
    const deps = this.world.deps(once)
    const { format, fsync, maxBacklogBytes, ...limits } = {
      ...httpSource.options.parse({ listen: '127.0.0.1:0' }),
      ...rest,
    }
    const source = new LoggedSource(
      {
        format,
        fsync: rest.fsync ?? false,
        maxBacklogBytes,
        ...(openFile && { openFile }),
        ...(segmentBytes !== undefined && { segmentBytes }),
      },
      deps,
      new HttpIntake({ ...limits, listen, token }, deps),
    )
    this.#sources.push(source)
    return source
  }

  async begin(): Promise<Source> {
    const source = this.open()
    await source.start([])
    return source
  }

  /** Of the source that was started last. */
  get port(): number {
    return Number(this.world.events('httpListening').at(-1)?.['port'])
  }

  async write(text: string): Promise<void> {
    await this.send({ body: Buffer.from(text, 'latin1') })
  }

  send(sending: Sending = {}): Promise<Reply> {
    const { method = 'POST', path = '/v1/logs', headers = {}, body, chunks } = sending
    return new Promise((resolve, reject) => {
      const sent = request({ port: this.port, host: '127.0.0.1', method, path, headers: { ...headers }, agent: false })
      sent.on('error', reject)
      sent.on('response', response => {
        const parts: Buffer[] = []
        response.on('data', part => parts.push(part))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(parts).toString(),
          }),
        )
      })
      for (const chunk of chunks ?? []) sent.write(chunk)
      // Node writes the head in the encoding of a text that comes with it.
      sent.end(typeof body === 'string' ? Buffer.from(body) : body)
    })
  }

  /** A connection for what no well-behaved sender does. */
  connect(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.port, '127.0.0.1', () => resolve(socket))
      socket.once('error', reject)
    })
  }

  async close(): Promise<void> {
    await Promise.all(this.#sources.map(source => source.stop()))
    this.world.remove()
  }
}

/** Everything that comes on a connection until it is closed. */
export function readToEnd(socket: Socket): Promise<string> {
  return new Promise(resolve => {
    let text = ''
    socket.on('data', part => {
      text += part.toString('latin1')
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(text))
  })
}

export async function withHttpRig(options: HttpRigOptions, use: (rig: HttpRig, source: Source) => Promise<void>) {
  const rig = new HttpRig(options)
  try {
    await use(rig, await rig.begin())
  } finally {
    await rig.close()
  }
}

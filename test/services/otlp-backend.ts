// Backends of spans in the test's own process, which answer as they are told: over HTTP, and over gRPC with the official server.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import * as grpc from '@grpc/grpc-js'
import { decodeRequest, decodeRequestJson, encodeResponse, type SeenSpan } from '../sinks/otlp/official-spans.ts'
import type { Certificates } from './certificates.ts'

/** What is answered to one request. */
export type OtlpReply =
  | { readonly kind: 'taken'; readonly rejected?: number; readonly message?: string }
  | {
      readonly kind: 'http'
      readonly status: number
      readonly headers?: Record<string, string>
      readonly body?: string
    }
  | { readonly kind: 'grpc'; readonly code: number; readonly message: string; readonly retrySeconds?: number }
  /** Nothing, ever. */
  | { readonly kind: 'silence' }

export interface SeenRequest {
  /** Empty in requests of anything else. */
  readonly spans: readonly SeenSpan[]
  /** As it was written, no longer compressed. */
  readonly body: Buffer
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

/** What both have. */
export interface OtlpBackend {
  readonly url: string
  readonly requests: SeenRequest[]
  /** Answers of the next requests; then everything is taken. */
  readonly replies: OtlpReply[]
  close(): Promise<void>
}

const taken: OtlpReply = { kind: 'taken' }

const responseOf = ({ rejected, message = '' }: Extract<OtlpReply, { kind: 'taken' }>): Buffer =>
  Buffer.from(encodeResponse(rejected === undefined ? undefined : { rejectedSpans: rejected, errorMessage: message }))

/** `tls`: it speaks TLS, and takes only clients that the authority has signed. */
export async function openHttpBackend(tls?: Certificates): Promise<OtlpBackend> {
  const requests: SeenRequest[] = []
  const replies: OtlpReply[] = []
  const listener: RequestListener = async (request, answer) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece)
    const sent = Buffer.concat(pieces)
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent
    const isJson = request.headers['content-type'] === 'application/json'
    const path = request.url ?? ''
    const areSpans = !path.endsWith('/v1/metrics')
    const spans = !areSpans ? [] : isJson ? decodeRequestJson(body.toString()) : decodeRequest(body)
    requests.push({ spans, body, path, headers: flat(request.headers) })
    const reply = replies.shift() ?? taken
    if (reply.kind === 'http') answer.writeHead(reply.status, reply.headers).end(reply.body)
    else if (reply.kind !== 'taken') return
    else if (isJson) {
      const partial = { rejectedSpans: String(reply.rejected ?? 0), errorMessage: reply.message ?? '' }
      answer.writeHead(200, { 'content-type': 'application/json' })
      answer.end(JSON.stringify(reply.rejected === undefined ? {} : { partialSuccess: partial }))
    } else answer.writeHead(200, { 'content-type': 'application/x-protobuf' }).end(responseOf(reply))
  }
  const server: Server = tls === undefined ? createServer(listener) : createTlsServer(tlsOf(tls), listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, requests, replies, close }
}

const tlsOf = ({ ca, server }: Certificates) => ({
  ca: readFileSync(ca),
  cert: readFileSync(server.cert),
  key: readFileSync(server.key),
  requestCert: true,
  rejectUnauthorized: true,
})

const flat = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))

const asItIs = (bytes: Buffer): Buffer => bytes
const exportMethod = (service: string): grpc.MethodDefinition<Buffer, Buffer> => ({
  path: `/opentelemetry.proto.collector.${service}/Export`,
  requestStream: false,
  responseStream: false,
  requestSerialize: asItIs,
  requestDeserialize: asItIs,
  responseSerialize: asItIs,
  responseDeserialize: asItIs,
})
const traceMethod = exportMethod('trace.v1.TraceService')
const metricsMethod = exportMethod('metrics.v1.MetricsService')

export async function openGrpcBackend(tls?: Certificates): Promise<OtlpBackend> {
  const requests: SeenRequest[] = []
  const replies: OtlpReply[] = []
  const server = new grpc.Server()
  const answer: grpc.handleUnaryCall<Buffer, Buffer> = (call, callback) => {
    const { request, metadata } = call
    const headers = Object.entries(metadata.getMap()).map(([name, value]) => [name, String(value)])
    const path = call.getPath()
    const spans = path === traceMethod.path ? decodeRequest(request) : []
    requests.push({ spans, body: request, path, headers: Object.fromEntries(headers) })
    const reply = replies.shift() ?? taken
    if (reply.kind === 'taken') callback(null, responseOf(reply))
    else if (reply.kind === 'grpc') {
      const { code, message } = reply
      callback({ code, details: message, metadata: detailsOf(reply) })
    }
  }
  server.addService({ export: traceMethod }, { export: answer })
  server.addService({ export: metricsMethod }, { export: answer })
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', credentialsOf(tls), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  )
  const close = async (): Promise<void> => server.forceShutdown()
  return { url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, requests, replies, close }
}

function credentialsOf(tls: Certificates | undefined): grpc.ServerCredentials {
  if (tls === undefined) return grpc.ServerCredentials.createInsecure()
  const { ca, cert, key } = tlsOf(tls)
  return grpc.ServerCredentials.createSsl(ca, [{ private_key: key, cert_chain: cert }], true)
}

/** `google.rpc.Status` with a `RetryInfo` of whole seconds, written by hand: field 3, an Any of type and value. */
function detailsOf({ retrySeconds }: Extract<OtlpReply, { kind: 'grpc' }>): grpc.Metadata {
  const metadata = new grpc.Metadata()
  if (retrySeconds === undefined) return metadata
  const type = Buffer.from('type.googleapis.com/google.rpc.RetryInfo')
  const value = Buffer.from([0x0a, 2, 0x08, retrySeconds])
  const any = Buffer.concat([Buffer.from([0x0a, type.length]), type, Buffer.from([0x12, value.length]), value])
  metadata.set('grpc-status-details-bin', Buffer.concat([Buffer.from([0x1a, any.length]), any]))
  return metadata
}

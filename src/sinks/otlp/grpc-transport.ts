// Requests over gRPC (https://opentelemetry.io/docs/specs/otlp/#otlpgrpc). Requests and answers are bytes here: the package only frames
// them, so that nothing is encoded twice.
import type { Client, Metadata, ServiceError } from '@grpc/grpc-js'
import { retryInfoMs, takenOutcome } from './export-reply.ts'
import type { OtlpConnection } from './otlp-options.ts'
import {
  type ExportOutcome,
  maxReplyBytes,
  type OtlpSignal,
  type OtlpTransport,
  shortReason,
} from './otlp-transport.ts'
import type { TlsFiles } from './tls-files.ts'

/** What grpc-js calls gzip. */
const gzip = 2
const usualPort = '4317'

type Grpc = typeof import('@grpc/grpc-js')

/** Loaded when it is needed: it takes longer than everything else of a start. */
export async function openGrpcTransport(parts: GrpcParts): Promise<OtlpTransport> {
  return new GrpcTransport(await import('@grpc/grpc-js'), parts)
}

interface GrpcParts {
  readonly options: OtlpConnection
  readonly files: TlsFiles
  readonly signal: OtlpSignal
}

class GrpcTransport implements OtlpTransport {
  readonly #grpc: Grpc
  readonly #client: Client
  readonly #metadata: Metadata
  readonly #host: string
  readonly #timeoutMs: number
  readonly #method: string
  /** What may be sent again, as the specification lists it. */
  readonly #passing: ReadonlySet<number>

  constructor(grpc: Grpc, { options, files, signal }: GrpcParts) {
    this.#grpc = grpc
    const { hostname, port, protocol } = new URL(options.url)
    this.#host = `${hostname}:${port || usualPort}`
    this.#timeoutMs = options.timeoutMs
    this.#method = signal.grpcMethod
    const credentials =
      protocol === 'https:'
        ? grpc.credentials.createSsl(files.ca ?? null, files.key ?? null, files.cert ?? null, {
            rejectUnauthorized: options.tls?.insecure !== true,
          })
        : grpc.credentials.createInsecure()
    this.#client = new grpc.Client(this.#host, credentials, {
      ...(options.compression === 'gzip' && { 'grpc.default_compression_algorithm': gzip }),
      'grpc.max_receive_message_length': maxReplyBytes,
      'grpc.primary_user_agent': 'fcscope',
      // The queue tries again, and says so.
      'grpc.enable_retries': 0,
      // A backend that is back is asked at the queue's next try.
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 1000,
    })
    this.#metadata = new grpc.Metadata()
    for (const [name, value] of Object.entries(options.headers ?? {})) this.#metadata.set(name, value)
    const { status } = grpc
    this.#passing = new Set([
      status.CANCELLED,
      status.DEADLINE_EXCEEDED,
      status.ABORTED,
      status.OUT_OF_RANGE,
      status.UNAVAILABLE,
      status.DATA_LOSS,
    ])
  }

  send(request: Buffer, signal: AbortSignal): Promise<ExportOutcome> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason)
        return
      }
      const cancel = (): void => call.cancel()
      const call = this.#client.makeUnaryRequest(
        this.#method,
        asItIs,
        asItIs,
        request,
        this.#metadata,
        { deadline: Date.now() + this.#timeoutMs },
        (error, reply) => {
          signal.removeEventListener('abort', cancel)
          if (signal.aborted) reject(signal.reason)
          else if (error === null) resolve(takenOutcome(reply ?? Buffer.alloc(0), false))
          else resolve(this.#outcomeOf(error))
        },
      )
      signal.addEventListener('abort', cancel, { once: true })
    })
  }

  #outcomeOf({ code, details, metadata }: ServiceError): ExportOutcome {
    const { status } = this.#grpc
    const reason = `${this.#host} answers ${status[code] ?? code} (${shortReason(details)})`
    const [more] = metadata?.get('grpc-status-details-bin') ?? []
    const afterMs = Buffer.isBuffer(more) ? retryInfoMs(more) : null
    // Out of resources for good, unless the backend says when it may be asked again.
    const isPassing = this.#passing.has(code) || (code === status.RESOURCE_EXHAUSTED && afterMs !== null)
    return isPassing ? { kind: 'later', reason, afterMs } : { kind: 'refused', reason }
  }

  close(): void {
    this.#client.close()
  }
}

const asItIs = (bytes: Buffer): Buffer => bytes

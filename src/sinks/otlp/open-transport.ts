// The way to a backend that a section of the configuration names.
import { HttpTransport } from './http-transport.ts'
import type { OtlpConnection } from './otlp-options.ts'
import type { OtlpSignal, OtlpTransport } from './otlp-transport.ts'
import { readTlsFiles } from './tls-files.ts'

export interface TransportParts {
  /** Of the configuration, for messages. */
  readonly section: string
  readonly options: OtlpConnection
  readonly signal: OtlpSignal
  readonly nowMs: () => number
}

/** Opens nothing at the backend, which may be down. Fails with an `FcscopeError` when certificates cannot be read. */
export async function openTransport({ section, options, signal, nowMs }: TransportParts): Promise<OtlpTransport> {
  const files = readTlsFiles(section, options)
  if (options.protocol !== 'grpc') return new HttpTransport({ options, files, signal, nowMs })
  const { openGrpcTransport } = await import('./grpc-transport.ts')
  return openGrpcTransport({ options, files, signal })
}

/** Sends a request with nothing in it, for somebody who asks before a worker is started. Resolves with what is wrong; null when nothing is. */
export async function probeBackend(parts: TransportParts): Promise<string | null> {
  const transport = await openTransport(parts)
  try {
    const outcome = await transport.send(Buffer.alloc(0), AbortSignal.timeout(parts.options.timeoutMs))
    return outcome.kind === 'taken' ? null : outcome.reason
  } finally {
    transport.close()
  }
}

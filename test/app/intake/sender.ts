// A sender of logs over HTTP that tries again until it is answered, wherever the worker listens by then.
import { pause } from '../worker/worker-process.ts'

export interface Reply {
  readonly status: number
  readonly retryAfter: string | null
  readonly replayed: boolean
}

export interface Body {
  readonly bytes: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
  readonly stream?: string
}

/** Null without an answer. */
export async function post(port: number, { bytes, headers = {}, stream = '' }: Body): Promise<Reply | null> {
  const where = stream === '' ? '' : `?stream=${encodeURIComponent(stream)}`
  try {
    const response = await fetch(`http://127.0.0.1:${port}/v1/logs${where}`, {
      method: 'POST',
      headers: { ...headers },
      body: new Uint8Array(bytes),
      signal: AbortSignal.timeout(20_000),
    })
    await response.arrayBuffer()
    const { status } = response
    const retryAfter = response.headers.get('retry-after')
    return { status, retryAfter, replayed: response.headers.get('idempotency-replayed') === 'true' }
  } catch {
    return null
  }
}

/** Sends until it is taken; `port` gives where the worker listens now. Resolves with the number of tries. */
export async function postUntilTaken(port: () => number, body: Body): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const reply = await post(port(), body)
    if (reply?.status === 200) return tries
    if (reply !== null && reply.status !== 429 && reply.status !== 503) throw new Error(`status ${reply.status}`)
    await pause(50)
  }
}

/** Whole lines, about so many bytes each. */
export function bodiesOf(bytes: Buffer, about: number): Buffer[] {
  const bodies: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(10, Math.min(bytes.length - 1, at + about)) + 1
    bodies.push(bytes.subarray(at, end === 0 ? bytes.length : end))
    at += bodies.at(-1)?.length ?? 0
  }
  return bodies
}

// What a port answers when somebody greets it with TLS.
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** `nothing`: no connection comes about. */
export type SpokenThere = 'tls' | 'plain' | 'nothing'

/** Greets HOST:PORT. Never rejects, and takes at most twice `timeoutMs`. */
export async function probePort(address: string, timeoutMs: number): Promise<SpokenThere> {
  const colon = address.lastIndexOf(':')
  const place = { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) }
  if (!(await accepts(place, timeoutMs))) return 'nothing'
  return (await answersTls(place, timeoutMs)) ? 'tls' : 'plain'
}

interface Place {
  readonly host: string
  readonly port: number
}

const accepts = (place: Place, timeoutMs: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(place)
    const end = (doesAccept: boolean): void => {
      socket.destroy()
      resolve(doesAccept)
    }
    socket.setTimeout(timeoutMs, () => end(false))
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })

/** Whatever the certificate is: nothing is sent. An alert in TLS's own words is an answer, too. */
const answersTls = (place: Place, timeoutMs: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connectTls({ ...place, rejectUnauthorized: false })
    const end = (doesAnswer: boolean): void => {
      socket.destroy()
      resolve(doesAnswer)
    }
    socket.setTimeout(timeoutMs, () => end(false))
    socket.once('secureConnect', () => end(true))
    socket.once('error', ({ code = '' }: NodeJS.ErrnoException) => end(/ALERT/.test(code)))
    socket.once('close', () => end(false))
  })

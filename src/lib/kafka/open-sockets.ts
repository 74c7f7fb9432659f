// The sockets of a client, so that it can be ended although a broker does not answer.
import { connect, isIP, Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { ISocketFactory } from 'kafkajs'

const keepAliveMs = 60_000
const endText = 'the client was ended'

/** Opens sockets as kafkajs would, and knows those that are open. */
export class OpenSockets {
  readonly #open = new Set<Socket>()
  #isOver = false

  readonly open: ISocketFactory = ({ host, port, ssl, onConnect }) => {
    if (this.#isOver) return new Socket().destroy(new Error(endText))
    // kafkajs's types say that there is always TLS; without it this is undefined.
    const tls: typeof ssl | undefined = ssl
    const servername = isIP(host) === 0 ? { servername: host } : {}
    const socket = tls
      ? connectTls({ host, port, ...servername, ...tls }, onConnect)
      : connect({ host, port }, onConnect)
    socket.setKeepAlive(true, keepAliveMs)
    socket.setNoDelay(true)
    this.#open.add(socket)
    socket.once('close', () => this.#open.delete(socket))
    return socket
  }

  /** Ends them all at once, whatever they wait for; no more come. */
  destroy(): void {
    this.#isOver = true
    // With an error, since kafkajs does not listen to anything else that would let its own timers end.
    for (const socket of this.#open) socket.destroy(new Error(endText))
  }
}

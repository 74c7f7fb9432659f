// Ports for servers that other programs open, some only seconds later, and once more after a crash.
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/**
 * Below those that the system gives to outgoing connections (from 32768 on): one of these may have the port when the server wants it,
 * and a client that knocks at a port of its own range while nobody listens may reach itself.
 */
const firstPort = 20_000
const endPort = 32_000
const maxTries = 100

/** A port on the loopback interface that nobody listens on. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < maxTries; tried += 1) {
    const port = randomInt(firstPort, endPort)
    if (await canListen(port)) return port
  }
  throw new Error(`no free port among ${maxTries}`)
}

const canListen = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

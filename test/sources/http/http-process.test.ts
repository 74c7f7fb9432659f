// Kills in the middle of the traffic: what was answered is there, and what is sent again with its key is there once.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { SmallWorker } from '../shared/small-worker.ts'
import { HttpRig } from './http-rig.ts'

const script = fileURLToPath(new URL('serve-http.ts', import.meta.url))

class Server {
  readonly #child: ChildProcess
  readonly #port: number
  readonly #agent = new Agent({ keepAlive: true })

  static async start(folder: string): Promise<Server> {
    const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
    assert.ok(child.stdout)
    const [said] = await once(child.stdout, 'data')
    return new Server(child, Number(said))
  }

  constructor(child: ChildProcess, port: number) {
    this.#child = child
    this.#port = port
  }

  /** Null without an answer. */
  post(key: string, body: string): Promise<number | null> {
    return new Promise(resolve => {
      const options = { port: this.#port, host: '127.0.0.1', path: '/v1/logs', method: 'POST', agent: this.#agent }
      const sent = request({ ...options, headers: { 'idempotency-key': key } }, response => {
        response.resume().on('end', () => resolve(response.statusCode ?? null))
        response.on('error', () => resolve(null))
      })
      sent.on('error', () => resolve(null))
      sent.end(Buffer.from(body))
    })
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.kill(signal)
    await ended
    this.#agent.destroy()
  }
}

test('every line that was sent until it was answered is there once, through three kills', async () => {
  const rig = new HttpRig()
  const answered = new Set<number>()
  const unanswered: number[] = []
  let next = 0
  for (let round = 1; round <= 3; round += 1) {
    const server = await Server.start(rig.world.folder)
    let killing: Promise<void> | null = null
    const send = async (): Promise<void> => {
      while (killing === null) {
        const n = unanswered.shift() ?? next++
        if ((await server.post(`k${n}`, `line ${n}`)) === 200) answered.add(n)
        else unanswered.push(n)
        if (answered.size >= round * 200) killing ??= server.end('SIGKILL')
      }
    }
    await Promise.all(Array.from({ length: 16 }, send))
    await killing
  }
  const server = await Server.start(rig.world.folder)
  for (const n of unanswered) assert.equal(await server.post(`k${n}`, `line ${n}`), 200)
  await server.end('SIGTERM')
  const source = rig.open({ once: true })
  await source.start([])
  const worker = new SmallWorker(source)
  await worker.drain()
  const numbers = worker.text
    .trimEnd()
    .split('\n')
    .map(line => Number(line.slice(5)))
  assert.deepEqual(
    numbers.toSorted((a, b) => a - b),
    Array.from({ length: next }, (_, i) => i),
  )
  await rig.close()
})

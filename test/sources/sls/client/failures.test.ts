// What becomes of answers that are failures: what is mended without a word, and what the caller is told.
import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { Credentials, CredentialsProvider } from '../../../../src/sources/sls/client/credentials.ts'
import { SlsError } from '../../../../src/sources/sls/client/sls-api.ts'
import { type Answer, failed, nowMs, okJson, ScriptedService } from './scripted-service.ts'

const signal = new AbortController().signal
const empty = okJson([])

async function failure(promise: Promise<unknown>): Promise<SlsError> {
  const error = await promise.then(
    () => assert.fail('it did not fail'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof SlsError, String(error))
  return error
}

const told: [what: string, answer: Answer, code: string, kind: string, message: string][] = [
  [
    'a code of the service',
    failed(403, 'ShardReadQuotaExceed', 'shard read qps exceed quota limits'),
    'ShardReadQuotaExceed',
    'quota',
    'ListShards: ShardReadQuotaExceed: shard read qps exceed quota limits (HTTP 403, request R1)',
  ],
  [
    'a misspelt code',
    failed(400, 'ShardNotExsit', 'x'),
    'ShardNotExist',
    'shardGone',
    'ListShards: ShardNotExist: x (HTTP 400, request R1)',
  ],
  [
    'no JSON',
    { status: 503, body: '<html>' },
    'InternalServerError',
    'retry',
    'ListShards: InternalServerError (HTTP 503, request R1)',
  ],
  [
    'an answer of a gateway',
    { status: 502, body: '<html>', isFromProxy: true },
    'Proxy',
    'retry',
    'ListShards: HTTP 502 without a request id; a proxy or gateway answered, not Simple Log Service',
  ],
  [
    'a login page',
    { body: '<html>', isFromProxy: true },
    'Proxy',
    'retry',
    'ListShards: HTTP 200 without a request id; a proxy or gateway answered, not Simple Log Service',
  ],
  [
    'an answer that is no JSON',
    { body: '<html>' },
    'BadReply',
    'retry',
    'ListShards: a reply that cannot be read: it is not JSON (request R1)',
  ],
  [
    'an answer of another form',
    okJson([{ shardID: 'x' }]),
    'BadReply',
    'retry',
    'ListShards: a reply that cannot be read: 0.shardID is not what it should be (request R1)',
  ],
  [
    'secrets, and more than a line',
    failed(
      400,
      'ParameterInvalid',
      `AccessKeyId: LTAIkey\nsigned with verySecret, want signature: abcdef12345 ${'x'.repeat(900)}`,
    ),
    'ParameterInvalid',
    'fatal',
    `ListShards: ParameterInvalid: AccessKeyId: *** signed with ***, want signature: *** ${'x'.repeat(246)}… (HTTP 400, request R1)`,
  ],
]
for (const [what, answer, code, kind, message] of told) {
  test(what, async t => {
    const service = await ScriptedService.start(t, answer)
    const error = await failure(service.client(t).listShards(signal))
    assert.deepEqual([error.code, error.kind], [code, kind])
    assert.equal(error.message, message)
    assert.equal(service.seen.length, 1)
  })
}

const serverMs = nowMs + 3_600_000
const skewed: [what: string, headers: Record<string, string>][] = [
  ['x-log-time', { 'x-log-time': String(serverMs / 1000), date: new Date(0).toUTCString() }],
  ['Date', { date: new Date(serverMs).toUTCString() }],
]
for (const [what, headers] of skewed) {
  test(`the clock is set by ${what}, and stays so`, async t => {
    const service = await ScriptedService.start(t, failed(400, 'RequestTimeTooSkewed', 'no', headers), empty)
    const client = service.client(t)
    await client.listShards(signal)
    await client.listShards(signal)
    const dates = service.seen.map(({ headers: { date } }) => Date.parse(date ?? ''))
    assert.deepEqual(dates, [nowMs, serverMs, serverMs])
  })
}

test('the clock is set once in a call', async t => {
  const service = await ScriptedService.start(t, failed(400, 'RequestTimeExpired', 'no', skewed[0]![1]))
  const error = await failure(service.client(t).listShards(signal))
  assert.deepEqual([error.code, error.kind, service.seen.length], ['RequestTimeExpired', 'retry', 2])
})

/** Gives new credentials after every invalidation. */
class RotatedCredentials implements CredentialsProvider {
  round = 0
  get(): Promise<Credentials> {
    return Promise.resolve({ accessKeyId: `k${this.round}`, accessKeySecret: 's', securityToken: `t${this.round}` })
  }
  invalidate(): void {
    this.round += 1
  }
}

for (const code of ['Unauthorized', 'SecurityToken.Expired', 'InvalidAccessKeyId.NotFound', 'SignatureNotMatch']) {
  test(`${code}: credentials are got anew`, async t => {
    const service = await ScriptedService.start(t, failed(401, code), empty)
    const credentials = new RotatedCredentials()
    await service.client(t, { credentials }).listShards(signal)
    assert.deepEqual(
      service.seen.map(({ headers }) => headers['x-acs-security-token']),
      ['t0', 't1'],
    )
  })
}

test('credentials are got anew once in a call', async t => {
  const service = await ScriptedService.start(t, failed(401, 'Unauthorized'))
  const credentials = new RotatedCredentials()
  const error = await failure(service.client(t, { credentials }).listShards(signal))
  assert.deepEqual([error.kind, service.seen.length, credentials.round], ['denied', 2, 1])
})

test('calls that are refused together invalidate once', async t => {
  const service = await ScriptedService.start(t, ({ headers }) =>
    headers['x-acs-security-token'] === 't0' ? failed(401, 'SecurityTokenExpired') : empty,
  )
  const credentials = new RotatedCredentials()
  const client = service.client(t, { credentials })
  await Promise.all(Array.from({ length: 4 }, () => client.listShards(signal)))
  assert.equal(credentials.round, 1)
})

test('a clock and credentials can both be wrong', async t => {
  const late = failed(400, 'RequestTimeExpired', 'no', skewed[0]![1])
  const service = await ScriptedService.start(t, late, failed(401, 'Unauthorized'), empty)
  await service.client(t, { credentials: new RotatedCredentials() }).listShards(signal)
  assert.equal(service.seen.length, 3)
})

test('no credentials: nothing of what the provider said', async t => {
  const service = await ScriptedService.start(t, empty)
  const credentials = { get: () => Promise.reject(new Error('AccessKeySecret=abc')), invalidate() {} }
  const error = await failure(service.client(t, { credentials }).listShards(signal))
  assert.deepEqual([error.code, error.kind, error.status, error.cause], ['Credentials', 'denied', 0, undefined])
  assert.doesNotMatch(error.message, /abc/)
})

test('a connection that was closed while it was idle is replaced', async t => {
  const service = await ScriptedService.start(t, empty, 'reset', empty)
  const client = service.client(t)
  await client.listShards(signal)
  assert.deepEqual(await client.listShards(signal), [])
  assert.equal(service.seen.length, 3)
})

test('a new connection that is closed is a failure', async t => {
  const service = await ScriptedService.start(t, 'reset')
  const error = await failure(service.client(t).listShards(signal))
  assert.deepEqual([error.code, error.kind, error.status], ['Network', 'retry', 0])
  assert.equal(service.seen.length, 1)
})

test('nobody listens', async t => {
  const { port } = await ScriptedService.start(t, empty)
  const other = await ScriptedService.start(t, empty)
  const endpoint = `http://127.0.0.2:${port}`
  const error = await failure(other.client(t, { endpoint }).listShards(signal))
  assert.deepEqual([error.code, error.kind], ['Network', 'retry'])
  assert.match(error.message, /^ListShards: the service cannot be reached: .*ECONNREFUSED/)
})

test('an answer that stops in the middle', async t => {
  const server = createServer((socket: Socket) => {
    socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\nx-log-requestid: R1\r\ncontent-length: 100\r\n\r\n[]'))
  })
  const port = await listen(t, server)
  const service = await ScriptedService.start(t, empty)
  const error = await failure(service.client(t, { endpoint: `http://127.0.0.1:${port}` }).listShards(signal))
  assert.deepEqual([error.code, error.kind], ['Network', 'retry'])
})

test('an answer without end is not read', async t => {
  const service = await ScriptedService.start(t, { headers: { 'content-length': String(9 * 1024 * 1024) }, body: '' })
  const error = await failure(service.client(t).listShards(signal))
  assert.deepEqual([error.code, error.kind], ['BadReply', 'retry'])
})

async function listen(t: TestContext, server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  return address.port
}

test('https is what is spoken unless the endpoint says http; the name asked for is the project’s', async t => {
  let hello = Buffer.alloc(0)
  const server = createServer(socket =>
    socket.once('data', part => {
      hello = part
      socket.destroy()
    }),
  )
  const port = await listen(t, server)
  const service = await ScriptedService.start(t, empty)
  const lookups: string[] = []
  const client = service.client(t, {
    endpoint: `sls.test:${port}`,
    lookup: (host, options, done) => {
      lookups.push(host)
      if (options.all) done(null, [{ address: '127.0.0.1', family: 4 }])
      else done(null, '127.0.0.1', 4)
    },
  })
  assert.equal((await failure(client.listShards(signal))).code, 'Network')
  assert.deepEqual(lookups, ['fc-test.sls.test'])
  // A TLS handshake record, with the server's name in it.
  assert.deepEqual([...hello.subarray(0, 2)], [0x16, 0x03])
  assert.ok(hello.includes('fc-test.sls.test'))
})

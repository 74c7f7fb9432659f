// What is wrong with a cluster, told from errors as kafkajs makes them, and from ports.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { KafkaConnection } from '../../../src/lib/kafka/connection-options.ts'
import { findKafkaFault, type KafkaFaultKind, mayPass } from '../../../src/lib/kafka/kafka-fault.ts'
import type { KafkaRemark } from '../../../src/lib/kafka/kafka-log.ts'

interface Made {
  readonly name: string
  readonly message?: string
  readonly type?: string
  readonly code?: string
  readonly broker?: string
  readonly cause?: Made
}

const made = ({ cause, message = 'it went wrong', ...fields }: Made): Error =>
  Object.assign(new Error(message, cause === undefined ? {} : { cause: made(cause) }), fields)

const connection: KafkaConnection = {
  brokers: ['127.0.0.1:1'],
  sasl: undefined,
  ssl: false,
  clientId: 'test',
  connectionTimeoutMs: 1000,
}
const denied: KafkaRemark = {
  severity: 'error',
  namespace: 'Connection',
  text: 'Response GroupCoordinator(key: 10, version: 2): Not authorized to access group: Group authorization failed',
  topic: null,
  partition: null,
}

const cases: readonly [kind: KafkaFaultKind, error: Made, how?: { ssl?: true; remarks?: readonly KafkaRemark[] }][] = [
  ['noTopic', { name: 'KafkaJSProtocolError', type: 'UNKNOWN_TOPIC_OR_PARTITION' }],
  [
    'topicDenied',
    {
      name: 'KafkaJSNumberOfRetriesExceeded',
      cause: { name: 'KafkaJSProtocolError', type: 'TOPIC_AUTHORIZATION_FAILED' },
    },
  ],
  ['groupDenied', { name: 'KafkaJSProtocolError', type: 'GROUP_AUTHORIZATION_FAILED' }],
  ['groupDenied', { name: 'KafkaJSGroupCoordinatorNotFound' }, { remarks: [denied] }],
  ['noCoordinator', { name: 'KafkaJSGroupCoordinatorNotFound' }],
  ['wrongMechanism', { name: 'KafkaJSProtocolError', type: 'UNSUPPORTED_SASL_MECHANISM' }],
  [
    'wrongMechanism',
    { name: 'KafkaJSSASLAuthenticationError', message: 'SASL PLAIN mechanism is not supported by the server' },
  ],
  ['wrongPassword', { name: 'KafkaJSSASLAuthenticationError', message: 'SASL PLAIN authentication failed' }],
  ['knowsNoSasl', { name: 'KafkaJSProtocolError', type: 'ILLEGAL_SASL_STATE' }],
  ['sessionTimeout', { name: 'KafkaJSProtocolError', type: 'INVALID_SESSION_TIMEOUT' }],
  ['other', { name: 'KafkaJSProtocolError', type: 'UNSUPPORTED_VERSION' }],
  ['other', { name: 'KafkaJSError' }],
  ['untrusted', { name: 'KafkaJSConnectionError', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, { ssl: true }],
  ['untrusted', { name: 'KafkaJSConnectionError', code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, { ssl: true }],
  ['speaksPlain', { name: 'KafkaJSConnectionError', code: 'ERR_SSL_WRONG_VERSION_NUMBER' }, { ssl: true }],
  ['unreachable', { name: 'KafkaJSConnectionError', code: 'ECONNREFUSED' }],
  ['unreachable', { name: 'KafkaJSConnectionClosedError', broker: '127.0.0.1:1' }],
]
for (const [kind, error, { ssl, remarks = [] } = {}] of cases) {
  test(`${kind}: ${JSON.stringify(error)}`, async () => {
    const fault = await findKafkaFault(made(error), { ...connection, ssl: ssl ?? false }, remarks)
    assert.equal(fault.kind, kind)
    assert.equal(fault.broker, error.broker ?? null)
  })
}

/** A port that greets nobody. */
async function silentPort(context: TestContext, does: 'close' | 'wait'): Promise<string> {
  const server = createServer(socket => {
    socket.on('error', () => {})
    if (does === 'close') socket.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => server.close())
  // The address of a TCP server that listens is one of these.
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('a port that closes the connection wants something that was not said', async context => {
  const broker = await silentPort(context, 'close')
  const closed = made({ name: 'KafkaJSConnectionClosedError', broker })
  assert.equal((await findKafkaFault(closed, connection, [])).kind, 'wantsSasl')
  assert.equal((await findKafkaFault(closed, { ...connection, ssl: true }, [])).kind, 'speaksPlain')
})

test('a port that says nothing is waited for no longer than for a connection', async context => {
  const broker = await silentPort(context, 'wait')
  const timedOut = made({ name: 'KafkaJSRequestTimeoutError', broker })
  const fault = await findKafkaFault(timedOut, { ...connection, connectionTimeoutMs: 100 }, [])
  assert.equal(fault.kind, 'unreachable')
})

test('reasons are one line, and not too long', async () => {
  const error = made({ name: 'KafkaJSError', message: `first\n second ${'x'.repeat(1000)}` })
  const { reason } = await findKafkaFault(error, connection, [])
  assert.match(reason, /^first second x+$/)
  assert.equal(reason.length, 300)
})

const passing: readonly [doesPass: boolean, error: Made, remarks?: readonly KafkaRemark[]][] = [
  [true, { name: 'KafkaJSProtocolError', type: 'GROUP_LOAD_IN_PROGRESS' }],
  [true, { name: 'KafkaJSNonRetriableError', cause: { name: 'KafkaJSProtocolError', type: 'LEADER_NOT_AVAILABLE' } }],
  [true, { name: 'KafkaJSGroupCoordinatorNotFound' }],
  [false, { name: 'KafkaJSGroupCoordinatorNotFound' }, [denied]],
  [false, { name: 'KafkaJSProtocolError', type: 'UNKNOWN_TOPIC_OR_PARTITION' }],
  [false, { name: 'KafkaJSConnectionError' }],
]
for (const [doesPass, error, remarks = []] of passing) {
  test(`${JSON.stringify(error)} ${doesPass ? 'passes' : 'does not pass'}`, () =>
    assert.equal(mayPass(made(error), remarks), doesPass))
}

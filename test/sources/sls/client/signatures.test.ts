// The vectors of facts §4.3: of the official SDKs, and two of our own that @alicloud/log agrees with.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { headersV1, signV1 } from '../../../../src/sources/sls/client/sign-v1.ts'
import { canonicalRequest, headersV4, signV4 } from '../../../../src/sources/sls/client/sign-v4.ts'
import { percentEncode, queryText, type SignedParts } from '../../../../src/sources/sls/client/signed-request.ts'

const keys = (accessKeyId: string, accessKeySecret: string) => ({ accessKeyId, accessKeySecret, securityToken: null })
const mock = keys('mockAccessKeyID', 'mockAccessKeySecret')
const rust = keys('test-access-key-id', 'test-access-key')

const versionAndMethod = { 'x-log-apiversion': '0.6.0', 'x-log-signaturemethod': 'hmac-sha1' }
const goHeaders = { ...versionAndMethod, date: 'Mon, 3 Jan 2010 08:33:47 GMT' }
const epoch = { ...versionAndMethod, date: 'Thu, 01 Jan 1970 00:00:00 GMT' }
const rustPost = {
  ...epoch,
  'content-type': 'application/json',
  'content-md5': 'CE688F8D1AC3ED309BA9BE0A5ABAFCE5',
}
const rustToken = { ...rustPost, 'x-acs-security-token': 'test-security-token' }
const pullQuery = {
  type: 'logs',
  cursor: 'MTcyOTA3MDYxODQyODA0NDY1NQ==',
  count: '1000',
  query: "* | where a = 'x y'",
  pullMode: 'scan_on_stream',
}
const line100 = { type: 'log', offset: '0', line: '100' }

const v1: [what: string, parts: SignedParts, credentials: typeof mock, signature: string][] = [
  [
    'go 1',
    { method: 'GET', path: '/logstores', query: {}, headers: { ...goHeaders, 'x-log-bodyrawsize': '0' } },
    mock,
    'Rwm6cTKzoti4HWoe+GKcb6Kv07E=',
  ],
  [
    'go 2',
    {
      method: 'GET',
      path: '/logstores/app_log',
      query: {},
      headers: {
        ...goHeaders,
        'content-md5': '8D6881250FF5559F59BBDF04100F6E59',
        'content-type': 'application/x-protobuf',
        'x-log-bodyrawsize': '50',
      },
    },
    mock,
    '87xQWqFaOSewqRIma8kPjGYlXHc=',
  ],
  ['rust 3', { method: 'GET', path: '/', query: {}, headers: epoch }, keys('', ''), 'SApFTtfTFKHmzdEdaMe5TjNn+RQ='],
  [
    'rust 4',
    { method: 'POST', path: '/logstores/test-logstore', query: line100, headers: rustPost },
    rust,
    '4pL2xZJERC3tPKtRiHh9+nMG3tI=',
  ],
  [
    'rust 5, with a token',
    { method: 'POST', path: '/logstores/test-logstore', query: line100, headers: rustToken },
    rust,
    'ZQt+0wIvpd+O9yIJKeKxZTJ2hv0=',
  ],
  [
    'rust 6, with a cursor',
    {
      method: 'POST',
      path: '/logstores/test/shards/2',
      query: { type: 'log', count: '1000', cursor: 'MTczNzY2OTAzNjAxNzIxODQ1NA==' },
      headers: rustToken,
    },
    rust,
    'K3rw5WXRe77aZ/meSyEa8NNUYFc=',
  ],
  [
    'own 7, with a query',
    {
      method: 'GET',
      path: '/logstores/app_log/shards/0',
      query: pullQuery,
      headers: {
        ...versionAndMethod,
        date: 'Tue, 06 Jan 2026 02:03:04 GMT',
        'x-log-bodyrawsize': '0',
        'x-acs-security-token': 'mockToken',
      },
    },
    mock,
    'AuHqbIn5C2nV5gykMLHmanQvXqc=',
  ],
]
for (const [what, parts, credentials, signature] of v1) {
  test(`v1: ${what}`, () => assert.equal(signV1(parts, credentials), `LOG ${credentials.accessKeyId}:${signature}`))
}

test('v1: the headers of a request', () => {
  const nowMs = Date.UTC(2026, 0, 6, 2, 3, 4, 567)
  assert.deepEqual(headersV1(null, nowMs), {
    date: 'Tue, 06 Jan 2026 02:03:04 GMT',
    'x-log-signaturemethod': 'hmac-sha1',
  })
  const body = Buffer.from('\n            {"key": "value"}\n        ')
  assert.equal(headersV1(body, nowMs)['content-md5'], 'CE688F8D1AC3ED309BA9BE0A5ABAFCE5')
})

const goKeys = keys('acsddda21dsd', 'zxasdasdasw2')
const goBody = Buffer.from('adasd= -asd zcas')
const H = { hello: 'world', 'hello-text': 'a12X- ', ' ko ': '', 'x-log-test': 'het123', 'x-acs-ppp': 'dds' }
const Q = { ' abc': 'efg', ' agc ': '', '': 'efg', 'A-bc': 'eFg' }
const longQ = { ...Q, 'abs-ij*asd/vc': 'a~js+d ada', 'a abAas123/vc': 'a~jdad a2ADFs+d ada' }
const goTimeMs = Date.UTC(2022, 7, 8, 3, 23, 30)

const goParts = (method: string, path: string, body: Buffer | null, query = {}, headers = {}): SignedParts => ({
  method,
  path,
  query,
  headers: { ...headers, ...headersV4(body, goTimeMs) },
})
const v4: [what: string, parts: SignedParts, region: string, signature: string][] = [
  [
    'go 1',
    goParts('POST', '/logstores', goBody, Q, H),
    'cn-hangzhou',
    'a98f5632e93836e63839cd836a54055f480020a9364ca944e2d34f2eb9bf1bed',
  ],
  [
    'go 2, nothing but a body',
    goParts('POST', '/logstores', goBody),
    'cn-shanghai',
    '8a10a5e723cb2e75964816de660b2c16a58af8bc0261f7f0722d832468c76ce8',
  ],
  [
    'go 3, no body',
    goParts('POST', '/logstores', null, Q, H),
    'cn-hangzhou',
    '5a66d8f8051983e0e9d08e0f960ef9252ef971eead5bb5c7acec8617a2eb2701',
  ],
  [
    'go 4, GET',
    goParts('GET', '/logstores', null, Q, H),
    'cn-hangzhou',
    'd92741852500791d662a8d469ff61627c0559ecd86c3f59b7bf6772b6c62666a',
  ],
  [
    'go 5, a path and names with odd characters',
    goParts('POST', '/logstores/hello/a+*~bb/cc', goBody, longQ, H),
    'cn-hangzhou',
    '2c204068e961a8813a6bcf7ac422f7fa6e9bf9a5da493e0165dfe100854d18ff',
  ],
]
for (const [what, parts, region, signature] of v4) {
  test(`v4: ${what}`, () =>
    assert.equal(
      signV4(parts, goKeys, region),
      `SLS4-HMAC-SHA256 Credential=acsddda21dsd/20220808/${region}/sls/aliyun_v4_request,Signature=${signature}`,
    ))
}

test('v4: own 6, with a token, a host and a query', () => {
  const headers = {
    host: 'p1.cn-hangzhou.log.aliyuncs.com',
    'x-log-apiversion': '0.6.0',
    'x-log-bodyrawsize': '0',
    'x-acs-security-token': 'mockToken',
    ...headersV4(null, Date.UTC(2026, 0, 6, 2, 3, 4)),
  }
  const parts = { method: 'GET', path: '/logstores/app_log/shards/0', query: pullQuery, headers }
  assert.match(
    signV4(parts, mock, 'cn-hangzhou'),
    /,Signature=ec5ccb79a4bd6492e9af235efe1b0ca14d00b6964aad424bfc4d3eca72e7ffa6$/,
  )
})

test('v4: the canonical request of go 1', () => {
  const text = canonicalRequest(goParts('POST', '/logstores', goBody, Q, H))
  const digest = 'c7a4fd95f1d70933caf91641e8000768cea86100dc5649fd4f16fead718a62e4'
  assert.equal(
    text,
    `POST\n/logstores\n=efg& abc=efg& agc &A-bc=eFg\nx-acs-ppp:dds\nx-log-content-sha256:${digest}\nx-log-date:20220808T032330Z\nx-log-test:het123\n\nx-acs-ppp;x-log-content-sha256;x-log-date;x-log-test\n${digest}`,
  )
  assert.equal(
    createHash('sha256').update(text).digest('hex'),
    '8a6dc74ae7eb62997dba7291c88f4e4714d4efd6669e89d36ded25ed58129a82',
  )
})

test('values in an address are encoded as RFC 3986 has it', () => {
  assert.equal(percentEncode('123abc!@#$%^&*()-=_+ ~|\\/'), '123abc%21%40%23%24%25%5E%26%2A%28%29-%3D_%2B%20~%7C%5C%2F')
  assert.equal(
    queryText({ type: 'logs', cursor: 'MQ==', query: '* | x' }),
    'cursor=MQ%3D%3D&query=%2A%20%7C%20x&type=logs',
  )
})

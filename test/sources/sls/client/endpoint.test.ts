import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isProjectName, projectAddress, readEndpoint, regionOf } from '../../../../src/sources/sls/client/endpoint.ts'

interface Expected {
  readonly url: string
  readonly host: string
  readonly region: string | null
}

/** For the project `p1`: how it is connected to, what the Host header says, which region it is. */
const endpoints: [text: string, expected: Expected][] = [
  [
    'https://cn-hangzhou.log.aliyuncs.com',
    {
      url: 'https://p1.cn-hangzhou.log.aliyuncs.com:443',
      host: 'p1.cn-hangzhou.log.aliyuncs.com',
      region: 'cn-hangzhou',
    },
  ],
  [
    'cn-hangzhou-intranet.log.aliyuncs.com',
    {
      url: 'https://p1.cn-hangzhou-intranet.log.aliyuncs.com:443',
      host: 'p1.cn-hangzhou-intranet.log.aliyuncs.com',
      region: 'cn-hangzhou',
    },
  ],
  [
    'HTTP://Ap-Southeast-1-Share.log.aliyuncs.com:80/',
    {
      url: 'http://p1.ap-southeast-1-share.log.aliyuncs.com:80',
      host: 'p1.ap-southeast-1-share.log.aliyuncs.com',
      region: 'ap-southeast-1',
    },
  ],
  [
    'log-global.aliyuncs.com',
    { url: 'https://p1.log-global.aliyuncs.com:443', host: 'p1.log-global.aliyuncs.com', region: null },
  ],
  ['http://127.0.0.1:8600', { url: 'http://127.0.0.1:8600', host: 'p1.127.0.0.1:8600', region: null }],
  ['127.0.0.1', { url: 'https://127.0.0.1:443', host: 'p1.127.0.0.1', region: null }],
  ['http://localhost:8600', { url: 'http://localhost:8600', host: 'p1.localhost:8600', region: null }],
  ['http://sls.test:8600/', { url: 'http://p1.sls.test:8600', host: 'p1.sls.test:8600', region: null }],
]
for (const [text, { url, host, region }] of endpoints) {
  test(text, () => {
    const endpoint = readEndpoint(text)
    assert.ok(endpoint)
    const address = projectAddress(endpoint, 'p1')
    assert.equal(`${address.isTls ? 'https' : 'http'}://${address.host}:${address.port}`, url)
    assert.equal(address.hostHeader, host)
    assert.equal(regionOf(endpoint), region)
  })
}

const refused = [
  '',
  'https://',
  'ftp://a.b',
  'https://a.b/path',
  'https://a.b?x=1',
  'https://user:secret@a.b',
  'a b',
  'a.b:99999',
  'http://[::1]:80',
  'a.b\r\nX: y',
]
for (const text of refused) test(`refused: ${JSON.stringify(text)}`, () => assert.equal(readEndpoint(text), null))

const projects: [name: string, isName: boolean][] = [
  ['fc-test', true],
  ['a1b', true],
  ['ab', false],
  ['-ab', false],
  ['Abc', false],
  ['a.b', false],
  ['a/b', false],
  ['abc\r\n', false],
  ['a'.repeat(64), false],
]
for (const [name, isName] of projects)
  test(`project ${JSON.stringify(name)}`, () => assert.equal(isProjectName(name), isName))

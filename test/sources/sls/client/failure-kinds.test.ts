// The table of facts §8.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRefusedCredential, judgeFailure } from '../../../../src/sources/sls/client/failure-kinds.ts'
import type { SlsFailureKind } from '../../../../src/sources/sls/client/sls-api.ts'

const table: [status: number, codes: string, kind: SlsFailureKind][] = [
  [400, 'RequestTimeExpired RequestTimeTooSkewed InvalidRequestTime', 'retry'],
  [400, 'InvalidCursor', 'cursorExpired'],
  [400, 'ShardNotExist', 'shardGone'],
  [404, 'ShardNotExist', 'shardGone'],
  [400, 'ConsumerNotExist ConsumerNotMatch', 'shardLost'],
  [404, 'ConsumerNotMatch', 'shardLost'],
  [400, 'NotExistConsumerWithBody', 'rejoin'],
  [400, 'ParameterInvalid MissingParameter PostBodyInvalid PostBodyUncompressError InvalidContentType', 'fatal'],
  [400, 'InvalidHost JsonInfoInvalid InvalidShardCheckPoint ConsumerGroupAlreadyExist SomethingNew', 'fatal'],
  [401, 'SignatureNotMatch Unauthorized InvalidAccessKeyId InvalidAccessKeyId.NotFound', 'denied'],
  [401, 'SecurityTokenExpired SecurityToken.Expired SecurityTokenInvalid SomethingNew', 'denied'],
  [403, 'ReadQuotaExceed ShardReadQuotaExceed WriteQuotaExceed ShardWriteQuotaExceed ExceedQuota', 'quota'],
  [403, 'MetaOperationQpsLimitExceeded SomeNewQuotaExceed', 'quota'],
  [403, 'ProjectForbidden Forbidden', 'denied'],
  [404, 'ProjectNotExist LogStoreNotExist ConsumerGroupNotExist SomethingNew', 'missing'],
  [405, 'InvalidMethod', 'fatal'],
  [413, 'PostBodyTooLarge', 'fatal'],
  [429, 'SomethingNew', 'quota'],
  [500, 'InternalServerError SomethingNew', 'retry'],
  [502, 'InternalServerError', 'retry'],
  [503, 'ServerBusy', 'retry'],
  [504, 'RequestTimeout', 'retry'],
]
for (const [status, codes, kind] of table) {
  for (const code of codes.split(' '))
    test(`${status} ${code}: ${kind}`, () => assert.deepEqual(judgeFailure(code, status), { code, kind }))
}

const misspelt: [written: string, code: string][] = [
  ['ConsumerNotExsit', 'ConsumerNotExist'],
  ['ShardNotExsit', 'ShardNotExist'],
  ['consumernotexist', 'ConsumerNotExist'],
  ['LogstoreNotExist', 'LogStoreNotExist'],
  ['NotExsitConsumerWithBody', 'NotExistConsumerWithBody'],
]
for (const [written, code] of misspelt)
  test(`${written} is ${code}`, () => assert.equal(judgeFailure(written, 400).code, code))

test('new credentials may help', () => {
  const yes = ['Unauthorized', 'InvalidAccessKeyId.NotFound', 'SecurityTokenExpired', 'SecurityToken.Expired']
  assert.deepEqual([...yes, 'SignatureNotMatch'].filter(isRefusedCredential), [...yes, 'SignatureNotMatch'])
  assert.deepEqual(['ProjectForbidden', 'UnauthorizedSomething', 'InvalidCursor'].filter(isRefusedCredential), [])
})

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { type AskChain, chainCredentials } from '../../../../src/sources/sls/client/credential-chain.ts'
import { type Credentials, staticCredentials } from '../../../../src/sources/sls/client/credentials.ts'
import { SlsError } from '../../../../src/sources/sls/client/sls-api.ts'

const numbered = (n: number): Credentials => ({ accessKeyId: `k${n}`, accessKeySecret: 's', securityToken: null })
const isDenied = (error: unknown): boolean => error instanceof SlsError && error.kind === 'denied'

/** Chains that count what is asked of them; `fail` makes them fail. */
class Chains {
  opened = 0
  asked = 0
  fail = false
  /** Settled by the test, when set. */
  gate: Promise<void> | null = null
  nowMs = 0
  readonly provider = chainCredentials({ nowMs: () => this.nowMs, openChain: () => this.#open() })

  #open(): Promise<AskChain> {
    this.opened += 1
    return Promise.resolve(async () => {
      this.asked += 1
      const n = this.asked
      await this.gate
      if (this.fail) throw new Error('AccessKeySecret: abc')
      return numbered(n)
    })
  }

  async get(): Promise<string> {
    return (await this.provider.get()).accessKeyId
  }
}

test('those of the configuration stay', async () => {
  const provider = staticCredentials(numbered(1))
  provider.invalidate()
  assert.deepEqual(await provider.get(), numbered(1))
})

test('the chain is asked once a minute, by one at a time', async () => {
  const chains = new Chains()
  assert.deepEqual(await Promise.all([chains.get(), chains.get()]), ['k1', 'k1'])
  chains.nowMs = 59_999
  assert.equal(await chains.get(), 'k1')
  chains.nowMs = 60_000
  assert.deepEqual(await Promise.all([chains.get(), chains.get()]), ['k2', 'k2'])
  assert.deepEqual([chains.opened, chains.asked], [1, 2])
})

test('after an invalidation a new chain is asked', async () => {
  const chains = new Chains()
  await chains.get()
  chains.provider.invalidate()
  assert.equal(await chains.get(), 'k2')
  assert.equal(chains.opened, 2)
})

test('an answer from before an invalidation is not kept', async () => {
  const chains = new Chains()
  const gate = Promise.withResolvers<void>()
  chains.gate = gate.promise
  const first = chains.get()
  await new Promise(setImmediate)
  chains.provider.invalidate()
  const second = chains.get()
  gate.resolve()
  assert.deepEqual([await first, await second, await chains.get()], ['k1', 'k2', 'k2'])
})

test('after a failure a new chain is asked: the old one would stick to its last link', async () => {
  const chains = new Chains()
  chains.fail = true
  await assert.rejects(chains.provider.get(), (error: unknown) => isDenied(error) && !String(error).includes('abc'))
  chains.fail = false
  assert.equal(await chains.get(), 'k2')
  assert.equal(chains.opened, 2)
})

test('what was got stays usable for ten minutes while the chain fails, which is asked every ten seconds', async () => {
  const chains = new Chains()
  await chains.get()
  chains.fail = true
  for (const [ms, asked] of [
    [60_000, 2],
    [69_999, 2],
    [70_000, 3],
    [599_999, 4],
  ] as const) {
    chains.nowMs = ms
    assert.equal(await chains.get(), 'k1')
    assert.equal(chains.asked, asked)
  }
  chains.nowMs = 609_999
  await assert.rejects(chains.provider.get(), isDenied)
})

test('empty keys are none', async () => {
  const provider = chainCredentials({
    nowMs: () => 0,
    openChain: () => Promise.resolve(() => Promise.resolve({ ...numbered(1), accessKeySecret: '' })),
  })
  await assert.rejects(provider.get(), isDenied)
})

const chainPath = new URL('../../../../src/sources/sls/client/credential-chain.ts', import.meta.url).href

/** What the real chain gives in a process with this environment, asked twice; between the two the environment gets keys. */
async function askRealChain(environment: Record<string, string>): Promise<unknown[]> {
  const script = `
    import { chainCredentials } from ${JSON.stringify(chainPath)}
    const provider = chainCredentials({ nowMs: () => 0 })
    const ask = () => provider.get().catch(error => error.code)
    const first = await ask()
    process.env.ALIBABA_CLOUD_ACCESS_KEY_ID = 'late'
    process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET = 'key'
    console.log(JSON.stringify([first, await ask()]))`
  const env = { HOME: '/nonexistent', ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true', ...environment }
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env })
  const answers: unknown = JSON.parse(stdout)
  assert.ok(Array.isArray(answers))
  return answers
}

const late = { accessKeyId: 'late', accessKeySecret: 'key', securityToken: null }
const fromEnvironment = { accessKeyId: 'a', accessKeySecret: 'b', securityToken: 'c' }

test('the real chain: the environment', async () => {
  const environment = {
    ALIBABA_CLOUD_ACCESS_KEY_ID: 'a',
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'b',
    ALIBABA_CLOUD_SECURITY_TOKEN: 'c',
  }
  assert.deepEqual(await askRealChain(environment), [fromEnvironment, fromEnvironment])
})

test('the real chain: nothing, and then something', async () => {
  assert.deepEqual(await askRealChain({}), ['Credentials', late])
})

test('the real chain: an address', async t => {
  const uri = await serveCredentials(t)
  const given = { accessKeyId: 'u', accessKeySecret: 'v', securityToken: 'w' }
  assert.deepEqual(await askRealChain({ ALIBABA_CLOUD_CREDENTIALS_URI: uri }), [given, given])
})

async function serveCredentials(t: TestContext): Promise<string> {
  const body = { Code: 'Success', AccessKeyId: 'u', AccessKeySecret: 'v', SecurityToken: 'w' }
  const server = createServer((_, response) =>
    response.end(JSON.stringify({ ...body, Expiration: '2099-01-01T00:00:00Z' })),
  )
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  return `http://127.0.0.1:${address.port}/credentials`
}

// Credentials from where Alibaba Cloud's own tools look for them: environment, OIDC role, profiles, the machine's role, an address.
import type { Credentials, CredentialsProvider } from './credentials.ts'
import { SlsError } from './sls-api.ts'

/** Asks a chain. A chain remembers what it found, and gets it anew 15 minutes before it expires. */
export type AskChain = () => Promise<Credentials>

/** So long nobody asks the chain: well within its 15 minutes. */
const freshMs = 60_000
/** So long what was got is good when the chain fails: still within them. */
const usableMs = 600_000
/** How long after a failure the chain is left alone while there is something usable. */
const pauseMs = 10_000
const limitMs = 30_000

/** `openChain` makes a new chain, without a memory. */
export function chainCredentials(options: {
  readonly nowMs: () => number
  readonly openChain?: () => Promise<AskChain>
}): CredentialsProvider {
  return new ChainCredentials(options.nowMs, options.openChain ?? openAlicloudChain)
}

class ChainCredentials implements CredentialsProvider {
  readonly #nowMs: () => number
  readonly #openChain: () => Promise<AskChain>
  #ask: AskChain | null = null
  #known: Credentials | null = null
  #knownMs = 0
  #nextMs = 0
  #pending: Promise<Credentials> | null = null
  /** Counts invalidations: an answer to a question from before one is not kept. */
  #round = 0

  constructor(nowMs: () => number, openChain: () => Promise<AskChain>) {
    this.#nowMs = nowMs
    this.#openChain = openChain
  }

  get(): Promise<Credentials> {
    if (this.#known !== null && this.#nowMs() < this.#nextMs) return Promise.resolve(this.#known)
    // One question at a time, whoever asks.
    this.#pending ??= this.#refresh(this.#round)
    return this.#pending
  }

  invalidate(): void {
    this.#round += 1
    this.#known = null
    this.#pending = null
    // It would only give again what it remembers.
    this.#ask = null
  }

  async #refresh(round: number): Promise<Credentials> {
    try {
      const credentials = await withLimit(this.#askChain())
      if (round === this.#round) this.#keep(credentials)
      return credentials
    } catch {
      if (round === this.#round) {
        // A chain that has failed as a whole asks its last link only, and that one without its settings (facts §4.6).
        this.#ask = null
        const nowMs = this.#nowMs()
        if (this.#known !== null && nowMs < this.#knownMs + usableMs) {
          this.#nextMs = nowMs + pauseMs
          return this.#known
        }
        this.#known = null
      }
      throw noCredentials()
    } finally {
      if (round === this.#round) this.#pending = null
    }
  }

  async #askChain(): Promise<Credentials> {
    this.#ask ??= await this.#openChain()
    const credentials = await this.#ask()
    if (credentials.accessKeyId === '' || credentials.accessKeySecret === '') throw noCredentials()
    return credentials
  }

  #keep(credentials: Credentials): void {
    this.#known = credentials
    this.#knownMs = this.#nowMs()
    this.#nextMs = this.#knownMs + freshMs
  }
}

/** Loaded here only: most configurations say their keys, and it takes a tenth of a second. */
async function openAlicloudChain(): Promise<AskChain> {
  const { DefaultCredentialsProvider } = await import('@alicloud/credentials')
  const chain = DefaultCredentialsProvider.builder().build()
  return async () => {
    // What its types call strings may be missing.
    const found: Partial<Record<keyof Credentials, string>> = await chain.getCredentials()
    const { accessKeyId = '', accessKeySecret = '', securityToken = '' } = found
    return { accessKeyId, accessKeySecret, securityToken: securityToken === '' ? null : securityToken }
  }
}

async function withLimit(work: Promise<Credentials>): Promise<Credentials> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(noCredentials()), limitMs)
  })
  try {
    return await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}

/** Without the chain's own words: they may hold what an address or a file answered, secrets and all. */
function noCredentials(): SlsError {
  const message =
    'no credentials: neither the environment (ALIBABA_CLOUD_ACCESS_KEY_ID and _SECRET), nor an OIDC role, nor a profile (~/.aliyun, ~/.alibabacloud), nor the role of this machine, nor ALIBABA_CLOUD_CREDENTIALS_URI gave any'
  return new SlsError({ code: 'Credentials', status: 0, requestId: '', kind: 'denied', message })
}

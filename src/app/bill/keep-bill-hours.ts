// Keeps the hours that bills are made of up with what is stored, and their rates with functions.yaml and the price book.
import { setTimeout as pause } from 'node:timers/promises'
import { AttemptHours } from '../../billing/attempt-hours.ts'
import { editionPrices, hourRates } from '../../billing/hour-rates.ts'
import { StoreError, type StoreWriter } from '../../model/store-connection.ts'
import { addRates, ratesInUse, sizesWithoutRate, useRates } from '../../store/bill/bill-rates.ts'
import { storedFunctions } from '../../store/bill/billed-attempts.ts'
import { attemptsAroundHours, writeRoundedHours } from '../../store/bill/rounded-hours.ts'
import {
  allUsageHours,
  hoursBehind,
  knownBoundaries,
  noteBoundaries,
  noteUsageHours,
  refreshUsageHours,
  usageDebt,
  usageUpTo,
} from '../../store/bill/usage-hours.ts'
import { billHoursFailed } from '../../telemetry/events/bill-hours.ts'
import type { Log } from '../../telemetry/log.ts'
import { type BillParts, ratesIdOf, roundsTimesOf } from './bill-parts.ts'
import { boundariesOf } from './boundaries.ts'

/** Between two looks; and longer, so that summing up never takes more than a twentieth of the time. */
const everyMs = 10_000
const restsPerWork = 20
const longestWaitMs = 10 * 60_000

/** Hours that are summed up at once; with a hundred million attempts in a month that is half a minute, which a stop may have to wait. */
const hoursAtOnce = 72

/** So long a stop waits for what is under way, and the end of the input for the rest; then it is left to the next start. */
const stopWaitMs = 20_000
const lastWaitMs = 10 * 60_000

const hourMs = 3_600_000
const dayMs = 24 * hourMs

export interface BillHoursParts {
  readonly store: StoreWriter
  /** Null: nothing is known of functions, and hours are kept without prices. */
  readonly bill: BillParts | null
  readonly retentionDays: number
  /** Unix ms. */
  readonly nowMs: () => number
  /** Somebody waits for the end, also of the last look. */
  readonly isStopping: () => boolean
  readonly log: Log
}

export class BillHours {
  readonly #parts: BillHoursParts
  readonly #ratesId: string
  readonly #boundaries: readonly number[]
  #timer: NodeJS.Timeout | null = null
  #working: Promise<void> | null = null
  #isPrepared = false
  #isStopping = false

  constructor(parts: BillHoursParts) {
    this.#parts = parts
    this.#ratesId = parts.bill === null ? '' : ratesIdOf(parts.bill)
    this.#boundaries = parts.bill === null ? [] : boundariesOf(parts.bill.functions)
  }

  /** From now on, now and then. */
  start(): void {
    this.#wait(everyMs)
  }

  #wait(ms: number): void {
    if (this.#isStopping) return
    this.#timer = setTimeout(() => {
      this.#working = this.#look()
    }, ms).unref()
  }

  async #look(): Promise<void> {
    const beganMs = performance.now()
    const reason = await this.#tryOnce()
    const tookMs = performance.now() - beganMs
    const waitMs = Math.min(longestWaitMs, Math.max(everyMs, tookMs * restsPerWork))
    if (reason !== null) billHoursFailed(this.#parts.log, { reason, nextTryMs: waitMs })
    this.#working = null
    this.#wait(waitMs)
  }

  /** Null, or what failed. */
  async #tryOnce(): Promise<string | null> {
    try {
      await this.#catchUp()
      return null
    } catch (error) {
      if (error instanceof StoreError) return error.message
      throw error
    }
  }

  /** Ends it. With `isLast` nothing more will be stored for a while, and where functions are known everything that is stored is summed up before. */
  async stop({ isLast }: { isLast: boolean }): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#isStopping = !isLast
    const rest = async (): Promise<string | null> => {
      await this.#working
      // Without functions.yaml nothing has a price, and whoever asks for hours sums up what is behind.
      return isLast && this.#parts.bill !== null ? this.#tryOnce() : null
    }
    const reason = await within(isLast ? lastWaitMs : stopWaitMs, rest())
    this.#isStopping = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    if (reason !== null) billHoursFailed(this.#parts.log, { reason, nextTryMs: 0 })
  }

  async #catchUp(): Promise<void> {
    const { store } = this.#parts
    if (!this.#isPrepared) await this.#prepare()
    const { hours, known, upTo } = await usageDebt(store)
    const isDone = await this.#inPieces(hours, async some => {
      await this.#sumUp(some, upTo)
      await this.#roundUp(some, upTo)
    })
    if (!isDone) return
    if (hours.length > 0) await this.#addRates()
    if (upTo !== known) await noteUsageHours(store, upTo)
  }

  /** False when it was stopped before the end. */
  async #inPieces(hours: readonly number[], work: (hours: readonly number[]) => Promise<void>): Promise<boolean> {
    for (let at = 0; at < hours.length; at += hoursAtOnce) {
      if (this.#isStopping || this.#parts.isStopping()) return false
      await work(hours.slice(at, at + hoursAtOnce))
    }
    return true
  }

  async #sumUp(hours: readonly number[], upTo: number): Promise<void> {
    const completeFrom = this.#completeFrom
    await refreshUsageHours(this.#parts.store, { hours, upTo, boundaries: this.#boundaries, completeFrom })
  }

  /** Attempts of earlier hours (since 1970) may have left the store; a day for what was stored late. */
  get #completeFrom(): number {
    const { nowMs, retentionDays } = this.#parts
    return Math.floor((nowMs() - (retentionDays - 1) * dayMs) / hourMs)
  }

  /** Brings what was summed up before to this functions.yaml and this book. */
  async #prepare(): Promise<void> {
    const { store, bill } = this.#parts
    const known = await usageUpTo(store)
    if (!(await this.#changeBoundaries(known))) return
    if (bill !== null) {
      if ((await ratesInUse(store)) !== this.#ratesId && !(await this.#changeRates(bill, known))) return
      await this.#addRates()
    }
    this.#isPrepared = true
  }

  /** Hours are told apart by our boundaries from now on: those of others are taken off the note first, ours are added when it is done. */
  async #changeBoundaries(known: number): Promise<boolean> {
    const { store } = this.#parts
    const before = await knownBoundaries(store)
    const kept = before.filter(boundary => this.#boundaries.includes(boundary))
    if (kept.length < before.length) await noteBoundaries(store, kept)
    const added = this.#boundaries.filter(boundary => !kept.includes(boundary))
    if (added.length === 0) return true
    const hours = [...new Set(added.flatMap(hoursBehind))]
    if (!(await this.#inPieces(hours, some => this.#sumUp(some, known)))) return false
    await noteBoundaries(store, this.#boundaries)
    return true
  }

  async #changeRates({ book: of, hasDiscount }: BillParts, known: number): Promise<boolean> {
    const { store } = this.#parts
    if (!(await this.#inPieces(await allUsageHours(store), some => this.#roundUp(some, known)))) return false
    const { book, tiersPer, currency, editions } = of
    const common = { book, currency, isTierPerRegion: tiersPer === 'region', boundaries: this.#boundaries }
    const rows = editions.map(edition => ({ ...common, ...editionPrices(edition, hasDiscount) }))
    await useRates(store, this.#ratesId, rows)
    return true
  }

  async #addRates(): Promise<void> {
    const { store, bill } = this.#parts
    if (bill === null) return
    const { book, configOf, billsAllDisk } = bill
    const { rounds } = roundsTimesOf(bill)
    const sizes = await sizesWithoutRate(store, this.#ratesId)
    const rows = sizes.flatMap(size =>
      hourRates(size, { book, configOf, boundaries: this.#boundaries, billsAllDisk }).map(rate => ({
        ...rate,
        isRounded: rounds(size),
      })),
    )
    await addRates(store, this.#ratesId, rows)
  }

  async #roundUp(hours: readonly number[], upTo: number): Promise<void> {
    const { store, bill } = this.#parts
    if (bill === null) return
    const { isAny, rounds } = roundsTimesOf(bill)
    if (!isAny) return
    const functions = (await storedFunctions(store)).filter(rounds)
    const gathered = new AttemptHours({ book: bill.book, configOf: bill.configOf })
    for await (const attempt of attemptsAroundHours(store, { hours, functions })) gathered.add(attempt)
    const instanceHours = [...gathered.hours()]
    await writeRoundedHours(store, { hours, instanceHours, upTo, completeFrom: this.#completeFrom })
  }
}

/** What comes in time, or that it did not. */
async function within(ms: number, work: Promise<string | null>): Promise<string | null> {
  const timer = new AbortController()
  const late = pause(ms, `nothing came of it in ${ms / 1000} s`, { signal: timer.signal }).catch(() => null)
  try {
    return await Promise.race([work, late])
  } finally {
    timer.abort()
  }
}

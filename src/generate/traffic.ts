// Runs the whole scenario: requests arrive, instances take them, and the records of all come out merged by time.
import { Random } from '../lib/random.ts'
import { type AttemptPlan, needsSilence, pickFault, suitFault } from './attempt-plan.ts'
import { type AttemptResult, playAttempt } from './attempt-script.ts'
import type { Emission } from './emission.ts'
import { Fleet } from './fleet.ts'
import { type FunctionProfile, makeFunctions } from './functions.ts'
import type { Instance } from './instance.ts'
import { Job } from './job.ts'
import { playMetrics, playRejection } from './metrics-script.ts'
import type { Fault, GenerateOptions } from './options.ts'
import { makeRequestId } from './request-ids.ts'
import { Script, type Stage } from './script.ts'
import { type Timed, TimeQueue } from './time-queue.ts'

/** Something that the scenario does at a time. */
class Timer implements Timed {
  sortMs: number
  order = 0
  readonly run: (atMs: number) => void

  constructor(atMs: number, run: (atMs: number) => void) {
    this.sortMs = atMs
    this.run = run
  }
}

/** A request from its arrival to its last attempt. */
interface Request {
  readonly profile: FunctionProfile
  readonly fault: Fault | null
  readonly job: Job
  readonly requestId: string
  readonly attempts: number
  readonly isAlone: boolean
}

export class Traffic {
  readonly #options: GenerateOptions
  readonly #random: Random
  readonly #queue = new TimeQueue<Emission | Timer>()
  readonly #functions: [FunctionProfile, ...FunctionProfile[]]
  readonly #stage: Stage
  readonly #fleet: Fleet
  #started = 0
  #emitted = 0
  #inFlight = 0
  /** A request that waits until it is alone, and the slots that wait until it is done. */
  #silent: Request | null = null
  #parked = 0

  constructor(options: GenerateOptions) {
    this.#options = options
    this.#random = new Random(options.seed)
    this.#functions = makeFunctions(options.functions)
    this.#stage = {
      random: this.#random,
      format: options.format,
      isLocalRun: this.#random.chance(0.2),
      push: emission => this.#queue.push(emission),
    }
    this.#fleet = new Fleet(this.#stage)
    for (let slot = 0; slot < options.concurrency; slot += 1)
      this.#at(options.startMs + slot * 7, atMs => this.#arrive(atMs))
  }

  /** The next record in the order of delivery; undefined at the end. */
  next(): Emission | undefined {
    for (;;) {
      const item = this.#queue.pop()
      if (item === undefined) return undefined
      if (item instanceof Timer) {
        item.run(item.sortMs)
        continue
      }
      this.#emitted += 1
      return item
    }
  }

  #at(atMs: number, run: (atMs: number) => void): void {
    this.#queue.push(new Timer(atMs, run))
  }

  get #isOver(): boolean {
    const { lines, attempts } = this.#options
    return lines === null ? this.#started >= attempts : this.#emitted >= lines
  }

  /** A slot is free: the next request comes, unless one waits to be alone. */
  #arrive(atMs: number): void {
    if (this.#silent !== null) {
      this.#parked += 1
      return
    }
    if (this.#isOver) return
    const request = this.#makeRequest(atMs)
    if (request.isAlone && this.#inFlight > 0) {
      this.#silent = request
      this.#parked += 1
      return
    }
    if (request.isAlone) this.#silent = request
    this.#begin(request, atMs)
  }

  #makeRequest(atMs: number): Request {
    const random = this.#random
    const profile = random.pick(this.#functions)
    const fault = suitFault(pickFault(this.#options.faults, random), profile)
    const attempts = fault === 'retry' ? random.between(2, 4) : 1
    const requestId = makeRequestId(profile.requestIdShape, atMs, random)
    const isAlone = needsSilence(fault, profile, this.#options.format)
    return { profile, fault, job: new Job(), requestId, attempts, isAlone }
  }

  #begin(request: Request, atMs: number): void {
    this.#inFlight += 1
    this.#attempt(request, 0, atMs)
  }

  #finish(request: Request, atMs: number): void {
    this.#inFlight -= 1
    if (this.#silent === request) {
      this.#silent = null
      // The slot that ran it goes on as well.
      const slots = this.#parked + 1
      this.#parked = 0
      for (let i = 0; i < slots; i += 1) this.#at(atMs + 1 + i, at => this.#arrive(at))
      return
    }
    this.#at(atMs + this.#random.between(1, 60), at => this.#arrive(at))
    if (this.#silent !== null && this.#inFlight === 0) {
      // All is quiet: the waiting request takes the place of one parked slot.
      this.#parked -= 1
      this.#begin(this.#silent, atMs + 3000)
    }
  }

  #attempt(request: Request, attempt: number, atMs: number): void {
    const { profile, fault, job } = request
    this.#started += 1
    if (fault === 'throttled' || fault === 'noCapacity' || fault === 'internalError') {
      playRejection({
        stage: this.#stage,
        instance: this.#fleet.nowhere(profile),
        job,
        requestId: request.requestId,
        atMs,
        fault,
      })
      this.#complete(job)
      this.#finish(request, atMs + 5)
      return
    }
    const isLast = attempt === request.attempts - 1
    const { instance, isCold } = this.#place(request, atMs)
    const plan = this.#planOf(request, { instance, isCold, attempt, isLast })
    const requestId = plan.fault === 'noRequestId' ? null : request.requestId
    // A server closes connections that were idle for long.
    const idleMs = plan.fault === 'keepAlive' ? this.#random.between(70_000, 400_000) : 0
    const script = new Script({ stage: this.#stage, instance, job, requestId, atMs: atMs + idleMs })
    const coldStart = isCold && plan.fault !== 'startFailed' ? this.#fleet.playColdStart(script) : null
    const result = playAttempt(script, plan)
    if (plan.hasMetrics) playMetrics(script, { plan, result, coldStart, requestId: request.requestId })
    if (isLast) this.#complete(job)
    this.#afterAttempt({ request, attempt, isLast, instance, result, endMs: script.atMs })
  }

  #place(request: Request, atMs: number) {
    const { profile, fault } = request
    const isFatal =
      fault !== null && ['timeout', 'suspectedOutOfMemory', 'outOfMemory', 'processExited', 'keepAlive'].includes(fault)
    const placement = this.#fleet.take(profile, { atMs, isAlone: isFatal, isNew: fault === 'startFailed' })
    // Whatever takes the process down must not take others with it, whose records are still to come.
    if (isFatal || fault === 'startFailed') this.#fleet.drain(placement.instance)
    return placement
  }

  #planOf(
    request: Request,
    where: { instance: Instance; isCold: boolean; attempt: number; isLast: boolean },
  ): AttemptPlan {
    const { isCold, attempt, isLast } = where
    const { profile } = request
    const isSls = this.#options.format === 'sls'
    const fault = isCold ? coldFault(request.fault) : request.fault
    const canBeLate = isSls && fault === null && !isCold && profile.instanceConcurrency === 1 && profile.namesInstance
    return {
      fault,
      isCold,
      attempt,
      isLast,
      method: fault === 'keepAlive' || this.#random.chance(0.3) ? 'POST' : 'GET',
      isLate: this.#options.late && canBeLate && this.#random.chance(0.1),
      hasMetrics: isSls && this.#options.metrics,
    }
  }

  #afterAttempt(done: {
    request: Request
    attempt: number
    isLast: boolean
    instance: Instance
    result: AttemptResult
    endMs: number
  }): void {
    const { request, instance, result } = done
    const endMs = Math.max(done.endMs, result.endMs)
    // A time that nobody closed must have passed by more than a second before the instance goes on.
    const restMs = request.fault === 'missingEnd' || request.fault === 'keepAlive' ? 4000 : this.#random.between(2, 30)
    this.#at(endMs + restMs, atMs => {
      this.#fleet.release(instance, { atMs, isKilled: result.killsInstance })
      if (done.isLast) this.#finish(request, atMs)
      else this.#at(atMs + this.#random.between(2500, 9000), at => this.#attempt(request, done.attempt + 1, at))
    })
  }

  #complete(job: Job): void {
    job.isComplete = true
  }
}

/** The first invocation after a cold start is known by its Start, and no connection to it can be old. */
function coldFault(fault: Fault | null): Fault | null {
  if (fault === 'missingStart') return null
  return fault === 'keepAlive' ? 'processExited' : fault
}

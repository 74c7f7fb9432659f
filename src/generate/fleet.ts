// The instances of all functions: which one takes a request, cold starts, and what an instance leaves when it goes.

import { runtimeStartLine } from './app-lines.ts'
import type { FunctionProfile } from './functions.ts'
import { Instance } from './instance.ts'
import { Job } from './job.ts'
import { makeInstanceId, makeUuid } from './request-ids.ts'
import { Script, type Stage } from './script.ts'

/** An instance for a request, and whether it has to be started for it. */
export interface Placement {
  readonly instance: Instance
  readonly isCold: boolean
}

/** How long the parts of a cold start took, ms. */
export interface ColdStart {
  readonly prepareCodeMs: number
  readonly runtimeInitMs: number
  readonly initializeMs: number | null
}

export class Fleet {
  readonly #stage: Stage
  /** One choice for a whole copy: the console shows the column or not. */
  readonly #showsIdInConsole: boolean
  readonly #live = new Map<FunctionProfile, Instance[]>()
  readonly #nowhere = new Map<FunctionProfile, Instance>()

  constructor(stage: Stage) {
    this.#stage = stage
    this.#showsIdInConsole = stage.random.chance(0.5)
  }

  /** An instance with room, else a new one. `isAlone`: one that runs nothing else; `isNew`: never a used one. */
  take(profile: FunctionProfile, how: { atMs: number; isAlone: boolean; isNew: boolean }): Placement {
    const live = this.#liveOf(profile)
    const room = how.isAlone ? 1 : profile.instanceConcurrency
    const free = how.isNew ? undefined : live.find(instance => instance.active < room)
    const instance = free ?? this.#start(profile, how.atMs)
    instance.active += 1
    instance.served += 1
    return { instance, isCold: free === undefined }
  }

  /** Where requests are put that no instance ever saw. */
  nowhere(profile: FunctionProfile): Instance {
    const known = this.#nowhere.get(profile)
    if (known !== undefined) return known
    const instance = new Instance({ profile, id: null, lifetime: 0, showsIdInConsole: false })
    this.#nowhere.set(profile, instance)
    return instance
  }

  /** Takes no further requests, though those it has go on. */
  drain(instance: Instance): void {
    const live = this.#liveOf(instance.profile)
    const at = live.indexOf(instance)
    if (at >= 0) live.splice(at, 1)
  }

  /** The request is over. An instance that is drained or old goes when its last request is over. */
  release(instance: Instance, how: { atMs: number; isKilled: boolean }): void {
    instance.active -= 1
    if (this.#stage.format === 'sls' && this.#stage.random.chance(0.02)) this.#playSample(instance, how.atMs)
    if (how.isKilled || instance.served >= instance.lifetime) this.drain(instance)
    if (instance.active > 0 || this.#liveOf(instance.profile).includes(instance)) return
    this.#retire(instance, how)
  }

  /** Prints what comes before the first Start; `script` is the request's, and ends up at the time of that Start. */
  playColdStart(script: Script): ColdStart {
    const { random, format } = this.#stage
    const { profile } = script.instance
    // Where all instances share one stream, the parts of a cold start are told only if they stand together.
    if (format !== 'sls' || !profile.namesInstance) script.heldMs = script.atMs
    const inited = runtimeStartLine(profile.runtime, script.atMs)
    if (inited !== null) script.add('runtimeStart', inited)
    script.advance(random.between(3, 60))
    const initializeMs = profile.initializer === 'none' ? null : this.#playInitializer(script)
    return { prepareCodeMs: random.between(1, 400), runtimeInitMs: random.between(30, 900), initializeMs }
  }

  #playInitializer(script: Script): number {
    const { random } = this.#stage
    const isSame = script.instance.profile.initializer === 'same' && script.requestId !== null
    const own = isSame ? script : this.#sideScript(script, makeUuid(random))
    const startMs = own.atMs
    own.marker('initialize', 'Start')
    own.advance(random.between(5, 700))
    own.log('info', 'connection pool ready')
    own.advance(random.between(1, 30))
    own.marker('initialize', 'End')
    const initializeMs = own.atMs - startMs
    script.atMs = own.atMs
    script.advance(random.between(1, 9))
    own.job.isComplete = own !== script || own.job.isComplete
    return initializeMs
  }

  #sideScript(script: Script, requestId: string): Script {
    const side = new Script({
      stage: this.#stage,
      instance: script.instance,
      job: new Job(),
      requestId,
      atMs: script.atMs,
    })
    side.heldMs = script.heldMs
    return side
  }

  #start(profile: FunctionProfile, atMs: number): Instance {
    const { random } = this.#stage
    const lifetime = random.between(20, 400)
    const instance = new Instance({
      profile,
      id: makeInstanceId(atMs, random),
      lifetime,
      showsIdInConsole: this.#showsIdInConsole,
    })
    this.#liveOf(profile).push(instance)
    return instance
  }

  /** A sample of the instance's load. */
  #playSample(instance: Instance, atMs: number): void {
    const job = new Job()
    new Script({ stage: this.#stage, instance, job, requestId: null, atMs }).add('instanceMetrics', '')
    job.isComplete = true
  }

  #retire(instance: Instance, how: { atMs: number; isKilled: boolean }): void {
    const { random, format } = this.#stage
    const script = new Script({
      stage: this.#stage,
      instance,
      job: new Job(),
      requestId: makeUuid(random),
      atMs: how.atMs,
    })
    // Rows of its requests come up to 4 s after their end: nothing of an instance comes after its end.
    script.advance(random.between(5000, 9000))
    if (instance.profile.hasHooks && !how.isKilled) {
      script.marker('preStop', 'Start')
      script.advance(random.between(1, 40))
      script.marker('preStop', 'End')
    }
    script.advance(random.between(10, 900))
    if (format === 'sls' && instance.profile.namesInstance)
      script.add('instanceEvent', '').eventName = 'fc:Instance:DestroySuccess'
    script.job.isComplete = true
    instance.isRetired = true
  }

  #liveOf(profile: FunctionProfile): Instance[] {
    const known = this.#live.get(profile)
    if (known !== undefined) return known
    const live: Instance[] = []
    this.#live.set(profile, live)
    return live
  }
}

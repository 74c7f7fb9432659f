// Tries dead letters again: hands their bytes over to the worker that runs, or to the next one, and tells what became of them.
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { InputFormat } from '../../model/batch-options.ts'
import { ExitStatus, FcscopeError } from '../../model/fcscope-error.ts'
import { ReplayFolder } from '../../sources/dead-letters/replay-folder.ts'
import { WorkerConnection } from '../../store/worker-api/worker-connection.ts'
import { apiFolder } from '../open-store-reader.ts'
import { letterFolderOf, topicOf } from '../topic-sections.ts'
import type { WorkerConfig } from '../worker-config.ts'
import { filesIn, type Letter, LetterBox } from './letter-box.ts'

export interface ReplayWish {
  readonly wants: (letter: Letter) => boolean
  readonly format: InputFormat
  /** What the bytes are written in, if it is not UTF-8. */
  readonly encoding: string | null
  readonly nowMs: () => number
}

export interface HandedOver {
  readonly letters: number
  readonly replayIds: readonly string[]
  /** Letters that were meant and cannot be tried again: only their beginning was kept, or they are more than one line. */
  readonly unfit: number
}

/** Of one stream, in one file. */
const maxReplayBytes = 16 * 1024 * 1024
/** Of all streams together, before they are written. */
const maxHeldBytes = 128 * 1024 * 1024

const lineFeed = 10

/**
 * The letters of the configuration's folder. Where they go to a topic it is the folder for those that somebody took out of it; fails
 * with `FCS_CONFIG_INVALID` when there are none.
 */
export function openLetterBox(config: WorkerConfig): LetterBox {
  assertHasLetters(config)
  const path = letterFolderOf(config.settings)
  return new LetterBox(path, new ReplayFolder(path))
}

function assertHasLetters({ settings }: WorkerConfig): void {
  const path = letterFolderOf(settings)
  const topic = topicOf(settings, 'deadLetters')?.topic
  if (topic !== undefined && filesIn(path).length === 0) throw lettersInTopic(topic, path)
}

const lettersInTopic = (topic: string, folder: string): FcscopeError =>
  new FcscopeError('FCS_CONFIG_INVALID', {
    en: `deadLetters: the letters are in the topic ${topic}. Write its values, one a line, into a file ${join(folder, 'letters.jsonl')}, and try again; docs/dead-letters.md says how.`,
    zh: `deadLetters：死信位于主题 ${topic} 中。请将该主题的消息值逐行写入文件 ${join(folder, 'letters.jsonl')} 后重试，方法见 docs/dead-letters.md。`,
  })

/** Hands over what is wanted and was not handed over already, or failed since. Fails with `FCS_OUTPUT_FAILED`. */
export function handOver(config: WorkerConfig, wish: ReplayWish): HandedOver {
  // Before anything is made.
  assertHasLetters(config)
  const folder = new ReplayFolder(letterFolderOf(config.settings))
  return withLock(folder, () => {
    const writing = new Writing(folder, wish)
    for (const letter of openLetterBox(config).letters()) {
      if (isOpen(letter) && wish.wants(letter)) writing.add(letter)
    }
    writing.flush()
    return writing
  })
}

const isOpen = ({ state }: Letter): boolean => state === 'new' || state === 'failed'

/** Of a line that was too long only the beginning was kept. */
const isWhole = ({ reason }: Letter): boolean => reason !== 'tooLong'

/** It was not tried again yet, or in vain, and can be. */
export const isReplayable = (letter: Letter): boolean => isOpen(letter) && isWhole(letter)

/** Collects letters by stream, and writes them. */
class Writing implements HandedOver {
  letters = 0
  unfit = 0
  readonly replayIds: string[] = []
  readonly #folder: ReplayFolder
  readonly #wish: ReplayWish
  readonly #decoder: InstanceType<typeof TextDecoder> | null
  readonly #time: string
  readonly #streams = new Map<string, { letter: Letter; bytes: Buffer }[]>()
  #held = 0

  constructor(folder: ReplayFolder, wish: ReplayWish) {
    this.#folder = folder
    this.#wish = wish
    this.#decoder = wish.encoding === null ? null : new TextDecoder(wish.encoding)
    this.#time = new Date(wish.nowMs()).toISOString()
  }

  add(letter: Letter): void {
    const bytes = this.#decoder === null ? letter.bytes : Buffer.from(this.#decoder.decode(letter.bytes))
    if (!isWhole(letter) || bytes.includes(lineFeed)) {
      this.unfit += 1
      return
    }
    const waiting = this.#streams.get(letter.streamId) ?? []
    waiting.push({ letter, bytes })
    this.#streams.set(letter.streamId, waiting)
    this.letters += 1
    this.#held += bytes.length
    if (this.#held >= maxHeldBytes) this.flush()
  }

  flush(): void {
    for (const waiting of this.#streams.values()) this.#writeStream(waiting)
    this.#streams.clear()
    this.#held = 0
  }

  /** In the order in which they stood there. */
  #writeStream(waiting: readonly { letter: Letter; bytes: Buffer }[]): void {
    const sorted = waiting.toSorted((a, b) => a.letter.position - b.letter.position)
    for (let from = 0; from < sorted.length; ) {
      let to = from
      for (let bytes = 0; to < sorted.length && (to === from || bytes < maxReplayBytes); to++)
        bytes += sorted[to]?.bytes.length ?? 0
      this.#write(sorted.slice(from, to))
      from = to
    }
  }

  #write(parts: readonly { letter: Letter; bytes: Buffer }[]): void {
    const { format, encoding } = this.#wish
    const [first] = parts
    if (first === undefined) return
    const identity = parts.map(({ letter: { streamId, position, tries } }) => [streamId, position, tries])
    const id = ReplayFolder.idOf([format, encoding, identity])
    let offset = 0
    const letters = parts.map(({ letter: { streamId, position }, bytes }) => {
      const place = { streamId, position, offset }
      offset += bytes.length + 1
      return place
    })
    const lines = Buffer.concat(parts.flatMap(({ bytes }) => [bytes, Buffer.of(lineFeed)]))
    this.#folder.add({ id, time: this.#time, format, label: first.letter.stream, letters }, lines)
    this.replayIds.push(id)
  }
}

/** What became of replays, by letter. */
export interface ReplayOutcome {
  readonly replayed: number
  readonly pending: number
  readonly failed: ReadonlyMap<string, number>
}

/** Waits until a worker that runs has taken the replays, for so long at most. Tells how they stand then. */
export async function replayOutcome(
  config: WorkerConfig,
  replayIds: readonly string[],
  waitMs: number,
): Promise<ReplayOutcome> {
  const folder = new ReplayFolder(letterFolderOf(config.settings))
  const isWaiting = (): boolean => replayIds.some(id => folder.stageOf(id) === 'waiting')
  const beganMs = performance.now()
  while (isWaiting() && performance.now() - beganMs < waitMs && (await isWorkerThere(config)))
    await new Promise(resolve => setTimeout(resolve, 100))
  const wanted = new Set(replayIds)
  const failed = new Map<string, number>()
  let replayed = 0
  let pending = 0
  for (const { state, replayIds: ids, lastReason } of openLetterBox(config).letters()) {
    if (!wanted.has(ids.at(-1) ?? '')) continue
    if (state === 'replayed') replayed += 1
    else if (state === 'pending') pending += 1
    else failed.set(lastReason ?? '', (failed.get(lastReason ?? '') ?? 0) + 1)
  }
  return { replayed, pending, failed }
}

const isWorkerThere = async ({ settings }: WorkerConfig): Promise<boolean> =>
  (await WorkerConnection.open(apiFolder(settings))) !== null

/** One command at a time chooses letters. */
function withLock<T>(folder: ReplayFolder, work: () => T): T {
  const path = join(folder.path, 'lock')
  const handle = lock(folder, path)
  try {
    return work()
  } catch (cause) {
    throw cause instanceof FcscopeError ? cause : notWritten(folder.path, cause)
  } finally {
    closeSync(handle)
    rmSync(path, { force: true })
  }
}

function lock(folder: ReplayFolder, path: string): number {
  for (let isSecond = false; ; isSecond = true) {
    try {
      mkdirSync(folder.path, { recursive: true, mode: 0o700 })
      const handle = openSync(path, 'wx', 0o600)
      writeSync(handle, String(process.pid))
      return handle
    } catch (cause) {
      const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
      if (!isTaken || isSecond) throw notWritten(folder.path, cause)
      if (isAlive(Number(readFileSync(path, 'utf8')))) throw isBusy(path)
      rmSync(path, { force: true })
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

const isBusy = (path: string): FcscopeError =>
  new FcscopeError(
    'FCS_OUTPUT_FAILED',
    {
      en: `${path}: another \`dead-letters replay\` is at work. Try again when it is done.`,
      zh: `${path}：另一个 \`dead-letters replay\` 正在运行，请在其结束后重试。`,
    },
    { exitStatus: ExitStatus.unreachable },
  )

function notWritten(path: string, cause: unknown): FcscopeError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new FcscopeError(
    'FCS_OUTPUT_FAILED',
    {
      en: `${path}: letters cannot be handed over (${reason}). Check the folder, its owner and its disk.`,
      zh: `${path}：无法移交死信（${reason}）。请检查该目录、其所有者及磁盘。`,
    },
    { cause, exitStatus: ExitStatus.unreachable },
  )
}

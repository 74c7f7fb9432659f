// Workers that share partitions: they join, leave and are killed, and the store has everything once.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Random } from '../../src/lib/random.ts'
import { openServerReader } from '../../src/store/server-store.ts'
import { generateAll } from '../generate/run-generator.ts'
import { ClickHouseServer } from '../services/clickhouse-server.ts'
import { rowsOf, withoutChdb } from '../store/temporary-store.ts'
import { Member } from './partitions/member.ts'
import { MemoryGroup } from './partitions/memory-group.ts'
import type { AttemptJson } from './run-batch.ts'
import { assertCounted, assertStored } from './worker/compare.ts'
import { type StoredLine, storedLinesSql } from './worker/stored.ts'
import { readTruth } from './worker/truth.ts'

const partitionCount = 4
const rows = 6000
const firstSeed = Number(process.env['FCSCOPE_PARTITION_SEED'] ?? 31)

/** Rows by function, some of them together in a record. */
function divide(lines: readonly string[], random: Random): Map<string, Buffer[]> {
  const partitions = new Map<string, Buffer[]>()
  for (let at = 0; at < partitionCount; at += 1) partitions.set(`p${at}`, [])
  for (const line of lines) {
    const name = /"functionName":"([^"]*)"/.exec(line)?.[1] ?? ''
    const number = Buffer.from(name).reduce((sum, byte) => sum + byte, 0) % partitionCount
    const records = partitions.get(`p${number}`)!
    const last = records.at(-1)
    if (last !== undefined && random.below(3) === 0)
      records[records.length - 1] = Buffer.concat([last, Buffer.from(line)])
    else records.push(Buffer.from(line))
  }
  return partitions
}

/** A group, a server, and what must come out. */
class Scene {
  readonly folder = mkdtempSync(join(tmpdir(), 'fcscope-partitions-'))
  readonly random: Random
  readonly group: MemoryGroup
  readonly #input: string
  readonly #storeUrl: string
  readonly #members: Member[] = []

  constructor(seed: number, storeUrl: string) {
    this.random = new Random(seed)
    this.#storeUrl = storeUrl
    this.#input = join(this.folder, 'all.log')
    const { lines } = generateAll({ lines: rows, seed, format: 'sls' })
    mkdirSync(this.folder, { recursive: true })
    writeFileSync(this.#input, lines.join(''))
    this.group = new MemoryGroup(divide(lines, this.random))
  }

  async start(name: string, once = false): Promise<Member> {
    const member = new Member({ folder: this.folder, name, group: this.group, storeUrl: this.#storeUrl, once })
    this.#members.push(member)
    await member.started
    return member
  }

  /** A little more comes. */
  async grow(share: number): Promise<void> {
    const most = Math.max(...[...this.group.records.values()].map(({ length }) => length))
    this.group.visible = Math.ceil(most * share)
    await pause(30 + this.random.below(150))
  }

  /** The last worker reads what is left to its end; then the store is compared. */
  async mustHold(about: string, counters: Member | null): Promise<void> {
    const reader = await openServerReader({
      url: this.#storeUrl,
      database: 'fcscope',
      username: 'default',
      password: '',
      timeoutMs: 60_000,
    })
    assert.ok(reader !== null)
    const truth = await readTruth([this.#input])
    const attempts = await rowsOf<AttemptJson>(reader, 'SELECT * FROM invocations')
    const lines = await rowsOf<StoredLine>(reader, storedLinesSql)
    await reader.close()
    assertStored({ attempts, lines }, truth, about)
    if (counters !== null) assertCounted(await counters.metrics(), truth, about)
  }

  clear(): void {
    rmSync(this.folder, { recursive: true })
  }
}

describe('workers that share partitions', { skip: withoutChdb }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'fcscope-server-'))
  const servers: ClickHouseServer[] = []
  const serve = async (): Promise<string> => {
    const server = new ClickHouseServer(join(folder, `${servers.length}`))
    servers.push(server)
    await server.start()
    return server.url
  }
  after(async () => {
    for (const server of servers) await server.end()
    rmSync(folder, { recursive: true })
  })

  test('one that is killed again and again', { timeout: 60_000 }, async () => {
    const scene = new Scene(firstSeed, await serve())
    for (let step = 1; step <= 8; step += 1) {
      const member = await scene.start('a')
      await scene.grow(step / 8)
      await member.kill()
      member.expel()
    }
    const last = await scene.start('a', true)
    assert.ok(!((await last.ended) instanceof Error), String(await last.ended))
    const counting = await scene.start('a')
    await scene.mustHold('killed', counting)
    await counting.stop()
    scene.clear()
  })

  test('two that take over from each other, however they end', { timeout: 90_000 }, async () => {
    const scene = new Scene(firstSeed + 1, await serve())
    const { random } = scene
    const members = new Map<string, Member>()
    for (const name of ['a', 'b']) members.set(name, await scene.start(name))
    for (let step = 1; step <= 12; step += 1) {
      await scene.grow(step / 12)
      const name = random.below(2) === 0 ? 'a' : 'b'
      const member = members.get(name)!
      if (random.below(3) === 0) await member.stop()
      else {
        await member.kill()
        // The group may notice before or after the worker is back.
        if (random.below(2) === 0) await pause(random.below(200))
        member.expel()
        await pause(random.below(200))
      }
      members.set(name, await scene.start(name))
    }
    await members.get('b')!.stop()
    await members.get('a')!.stop()
    const last = await scene.start('c', true)
    assert.ok(!((await last.ended) instanceof Error), String(await last.ended))
    await scene.mustHold('taken over', null)
    scene.clear()
  })
})

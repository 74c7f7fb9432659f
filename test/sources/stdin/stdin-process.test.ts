// The source in a process of its own: whatever standard input may be, and kills.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { SmallWorker } from '../shared/small-worker.ts'
import { SourceWorld } from '../shared/source-world.ts'
import { StdinRig } from './stdin-rig.ts'

const script = fileURLToPath(new URL('copy-stdin.ts', import.meta.url))

const lines = Array.from({ length: 50_000 }, (_, i) => `2024-01-13T08:53:51Z line ${i}\n`).join('')
const odd = `\u0000\u00ff\u00c3(no UTF-8)\r\n\n${lines}last without a line end`

function run(mode: 'read' | 'copy', world: SourceWorld, stdin: 'pipe' | number): ChildProcess {
  return spawn(process.execPath, [script, mode, world.folder], { stdio: [stdin, 'pipe', 'pipe'] })
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise(resolve => child.once('exit', code => resolve(code)))

async function readFrom(stdin: number): Promise<string> {
  const world = new SourceWorld()
  const child = run('read', world, stdin)
  assert.ok(child.stdout)
  child.stdout.setEncoding('latin1')
  const [out, code] = await Promise.all([text(child.stdout), ended(child)])
  assert.equal(code, 0)
  world.remove()
  return out
}

async function readFromFile(bytes: Buffer): Promise<string> {
  const world = new SourceWorld()
  const path = join(world.folder, 'input')
  writeFileSync(path, bytes)
  const fd = openSync(path, 'r')
  try {
    return await readFrom(fd)
  } finally {
    closeSync(fd)
    world.remove()
  }
}

test('a pipe', async () => {
  const world = new SourceWorld()
  const child = run('read', world, 'pipe')
  assert.ok(child.stdout && child.stdin)
  child.stdout.setEncoding('latin1')
  child.stdin.end(Buffer.from(odd, 'latin1'))
  assert.equal(await text(child.stdout), odd)
  world.remove()
})

test('a file', async () => assert.equal(await readFromFile(Buffer.from(odd, 'latin1')), odd))
test('a compressed file', async () => assert.equal(await readFromFile(gzipSync(lines)), lines))

test('nothing', async () => {
  const fd = openSync('/dev/null', 'r')
  assert.equal(await readFrom(fd), '')
  closeSync(fd)
})

test('a standard input that is closed', async () => {
  const world = new SourceWorld()
  const child = spawn('sh', ['-c', 'exec "$0" "$1" read "$2" <&-', process.execPath, script, world.folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  assert.ok(child.stdout)
  const [out, code] = await Promise.all([text(child.stdout), ended(child)])
  assert.deepEqual([out, code], ['', 0])
  world.remove()
})

test('a directory is said, and no reason to hang', async () => {
  const world = new SourceWorld()
  const fd = openSync(world.folder, 'r')
  const child = run('read', world, fd)
  assert.ok(child.stderr)
  const [said, code] = await Promise.all([text(child.stderr), ended(child)])
  assert.match(said, /^stdinFailed$/m)
  assert.equal(code, 0)
  closeSync(fd)
  world.remove()
})

/** Waits until the process has said that so many bytes are in the log. */
function copied(child: ChildProcess, bytes: number): Promise<void> {
  return new Promise(resolve => {
    child.stderr?.setEncoding('latin1').on('data', (said: string) => {
      if (said.split('\n').some(each => Number(each) === bytes)) resolve()
    })
  })
}

test('after a kill everything that was read is there, also half a line', async () => {
  const rig = new StdinRig()
  const half = `${lines}half a li`
  for (const round of [1, 2]) {
    const child = run('copy', rig.world, 'pipe')
    assert.ok(child.stdin)
    child.stdin.on('error', () => undefined)
    const waiting = copied(child, round * half.length)
    child.stdin.write(half)
    await waiting
    child.kill('SIGKILL')
    await ended(child)
  }
  const source = rig.open()
  await source.start([])
  const worker = new SmallWorker(source)
  await worker.drain()
  assert.equal(worker.text, half + half)
  const last = worker.chunks.filter(chunk => chunk.isLast)
  assert.equal(last.length, 2, 'each run is a stream that has ended')
  assert.notEqual(last[0]?.stream.id, last[1]?.stream.id)
  await rig.close()
})

test('SIGTERM stops a process whose input is silent', async () => {
  const world = new SourceWorld()
  const child = run('read', world, 'pipe')
  assert.ok(child.stdin && child.stdout && child.stderr)
  child.stdin.on('error', () => undefined)
  const said = text(child.stderr)
  child.stdin.write('line\n')
  await new Promise(resolve => child.stdout?.once('data', resolve))
  child.kill('SIGTERM')
  assert.equal(await ended(child), 0)
  assert.match(await said, /stopped/)
  world.remove()
})

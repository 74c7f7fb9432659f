// What a fresh clone on somebody else's machine depends on.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const path = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url))
const manifest: Record<string, Record<string, string>> = JSON.parse(readFileSync(path('package.json'), 'utf8'))
const lock = readFileSync(path('package-lock.json'), 'utf8')

test('the lock file names no registry', () => {
  assert.doesNotMatch(lock, /"resolved"|\.tgz"/)
})

const fields = ['dependencies', 'optionalDependencies', 'devDependencies'] as const
const versions = Object.assign({}, ...fields.map(field => manifest[field])) as Record<string, string>

test('the lock file belongs to package.json', () => {
  const root = JSON.parse(lock).packages['']
  for (const field of fields) assert.deepEqual(root[field], manifest[field], field)
})

test('packages have versions, not tags', () => {
  for (const version of Object.values(versions)) {
    assert.match(version, /^[\^~]?\d+\.\d+\.\d+$/)
  }
})

test('every package has a reason in ARCHITECTURE.md, and no other is given one', () => {
  const section =
    readFileSync(path('ARCHITECTURE.md'), 'utf8').split('## Dependencies, and why')[1]?.split('\n## ')[0] ?? ''
  const rows = section.split('\n').filter(line => line.startsWith('| `'))
  const named = rows.flatMap(row => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(match => match[1]))
  const used = Object.keys(versions)
  assert.deepEqual(named.toSorted(), used.toSorted())
})

for (const script of ['bin/fcscope', '.ci/run']) {
  test(`${script} can be run and is valid`, () => {
    assert.ok(statSync(path(script)).mode & 0o100)
    execFileSync(script.startsWith('bin') ? 'sh' : 'bash', ['-n', path(script)])
  })
}

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { commandLoaders } from '../../src/cli/commands.ts'
import { globalOptions } from '../../src/cli/global-options.ts'
import { commandHelp, programHelp } from '../../src/cli/help.ts'
import type { Text } from '../../src/model/fcscope-error.ts'
import { runFcscope } from './run-fcscope.ts'

const commands = await Promise.all(Object.values(commandLoaders).map(load => load()))
const options = [...globalOptions, ...commands.flatMap(command => command.options)]
const texts: readonly Text[] = [
  ...options.map(option => option.text),
  ...commands.flatMap(({ summary, notes = [], examples }) => [summary, ...notes, ...examples.map(({ text }) => text)]),
]

test('every text is there in both languages, each in its own', () => {
  for (const { en, zh } of texts) {
    assert.doesNotMatch(en, /\p{Script=Han}/u)
    assert.match(zh, /\p{Script=Han}/u)
    assert.ok(en.length > 3)
  }
})

test('both languages name the same option values, files and figures', () => {
  const marks = (text: string): string[] =>
    [...text.matchAll(/[A-Z]{4,}|\d{2,}|[a-z]+\.(?:yaml|json)/g)].map(String).toSorted()
  for (const { en, zh } of texts) assert.deepEqual(marks(zh), marks(en), en)
})

test('commands carry the name they are listed under', () => {
  assert.deepEqual(
    commands.map(command => command.name),
    Object.keys(commandLoaders),
  )
})

test('no option has a name or a letter twice', () => {
  for (const command of commands) {
    const own = [...command.options, ...globalOptions]
    const names = own.flatMap(({ name, short }) => (short === undefined ? [name] : [name, `-${short}`]))
    assert.equal(new Set(names).size, names.length, command.name)
  }
})

test('help names every option and every visible command, and no hidden one', async () => {
  for (const command of commands) {
    for (const { name } of command.options) assert.ok(commandHelp(command, 'zh').includes(`--${name}`))
  }
  const help = await programHelp('en')
  for (const { name, isHidden } of commands) assert.equal(new RegExp(`^  ${name} `, 'm').test(help), !isHidden, name)
})

test('completion scripts are valid and know what the program knows', async () => {
  const script = async (shell: string): Promise<string> => (await runFcscope(['completion', shell])).stdout
  execFileSync('bash', ['-n'], { input: await script('bash') })
  const complete = (line: string): string[] => {
    const words = line.split(' ')
    const program = `${bash}\nCOMP_WORDS=(${words.map(word => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _fcscope; printf '%s\\n' "\${COMPREPLY[@]}"`
    return execFileSync('bash', ['-c', program], { encoding: 'utf8' }).trim().split('\n')
  }
  const bash = await script('bash')
  assert.deepEqual(complete('fcscope pa'), ['parse'])
  assert.deepEqual(complete('fcscope reconstruct --ma'), ['--max-open'])
  assert.deepEqual(complete('fcscope parse --format '), ['auto', 'text', 'sls'])
  assert.deepEqual(complete('fcscope completion z'), ['zsh'])
  assert.deepEqual(complete('fcscope bi'), ['bill'])
  assert.deepEqual(complete('fcscope bill '), ['price', 'estimate', 'reconcile', 'what-if'])
  assert.deepEqual(complete('fcscope bill estimate --mo'), ['--month'])
  for (const shell of ['bash', 'zsh', 'fish']) {
    const text = await script(shell)
    for (const word of ['parse', 'reconstruct', 'max-open', 'time-zone'])
      assert.ok(text.includes(word), `${shell} ${word}`)
  }
  assert.deepEqual(complete('fcscope star'), [''], 'a hidden command')
})

// Takes the words of a command line apart: options by their declaration, everything else is an operand.
import type { Arguments, Option } from './command.ts'
import { didYouMean, usageError } from './usage-error.ts'

/** What is expected where. */
export interface Grammar {
  /** Whose help an error names; null for the program. */
  readonly command: string | null
  readonly options: readonly Option[]
  /** Stop at the first operand: it is the command's name and what follows is the command's business. */
  readonly stopsAtOperand?: boolean
}

export interface ParsedArguments extends Arguments {
  /** What was not looked at, when the grammar stops at the first operand. */
  readonly rest: readonly string[]
}

/** Reads `words`. Fails with `FCS_USAGE` on what no option declares, and on values that are missing or not allowed. */
export function parseArguments(words: readonly string[], grammar: Grammar): ParsedArguments {
  const values = new Map<string, readonly string[]>()
  const operands: string[] = []
  let at = 0
  while (at < words.length) {
    const word = words[at] ?? ''
    at += 1
    if (word === '--') {
      operands.push(...words.slice(at))
      at = words.length
    } else if (word === '-' || !word.startsWith('-')) {
      if (grammar.stopsAtOperand) {
        at -= 1
        break
      }
      operands.push(word)
    } else {
      const { option, inline } = findOption(word, grammar)
      if (option.value === undefined) {
        if (inline !== null) throw unwantedValue(option, grammar)
        values.set(option.name, [])
      } else {
        const value = readValue(option, inline ?? words[at], grammar)
        values.set(option.name, [...(values.get(option.name) ?? []), value])
        if (inline === null) at += 1
      }
    }
  }
  return {
    operands,
    rest: words.slice(at),
    has: name => values.has(name),
    value: name => values.get(name)?.at(-1),
    values: name => values.get(name) ?? [],
  }
}

function findOption(word: string, grammar: Grammar): { option: Option; inline: string | null } {
  const equals = word.indexOf('=')
  const typed = equals === -1 ? word : word.slice(0, equals)
  const option = grammar.options.find(({ name, short }) => typed === `--${name}` || typed === `-${short}`)
  if (option === undefined) {
    const near = didYouMean(
      typed,
      grammar.options.map(({ name }) => `--${name}`),
    )
    throw usageError(grammar.command, { en: `Unknown option ${typed}.${near.en}`, zh: `未知选项 ${typed}。${near.zh}` })
  }
  return { option, inline: equals === -1 ? null : word.slice(equals + 1) }
}

function readValue(option: Option, value: string | undefined, grammar: Grammar): string {
  const placeholder = option.value?.placeholder ?? ''
  if (value === undefined || value === '' || value.startsWith('--')) {
    throw usageError(grammar.command, {
      en: `--${option.name} needs a value (${placeholder}).`,
      zh: `--${option.name} 需要一个值（${placeholder}）。`,
    })
  }
  const choices = option.value?.choices
  if (choices !== undefined && !choices.includes(value)) {
    const allowed = choices.join(', ')
    throw usageError(grammar.command, {
      en: `--${option.name}: '${value}' is not one of ${allowed}.`,
      zh: `--${option.name}：'${value}' 不在可选值之内：${allowed}。`,
    })
  }
  return value
}

const unwantedValue = (option: Option, grammar: Grammar): Error =>
  usageError(grammar.command, {
    en: `--${option.name} takes no value.`,
    zh: `--${option.name} 不带值。`,
  })

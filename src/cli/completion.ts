// `fcscope completion`: scripts for the shells, made from the same declarations as parsing and help.
import { ExitStatus } from '../model/fcscope-error.ts'
import type { Command, Option } from './command.ts'
import { globalOptions } from './global-options.ts'

const shells = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof shells)[number]

export const completionCommand: Command = {
  name: 'completion',
  summary: { en: 'Print a completion script for a shell.', zh: '输出 shell 的补全脚本。' },
  usage: shells.join('|'),
  operands: shells,
  options: [],
  examples: [
    {
      line: 'source <(fcscope completion bash)',
      text: { en: 'in ~/.bashrc: completion of commands and options', zh: '写入 ~/.bashrc：补全命令和选项' },
    },
    {
      line: 'fcscope completion fish > ~/.config/fish/completions/fcscope.fish',
      text: { en: 'the same for fish', zh: 'fish 的补全' },
    },
  ],
  async run(args, context) {
    const shell = shells.find(name => name === args.operands[0]) ?? 'bash'
    await context.stdout.write(Buffer.from(scripts[shell](await context.loadCommands())))
    return ExitStatus.done
  },
}

const scripts: Readonly<Record<Shell, (commands: readonly Command[]) => string>> = {
  bash: bashScript,
  zsh: commands => `#compdef fcscope\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(commands)}`,
  fish: fishScript,
}

const optionWords = (options: readonly Option[]): string => options.map(({ name }) => `--${name}`).join(' ')

const optionsOf = (command: Command): readonly Option[] => [...command.options, ...globalOptions]

/** First words, and the second words that may follow them. */
function wordTree(commands: readonly Command[]): ReadonlyMap<string, readonly string[]> {
  const tree = new Map<string, string[]>()
  for (const { name } of commands) {
    const [first = '', second] = name.split(' ')
    tree.set(first, [...(tree.get(first) ?? []), ...(second === undefined ? [] : [second])])
  }
  return tree
}

/** Shell patterns for "command, then option", and the values that may follow. */
function valueCases(commands: readonly Command[]): readonly string[] {
  const cases = (start: string, options: readonly Option[]): string[] =>
    options.flatMap(({ name, value }) =>
      value?.choices ? [`    ${start} --${name}') words='${value.choices.join(' ')}' ;;`] : [],
    )
  return [...commands.flatMap(({ name, options }) => cases(`'${name}`, options)), ...cases("*'", globalOptions)]
}

function bashScript(commands: readonly Command[]): string {
  const tree = wordTree(commands)
  const names = [...new Set([...tree.keys(), ...commands.map(({ name }) => name)])].map(name => `'${name}'`)
  const words = commands.map(command => {
    const operands = typeof command.operands === 'string' ? '' : ` ${command.operands.join(' ')}`
    return `    '${command.name} '*) words='${optionWords(optionsOf(command))}${operands}' ;;`
  })
  const seconds = [...tree].flatMap(([first, of]) =>
    of.length === 0 ? [] : [`    '${first} '*) words='${of.join(' ')}' ;;`],
  )
  return `_fcscope() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} name= candidate words
  for candidate in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$name\${name:+ }$candidate" in
      ${names.join('|')}) name="$name\${name:+ }$candidate" ;;
    esac
  done
  case "$name $previous" in
${valueCases(commands).join('\n')}
${[...words, ...seconds].join('\n')}
    *) words='${[...tree.keys()].join(' ')} ${optionWords(globalOptions)}' ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _fcscope fcscope
`
}

function fishScript(commands: readonly Command[]): string {
  const tree = wordTree(commands)
  const firsts = [...tree.keys()].join(' ')
  const lines = [
    ...[...tree].map(([first, seconds]) => {
      const summary = commands.find(({ name }) => name === first)?.summary.en ?? `Commands: ${seconds.join(', ')}.`
      return `complete -c fcscope -n 'not __fish_seen_subcommand_from ${firsts}' -f -a ${first} -d ${quoted(summary)}`
    }),
    ...globalOptions.map(option => fishOption('', option)),
    ...commands.flatMap(command => {
      const [first = '', second] = command.name.split(' ')
      const when = ` -n '${fishSeen(first, second)}'`
      const operands =
        typeof command.operands === 'string'
          ? []
          : [`complete -c fcscope${when} -f -a ${quoted(command.operands.join(' '))}`]
      return [
        ...(second === undefined ? [] : [fishSecond(first, second, { command, among: tree.get(first) ?? [] })]),
        ...command.options.map(option => fishOption(when, option)),
        ...operands,
      ]
    }),
  ]
  return `${lines.join('\n')}\n`
}

const fishSeen = (first: string, second: string | undefined): string =>
  second === undefined
    ? `__fish_seen_subcommand_from ${first}`
    : `__fish_seen_subcommand_from ${first}; and __fish_seen_subcommand_from ${second}`

function fishSecond(first: string, second: string, of: { command: Command; among: readonly string[] }): string {
  const when = `__fish_seen_subcommand_from ${first}; and not __fish_seen_subcommand_from ${of.among.join(' ')}`
  return `complete -c fcscope -n '${when}' -f -a ${second} -d ${quoted(of.command.summary.en)}`
}

function fishOption(when: string, { name, short, text, value }: Option): string {
  const choices = value?.choices === undefined ? '' : ` -f -a ${quoted(value.choices.join(' '))}`
  const argument = value === undefined ? '' : ` -r${choices}`
  return `complete -c fcscope${when}${short === undefined ? '' : ` -s ${short}`} -l ${name}${argument} -d ${quoted(text.en)}`
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

// What the whole-process bench runs, and beside which yardstick.
import { fileURLToPath } from 'node:url'
import type { Command } from './run-command.ts'
import type { Workload, Workloads } from './workloads.ts'

export interface Case {
  readonly id: string
  /** What is run, for readers. */
  readonly about: string
  readonly workload: Workload
  /** Lines or rows that one run reads. */
  readonly records: number
  readonly command: Command
  /** The case that is run right before each run of this one; none for yardsticks. */
  readonly yardstick: string | null
  /** Runs in each round. */
  readonly runs: number
}

const readlineScript = fileURLToPath(new URL('yardstick-readline.mjs', import.meta.url))
const startsPerRound = 10

/** Yardsticks come before what is measured beside them. */
export function listCases(options: { workloads: Workloads; fcscope: string; node: string }): readonly Case[] {
  const { workloads, fcscope, node } = options
  const { a, b, c, d, e } = workloads
  const onFile = (workload: Workload, about: string, argv: readonly string[]): Case => ({
    id: `${about} ${workload.name}`,
    about,
    workload,
    records: workload.records,
    command: { argv: [...argv, workload.path] },
    yardstick: about === 'grep' ? null : `grep ${workload.name}`,
    runs: 1,
  })
  const grep = (workload: Workload): Case => onFile(workload, 'grep', ['grep', '-c', 'RequestId'])
  const none = (workload: Workload): Case =>
    onFile(workload, 'reconstruct --out none', [fcscope, 'reconstruct', '--out', 'none'])
  const text = (workload: Workload): Case[] => [
    grep(workload),
    onFile(workload, 'wc -l', ['wc', '-l']),
    onFile(workload, 'readline script', [node, readlineScript]),
    none(workload),
    onFile(workload, 'reconstruct --out jsonl', [fcscope, 'reconstruct', '--out', 'jsonl']),
    onFile(workload, 'parse', [fcscope, 'parse']),
  ]
  const twice = (of: Case, argv: readonly string[]): Case => ({
    ...of,
    id: `${of.id} twice`,
    records: of.records * 2,
    command: { argv, stdin: [a.path, a.path] },
    yardstick: of.yardstick === null ? null : `${of.yardstick} twice`,
  })
  const start = (about: string, argv: readonly string[]): Case => ({
    id: about,
    about,
    workload: e,
    records: 1,
    command: { argv, bare: true },
    yardstick: about === 'node -e 0' ? null : 'node -e 0',
    runs: startsPerRound,
  })
  return [
    ...text(a),
    ...text(b),
    ...[grep(c), none(c)],
    twice(grep(a), ['grep', '-c', 'RequestId']),
    twice(none(a), [fcscope, 'reconstruct', '--out', 'none', '-']),
    ...[grep(d), none(d)],
    start('node -e 0', [node, '-e', '0']),
    start('--version', [fcscope, '--version']),
    start('parse, one line', [fcscope, 'parse', e.path]),
  ]
}

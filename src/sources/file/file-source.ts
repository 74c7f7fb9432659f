// The kind of source `file`: its options, and how one is made.
import { z } from 'zod'
import { choiceOption, integerOption, listOption, pathListOption } from '../../lib/option-schema.ts'
import { inputFormats } from '../../model/batch-options.ts'
import { defineSource, type SourceDeps } from '../shared/source-definition.ts'
import { defaultTuning, type FollowTuning } from './follow-context.ts'
import { FollowSource } from './follow-source.ts'
import { PathPatterns } from './path-patterns.ts'

const milliseconds = { en: 'milliseconds', zh: '毫秒' }
const patterns = {
  en: 'paths, with * ? [] {} and ** for patterns',
  zh: '路径，可使用 * ? [] {} 和 ** 作为通配符',
}

const options = z.strictObject({
  paths: pathListOption({ en: 'Files to follow.', zh: '要跟踪的文件。' }, patterns),
  exclude: listOption(
    {
      en: 'Files that are not followed although a path matches them; a pattern without a slash is one of names.',
      zh: '即使匹配也不跟踪的文件；不含斜杠的模式只匹配文件名。',
    },
    patterns,
  ).optional(),
  startAt: choiceOption(['beginning', 'end'], {
    en: 'Where to begin with files that are there at the very first start; later ones are read from their beginning.',
    zh: '首次启动时已存在的文件从何处开始读取；之后出现的文件总是从头读取。',
  }).default('beginning'),
  format: choiceOption(inputFormats, {
    en: 'How lines are told apart; auto decides per line.',
    zh: '如何区分各行；auto 表示逐行判断。',
  }).default('auto'),
  pollMs: integerOption(
    { min: 10, max: 60_000, unit: milliseconds },
    { en: 'How often known files are looked at.', zh: '检查已知文件的间隔。' },
  ).default(100),
  scanMs: integerOption(
    { min: 10, max: 3_600_000, unit: milliseconds },
    { en: 'How often new files are looked for.', zh: '查找新文件的间隔。' },
  ).default(1000),
  maxFiles: integerOption(
    { min: 1, max: 1_000_000 },
    {
      en: 'How many files are followed at once; as many are remembered when they are gone.',
      zh: '同时跟踪的文件数量上限；消失的文件也最多记住这么多。',
    },
  ).default(10_000),
})

export type FileOptions = z.output<typeof options>

/** Follows files: through rotation, truncation and compression, every line once. */
export const fileSource = defineSource({
  type: 'file',
  options,
  create: (chosen, deps) => createFileSource(chosen, deps),
})

/** `tuning`: for tests. */
export function createFileSource(
  chosen: FileOptions,
  deps: SourceDeps,
  tuning: Partial<FollowTuning> = {},
): FollowSource {
  const { format, startAt, paths, exclude = [], pollMs, scanMs, maxFiles } = chosen
  return new FollowSource({
    context: {
      source: deps.name,
      log: deps.log,
      nowMs: steadyClock(deps.nowMs),
      once: deps.once,
      pollMs,
      scanMs,
      maxFiles,
      tuning: { ...defaultTuning, ...tuning },
    },
    patterns: new PathPatterns(paths, exclude),
    format,
    startAt,
    wake: deps.wake,
  })
}

/** A clock that never goes back: with one that is set back an hour nothing would be looked at for that hour. */
function steadyClock(nowMs: () => number): () => number {
  let lastMs = nowMs()
  let passedMs = 0
  return () => {
    const ms = nowMs()
    passedMs += Math.max(0, ms - lastMs)
    lastMs = ms
    return passedMs
  }
}

// The source for standard input: its options, and how one is made.
import { z } from 'zod'
import { choiceOption, integerOption } from '../../lib/option-schema.ts'
import { inputFormats } from '../../model/batch-options.ts'
import type { Input } from '../../model/input.ts'
import { LoggedSource } from '../shared/logged-source.ts'
import { defineSource } from '../shared/source-definition.ts'
import { StdinIntake } from './stdin-intake.ts'

const mebibyte = 1024 * 1024

const options = z.strictObject({
  format: choiceOption(inputFormats, {
    en: 'How lines are told apart; auto decides for each line.',
    zh: '日志行的格式，auto 表示逐行判断。',
  }).default('auto'),
  maxBacklogBytes: integerOption(
    { min: mebibyte, max: 1024 * 1024 * mebibyte, unit: { en: 'bytes', zh: '字节' } },
    {
      en: 'When so much was read and not yet delivered, standard input is left alone until there is less.',
      zh: '已读取但尚未投递的数据达到该值时，暂停读取标准输入。',
    },
  ).default(64 * mebibyte),
})

/**
 * `openInput` opens standard input: decompressed, and through the event loop where a read could block. It is not synced: what a
 * pipe has given cannot be asked for again after a loss of power, but then its writer is gone as well.
 */
export const stdinSource = (openInput: () => Promise<Input>) =>
  defineSource({
    type: 'stdin',
    options,
    create: ({ format, maxBacklogBytes }, deps) =>
      new LoggedSource({ format, fsync: false, maxBacklogBytes }, deps, new StdinIntake(openInput, deps)),
  })

// A configuration with every kind of option, for tests of the machinery: it knows nothing of fcscope.
import { z } from 'zod'
import { type CheckedConfig, checkConfig } from '../../src/config/check-config.ts'
import { configError } from '../../src/config/config-problem.ts'
import { defineConfig, onePart, partList } from '../../src/config/config-sections.ts'
import {
  choiceOption,
  flagOption,
  groupOption,
  integerOption,
  listenOption,
  listOption,
  pathListOption,
  pathOption,
  secretOption,
  textOption,
  urlOption,
  withRule,
} from '../../src/lib/option-schema.ts'
import type { Text } from '../../src/model/fcscope-error.ts'

const words = { en: 'For tests.', zh: '用于测试。' }

export const tap = {
  type: 'tap',
  options: z.strictObject({
    paths: pathListOption(words, { en: 'a list of paths', zh: '路径列表' }),
    mode: choiceOption(['slow', 'fast'], words).default('slow'),
    retry: groupOption(
      { maxElapsedMs: integerOption({ min: 0, max: 1000 }, words).default(100), forever: flagOption(words).optional() },
      words,
    ).prefault({}),
  }),
} as const

export const well = {
  type: 'well',
  options: z.strictObject({
    listen: listenOption(words),
    token: secretOption(words).optional(),
    tags: listOption(words, { en: 'a list of texts', zh: '文本列表' }).optional(),
  }),
} as const

export const barrel = {
  type: 'barrel',
  options: z.strictObject({ path: pathOption(words).default('data/barrel') }),
} as const
export const river = {
  type: 'river',
  options: z.strictObject({ url: urlOption(words), password: secretOption(words) }),
} as const

const door = withRule(
  groupOption({ isOpen: flagOption(words).default(false), key: secretOption(words).optional() }, words),
  ({ isOpen, key }) =>
    isOpen && key !== undefined
      ? { path: ['key'], text: { en: 'found a key; allowed: none for an open door', zh: '门已打开，无需钥匙' } }
      : null,
)

export const toySchema = defineConfig({
  sections: {
    waters: partList([tap, well], words),
    vessel: onePart([barrel, river], { fallback: barrel, text: words }),
    limits: groupOption(
      {
        count: integerOption({ min: 1, max: 10 }, words).default(5),
        isStrict: flagOption(words).default(true),
        label: textOption(words).optional(),
      },
      words,
    ).prefault({}),
    manual: pathOption(words).optional(),
    door: door.optional(),
  },
  planned: { fountain: { en: 'no fountains yet; allowed: leave the key out', zh: '尚不支持喷泉；请删除该键' } },
  rules: [
    ({ limits, manual }) =>
      limits.label === 'manual' && manual === undefined
        ? [{ path: ['manual'], text: { en: 'found nothing; allowed: what the label says', zh: '与标签不符' } }]
        : [],
  ],
})

export type ToyConfig = CheckedConfig<typeof toySchema.sections>

/** Folder of the files that tests pretend to load. */
export const toyFolder = '/etc/toy'

/** Checks a text as if it stood in `t.yaml`; the error's text when it is refused. */
export function checkToy(
  text: string,
  how: { environment?: Readonly<Record<string, string>>; folder?: string } = {},
): ToyConfig | Text {
  const { environment = {}, folder = toyFolder } = how
  const check = checkConfig(text, toySchema, { environment, folder })
  if (check.status === 'invalid') return configError('t.yaml', check.problems).text
  return { file: `${folder}/t.yaml`, folder, settings: check.settings, expressions: check.expressions }
}

// The sections `deadLetters` and `attempts`: what may be said of the folder or the topics that they go to, and what of it must fit.
import { join } from 'node:path'
import { z } from 'zod'
import { onePart, type Part } from '../config/config-sections.ts'
import {
  type BrokenRule,
  choiceOption,
  groupOption,
  integerOption,
  pathOption,
  type Words,
} from '../lib/option-schema.ts'
import {
  type KafkaSinkOptions,
  type KafkaSinkSettings,
  kafkaSinkOptions,
  kafkaSinkShape,
  lendableConnection,
} from '../sinks/kafka/kafka-sink-options.ts'

const bytes: Words = { en: 'bytes', zh: '字节' }
const gibibyte = 1024 ** 3

const letterFolder = {
  type: 'folder',
  options: z.strictObject({
    path: pathOption({
      en: 'Folder of records that could not be processed.',
      zh: '存放无法处理的记录的文件夹。',
    }).default('.fcscope/dead-letters'),
    maxBytes: integerOption(
      { min: 1024 ** 2, max: 2 ** 50, unit: bytes },
      {
        en: 'Most that is kept there; with more the oldest files are removed, which is said.',
        zh: '该文件夹的大小上限；超出时删除最早的文件并记录日志。',
      },
    ).default(gibibyte),
  }),
} as const

const letterTopic = { type: 'kafka', options: z.strictObject(kafkaSinkShape) } as const

export const deadLettersSection = onePart([letterFolder, letterTopic], {
  fallback: letterFolder,
  text: {
    en: 'What could not be processed ([dead-letters.md](dead-letters.md)).',
    zh: '无法处理的记录（[dead-letters.md](dead-letters.md)）。',
  },
})

export const attemptsSection = groupOption(
  { type: choiceOption(['kafka'], { en: 'Its kind.', zh: '种类。' }), ...kafkaSinkShape },
  {
    en: 'Where attempts go beside the store, each time they are given out ([kafka.md](kafka.md)).',
    zh: '除存储外，每次输出的尝试还写入何处（[kafka.md](kafka.md)）。',
  },
).optional()

/** Sections that can be a topic. */
export type TopicSection = 'attempts' | 'deadLetters'

export type LetterSettings = Part<typeof letterFolder> | Part<typeof letterTopic>

/** What the topics depend on. */
export interface TopicSettings {
  readonly sources: readonly { readonly name: string; readonly type: string; readonly options: object }[]
  readonly attempts: KafkaSinkSettings | undefined
  readonly deadLetters: LetterSettings
  readonly route: { readonly brokers: readonly string[]; readonly topic: string } | undefined
}

/** Where `dead-letters` looks for letters, and workers for those that are to be tried again. */
export const letterFolderOf = (settings: Pick<TopicSettings, 'deadLetters'> & { state: { path: string } }): string =>
  settings.deadLetters.type === 'folder' ? settings.deadLetters.options.path : join(settings.state.path, 'dead-letters')

const topicSettingsOf = ({ attempts, deadLetters }: TopicSettings, section: TopicSection): KafkaSinkSettings | null =>
  section === 'attempts' ? (attempts ?? null) : deadLetters.type === 'kafka' ? deadLetters.options : null

/** The connection of the only Kafka source; null when there are none, or several. */
function lentConnection({ sources }: TopicSettings) {
  const found = sources.flatMap(({ type, options }) => (type === 'kafka' ? (lendableConnection(options) ?? []) : []))
  return found.length === 1 ? (found[0] ?? null) : null
}

/** The topic that a section of checked settings names; null when it names none. */
export function topicOf(settings: TopicSettings, section: TopicSection): KafkaSinkOptions | null {
  const topic = topicSettingsOf(settings, section)
  return topic && kafkaSinkOptions(topic, lentConnection(settings))
}

/** The section `deadLetters` as it can stand without the sources: with a connection of its own. */
export function independentLetters(settings: TopicSettings): LetterSettings {
  const { deadLetters } = settings
  const topic = topicOf(settings, 'deadLetters')
  if (deadLetters.type !== 'kafka' || topic === null) return deadLetters
  return { ...deadLetters, options: { ...deadLetters.options, ...topic.connection } }
}

/** What is wrong with the topics: {@link topicOf} gives one where this finds nothing. */
export const brokenTopics = (settings: TopicSettings): readonly BrokenRule[] =>
  (['deadLetters', 'attempts'] as const).flatMap(section => {
    const topic = topicSettingsOf(settings, section)
    if (topic === null) return []
    const options = kafkaSinkOptions(topic, lentConnection(settings))
    const isHalf = topic.brokers === undefined && (topic.sasl !== undefined || topic.ssl !== undefined)
    if (options === null || isHalf) return [noBrokers(section, isHalf)]
    return sharedTopic(settings, section, options)
  })

function noBrokers(section: TopicSection, isHalf: boolean): BrokenRule {
  const why: Words = isHalf
    ? { en: 'because sasl or ssl stands beside it', zh: '因为同时设置了 sasl 或 ssl' }
    : {
        en: 'because there is not exactly one Kafka source whose connection it could have',
        zh: '因为没有唯一可借用连接的 Kafka 数据源',
      }
  return {
    path: [section, 'brokers'],
    text: {
      en: `found nothing; allowed: a list of HOST:PORT, ${why.en}`,
      zh: `实际为空；应为 HOST:PORT 列表，${why.zh}`,
    },
  }
}

/** Whatever reads a topic must not find anything else in it, and nobody may read what he writes. */
function sharedTopic(settings: TopicSettings, section: TopicSection, options: KafkaSinkOptions): readonly BrokenRule[] {
  const { topic, connection } = options
  const isThere = (brokers: unknown): boolean =>
    Array.isArray(brokers) && brokers.some(broker => connection.brokers.includes(broker))
  const readers = settings.sources.flatMap(({ options: source }, i) => {
    const { topics, brokers } = source as Readonly<Record<string, unknown>>
    return Array.isArray(topics) && topics.includes(topic) && isThere(brokers) ? [`sources[${i}].topics`] : []
  })
  const { route } = settings
  const routed = route !== undefined && route.topic === topic && isThere(route.brokers) ? ['route.topic'] : []
  const letters = section === 'attempts' ? topicOf(settings, 'deadLetters') : null
  const buried = letters?.topic === topic && isThere(letters.connection.brokers) ? ['deadLetters.topic'] : []
  const [other] = [...readers, ...routed, ...buried]
  if (other === undefined) return []
  const text = {
    en: `found what ${other} has as well; allowed: a topic of its own`,
    zh: `与 ${other} 相同；应为不重复的主题`,
  }
  return [{ path: [section, 'topic'], text }]
}

// What the configuration of the worker may hold (contract §6): every option with its words, its default and its check.
import { onePart, partList, type Settings } from '../config/config-sections.ts'
import {
  type BrokenRule,
  choiceOption,
  flagOption,
  groupOption,
  integerOption,
  isLoopback,
  listenOption,
  pathOption,
  readListen,
  secretOption,
  timeZoneOption,
  type Words,
  withRule,
} from '../lib/option-schema.ts'
import { defaultBook, defaultLogTimeZone, defaultMaxOpen, defaultTimeZone } from '../model/batch-options.ts'
import { otlpMetricsOptions, otlpOptions } from '../sinks/otlp/otlp-options.ts'
import { shippedBooks } from './bill/price-books.ts'
import { routeOptions } from './route-options.ts'
import { sourceDefinitions } from './source-definitions.ts'
import { embeddedStoreDefinition, storeDefinitions } from './store-definitions.ts'
import { attemptsSection, brokenTopics, deadLettersSection } from './topic-sections.ts'

const milliseconds: Words = { en: 'milliseconds', zh: '毫秒' }
const bytes: Words = { en: 'bytes', zh: '字节' }

const minuteMs = 60_000
const dayMs = 86_400_000
const gibibyte = 1024 ** 3

const reconstruct = groupOption(
  {
    silenceMs: integerOption(
      { min: 1000, max: 7 * dayMs, unit: milliseconds },
      {
        en: 'How long nothing may be heard of an attempt before it is given out as incomplete.',
        zh: '尝试在多长时间内没有任何记录即视为 incomplete 输出。',
      },
    ).default(15 * minuteMs),
    allowedLatenessMs: integerOption(
      { min: 0, max: dayMs, unit: milliseconds },
      { en: 'How late a record may come and still find its attempt.', zh: '记录迟到多久仍能归入其尝试。' },
    ).default(minuteMs),
    maxOpen: integerOption(
      { min: 1, max: 16_000_000 },
      {
        en: 'Open attempts that are kept; beyond it the oldest is given out as incomplete.',
        zh: '保留的未结束尝试数，超出时最早的一个以 incomplete 输出。',
      },
    ).default(defaultMaxOpen),
    settleAfterMs: integerOption(
      { min: 0, max: 5 * minuteMs, unit: milliseconds },
      {
        en: 'How long after its End an attempt is given out for the first time; records that come later make a revision.',
        zh: '尝试结束后多久首次输出；之后到达的记录会产生修订。',
      },
    ).default(300),
    timeZone: timeZoneOption({
      en: 'Zone of the console’s times in front of lines.',
      zh: '行首控制台时间的时区。',
    }).default(defaultTimeZone),
    logTimeZone: timeZoneOption({
      en: 'Zone of times in the text that carry none.',
      zh: '文本中不带时区的时间所用的时区。',
    }).default(defaultLogTimeZone),
  },
  { en: 'How records become attempts.', zh: '如何把记录还原为尝试。' },
).prefault({})

const web = withRule(
  groupOption(
    {
      listen: listenOption({ en: 'Where the page and its API listen.', zh: '网页及其 API 的监听地址。' }).default(
        '127.0.0.1:8080',
      ),
      token: secretOption({
        en: 'What callers must show; required on an address that is not loopback.',
        zh: '访问令牌；监听非回环地址时必填。',
      }).optional(),
    },
    {
      en: 'The dashboard. This version checks these options, but does not serve the page yet.',
      zh: '仪表盘。本版本只检查这些选项，尚不提供网页。',
    },
  ),
  ({ listen, token }): BrokenRule | null => {
    const address = readListen(listen)
    if (address === null || isLoopback(address.host) || token !== undefined) return null
    return {
      path: ['token'],
      text: {
        en: 'found nothing; allowed: a text, because others can reach the address (or listen on 127.0.0.1)',
        zh: '实际为空；该地址可被其他主机访问，必须设置令牌（或改为监听 127.0.0.1）',
      },
    }
  },
)

const billing = groupOption(
  {
    book: choiceOption(shippedBooks, {
      en: 'The price book that CU and costs of attempts are calculated with ([billing.md](billing.md)).',
      zh: '计算调用的 CU 和费用所用的价格表（[billing.md](billing.md)）。',
    }).default(defaultBook),
    bookFile: pathOption({
      en: 'A price book of your own, in place of `book`.',
      zh: '自己的价格表文件，代替 `book`。',
    }).optional(),
    discount: flagOption({
      en: 'Whether the platform’s general discount counts.',
      zh: '是否计入平台的普惠折扣。',
    }).default(true),
    allDisk: flagOption({
      en: 'Whether disk counts from the first MB on.',
      zh: '磁盘是否从第一 MB 起计费。',
    }).default(false),
  },
  { en: 'What attempts cost; needs `functions`.', zh: '调用的费用，需要 `functions`。' },
).prefault({})

/** The sections in the order of the reference page. */
export const workerSections = {
  sources: partList(sourceDefinitions, {
    en: 'Where logs come from; each keeps its own positions.',
    zh: '日志来源，各自记录读取位置。',
  }),
  functions: pathOption({
    en: 'The file that says what logs do not ([functions-yaml.md](functions-yaml.md)).',
    zh: '补充日志中没有的函数信息的文件（[functions-yaml.md](functions-yaml.md)）。',
  }).optional(),
  billing,
  reconstruct,
  store: onePart(storeDefinitions, {
    fallback: embeddedStoreDefinition,
    text: { en: 'Where attempts and lines are kept.', zh: '尝试和日志行的存储位置。' },
  }),
  state: groupOption(
    {
      path: pathOption({
        en: 'Folder of positions, open attempts and what is being delivered.',
        zh: '保存读取位置、未结束的尝试和投递中数据的文件夹。',
      }).default('.fcscope/state'),
    },
    { en: 'What a restart needs.', zh: '重启所需的数据。' },
  ).prefault({}),
  metrics: groupOption(
    {
      listen: listenOption({
        en: 'Where /metrics, /healthz and /readyz listen.',
        zh: '/metrics、/healthz 和 /readyz 的监听地址。',
      }).default('127.0.0.1:9464'),
      maxFunctions: integerOption(
        { min: 1, max: 100_000 },
        {
          en: 'Functions with labels of their own; the others are `__other__`.',
          zh: '拥有独立标签的函数数，其余归入 `__other__`。',
        },
      ).default(1000),
      otlp: otlpMetricsOptions.optional(),
    },
    { en: 'Prometheus metrics.', zh: 'Prometheus 指标。' },
  ).prefault({}),
  web: web.optional(),
  deadLetters: deadLettersSection,
  attempts: attemptsSection,
  traces: otlpOptions.optional(),
  spill: groupOption(
    {
      maxBytes: integerOption(
        { min: 1024 ** 2, max: 2 ** 50, unit: bytes },
        {
          en: 'Most that waits on disk for a sink that is down; when it is full, sources wait.',
          zh: '下游不可用时在磁盘上等待的数据上限；达到后暂停读取。',
        },
      ).default(2 * gibibyte),
    },
    { en: 'What waits for a sink that is down.', zh: '等待下游恢复的数据。' },
  ).prefault({}),
  batch: groupOption(
    {
      lingerMs: integerOption(
        { min: 0, max: minuteMs, unit: milliseconds },
        { en: 'How long rows wait for others before they are delivered.', zh: '数据行在投递前等待合并的时间。' },
      ).default(200),
      maxRows: integerOption(
        { min: 1, max: 1_000_000 },
        { en: 'Rows that are delivered at once at most.', zh: '单次投递的最大行数。' },
      ).default(131_072),
    },
    { en: 'How rows are delivered.', zh: '数据行的投递方式。' },
  ).prefault({}),
  route: routeOptions.optional(),
}

export type WorkerSettings = Settings<typeof workerSections>

/** Sections of the contract that do nothing yet: what does nothing must not be set in good faith. */
export const plannedSections: Readonly<Record<string, Words>> = {
  redact: {
    en: 'this version does not redact yet, everything would be stored as it is; allowed: leave the key out',
    zh: '当前版本尚不支持脱敏，数据会原样存储；请删除该键',
  },
}

/** What must hold between the sections. */
export const workerRules: readonly ((settings: WorkerSettings) => readonly BrokenRule[])[] = [
  settings => repeated(listenPlaces(settings), 'an address of its own', '不重复的地址'),
  settings => repeated(folderPlaces(settings), 'a folder of its own', '不重复的文件夹'),
  settings => repeated(standardInputs(settings), 'one source that reads standard input', '只能有一个来源读取标准输入'),
  brokenTopics,
]

/** A value that no other place may have; null for one that may. */
interface Place {
  readonly path: readonly (string | number)[]
  readonly value: string | null
}

/** Port 0 is another port each time. */
function listenPlaces({ sources, metrics, web: page }: WorkerSettings): readonly Place[] {
  const places = [
    ...sources.map(({ options }, i) => ({ path: ['sources', i, 'listen'], value: options['listen'] })),
    { path: ['metrics', 'listen'], value: metrics.listen },
    { path: ['web', 'listen'], value: page?.listen },
  ]
  return places.map(({ path, value }) => ({
    path,
    value: typeof value === 'string' && !value.endsWith(':0') ? value : null,
  }))
}

function folderPlaces({ state, store, deadLetters }: WorkerSettings): readonly Place[] {
  return [
    { path: ['state', 'path'], value: state.path },
    { path: ['store', 'path'], value: store.type === 'embedded' ? store.options.path : null },
    { path: ['deadLetters', 'path'], value: deadLetters.type === 'folder' ? deadLetters.options.path : null },
  ]
}

const standardInputs = ({ sources }: WorkerSettings): readonly Place[] =>
  sources.map(({ type }, i) => ({ path: ['sources', i, 'type'], value: type === 'stdin' ? type : null }))

function repeated(places: readonly Place[], en: string, zh: string): readonly BrokenRule[] {
  const first = new Map<string, Place>()
  const broken: BrokenRule[] = []
  for (const place of places) {
    if (place.value === null) continue
    const other = first.get(place.value)
    if (other === undefined) first.set(place.value, place)
    else broken.push({ path: place.path, text: sameAs(other, { en, zh }) })
  }
  return broken
}

/** The value itself is not told: it may have come out of an expansion. */
function sameAs(other: Place, allowed: Words): Words {
  const place = other.path
    .map(step => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1)
  return { en: `found what ${place} has as well; allowed: ${allowed.en}`, zh: `与 ${place} 相同；应为${allowed.zh}` }
}

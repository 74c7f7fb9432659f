// `fcscope backfill`: a range of a Logstore into the store, as far as it is not there yet.
import type { LogstorePlace } from '../app/backfill/logstore-place.ts'
import type { BackfillOutcome } from '../app/run-backfill.ts'
import type { WorkerConfig } from '../app/worker-config.ts'
import { ExitStatus, type Text } from '../model/fcscope-error.ts'
import type { Arguments, Command, Context } from './command.ts'
import { configOption } from './config-option.ts'
import { integerOption } from './option-values.ts'
import { RunProgress } from './run-progress.ts'
import { printStoreConfig, readStoreConfig } from './store-command.ts'
import { durationOption, sinceOption } from './time-option.ts'
import { usageError } from './usage-error.ts'
import { readVersion } from './version.ts'

const minuteMs = 60_000
const usualMarginMs = 15 * minuteMs
const maxMarginMs = 7 * 24 * 60 * minuteMs
const usualRequests = 8

export const backfillCommand: Command = {
  name: 'backfill',
  summary: {
    en: 'Bring a time range of an SLS Logstore into the store, as far as it is not there yet.',
    zh: '把 SLS Logstore 中一段时间的日志补入存储，已有的不会重复。',
  },
  usage: '',
  operands: 'none',
  hasConfig: true,
  options: [
    configOption,
    {
      name: 'from',
      value: { placeholder: 'TIME' },
      text: {
        en: 'the first moment: 2025-01-15T08:00:00Z, 2025-01-15, or how long ago, like 24h',
        zh: '开始时间：2025-01-15T08:00:00Z、2025-01-15，或距今多久，如 24h',
      },
    },
    {
      name: 'to',
      value: { placeholder: 'TIME' },
      text: { en: 'the moment behind the last', zh: '结束时间，不包含在内' },
    },
    {
      name: 'project',
      value: { placeholder: 'NAME' },
      text: {
        en: 'the project; like the two below it may come from a source of the type sls in the configuration',
        zh: '项目；与以下两项一样，可取自配置文件中的 sls 数据源',
      },
    },
    { name: 'logstore', value: { placeholder: 'NAME' }, text: { en: 'the Logstore', zh: 'Logstore 名称' } },
    {
      name: 'endpoint',
      value: { placeholder: 'ADDRESS' },
      text: {
        en: 'the address of the region, as https://cn-hangzhou.log.aliyuncs.com',
        zh: '地域的接入点，如 https://cn-hangzhou.log.aliyuncs.com',
      },
    },
    {
      name: 'query',
      value: { placeholder: 'QUERY' },
      text: {
        en: 'only rows that this search finds; it should name whole functions or instances',
        zh: '只取该查询命中的日志，条件应为完整的函数或实例',
      },
    },
    {
      name: 'margin',
      value: { placeholder: 'DURATION' },
      text: {
        en: 'the longest that an attempt takes: so much is read beside the range (default: 15m)',
        zh: '单次执行的最长时间，范围两侧各多读这么久（默认 15m）',
      },
    },
    {
      name: 'requests',
      value: { placeholder: 'N' },
      text: {
        en: `requests under way at once (default: ${usualRequests})`,
        zh: `同时进行的请求数（默认 ${usualRequests}）`,
      },
    },
  ],
  notes: [
    {
      en: `The Logstore needs an index. Keys come from the source of the configuration, else from where Alibaba Cloud's tools look:
ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, a profile, the role of the machine.
It can be interrupted and run again: nothing is stored twice. An embedded store is open in one process at a time: stop the worker first. docs/backfill.md tells more.`,
      zh: `Logstore 需要索引。密钥取自配置文件中的数据源，否则按阿里云工具的默认顺序查找：
ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET、配置文件、本机角色。
可随时中断并重新运行，不会重复存储。内嵌存储同一时刻只能由一个进程打开，请先停止 worker。详见 docs/backfill.md。`,
    },
  ],
  examples: [
    {
      line: 'fcscope backfill -c fcscope.yaml --from 2025-01-15T08:00:00Z --to 2025-01-15T09:00:00Z',
      text: { en: 'an hour of the Logstore of fcscope.yaml', zh: '补入 fcscope.yaml 中 Logstore 的一小时日志' },
    },
    {
      line: 'fcscope backfill --endpoint https://cn-hangzhou.log.aliyuncs.com --project p --logstore l --from 24h --to 10m',
      text: { en: 'the last day, into the usual store', zh: '把最近一天的日志补入默认存储' },
    },
  ],
  run: runIt,
}

async function runIt(args: Arguments, context: Context): Promise<ExitStatus> {
  const config = await readStoreConfig(args, context)
  if (context.isConfigPrint) return printStoreConfig(config, context)
  const wish = {
    ...readSpan(args, context.unixMs()),
    place: await findPlace(args, config, context),
    query: readQuery(args),
    marginMs: durationOption(site(args, 'margin'), { minMs: 0, maxMs: maxMarginMs, fallbackMs: usualMarginMs }),
    inFlight: integerOption(site(args, 'requests'), { min: 1, max: 64, fallback: usualRequests }),
  }
  const { detachStandardInput } = await import('../app/standard-input.ts')
  detachStandardInput()
  const { runBackfill } = await import('../app/run-backfill.ts')
  const progress = context.isStderrTerminal && context.logLevel !== 'silent' ? new RunProgress(context) : null
  const outcome = await runBackfill({
    config,
    wish,
    lang: context.lang,
    version: readVersion(),
    logLevel: context.logLevel,
    isTerminal: context.isStderrTerminal,
    write: text => (progress === null ? context.writeStderr(text) : progress.write(text)),
    nowMs: () => context.unixMs(),
    onStoppable: stop => context.onInterrupt(stop),
    onProgress: progress === null ? null : state => progress.draw(state),
  }).finally(() => progress?.clear())
  if (context.logLevel !== 'silent') context.writeStderr(`fcscope: ${outcomeText(outcome)[context.lang]}\n`)
  if (!outcome.isWhole) return ExitStatus.interrupted
  return outcome.unaccounted === 0 ? ExitStatus.done : ExitStatus.badAnswer
}

const site = (args: Arguments, name: string) => ({ args, command: 'backfill', name })

function readSpan(args: Arguments, nowMs: number): { fromMs: number; toMs: number } {
  const fromMs = sinceOption(site(args, 'from'), nowMs)
  const toMs = sinceOption(site(args, 'to'), nowMs)
  if (fromMs === null || toMs === null) {
    throw usageError('backfill', {
      en: 'backfill needs a range: --from TIME and --to TIME.',
      zh: 'backfill 需要时间范围：--from TIME 和 --to TIME。',
    })
  }
  if (fromMs >= toMs || fromMs >= nowMs) {
    throw usageError('backfill', {
      en: '--from has to be before --to, and in the past.',
      zh: '--from 必须早于 --to，且早于当前时间。',
    })
  }
  return { fromMs, toMs }
}

/** What stands behind a `|` would make other rows of those that were found. */
function readQuery(args: Arguments): string | null {
  const query = args.value('query')
  if (query === undefined) return null
  if (!query.replace(/"(?:[^"\\]|\\.)*"/g, '').includes('|')) return query
  throw usageError('backfill', {
    en: '--query: a search only, without a | and what follows it.',
    zh: '--query：只能是查询语句，不能包含 | 及其后的分析语句。',
  })
}

async function findPlace(args: Arguments, config: WorkerConfig, context: Context): Promise<LogstorePlace> {
  const { findLogstore, logstoreOptions } = await import('../app/backfill/logstore-place.ts')
  const named = logstoreOptions.flatMap(option => {
    const value = args.value(option)
    return value === undefined ? [] : [[option, value]]
  })
  const finding = findLogstore(config, Object.fromEntries(named), () => context.unixMs())
  switch (finding.status) {
    case 'found':
      return finding.place
    case 'missing':
      throw usageError('backfill', missingText(finding.options.map(option => `--${option}`).join(', ')))
    case 'invalid': {
      const { option, allowed } = finding
      const value = args.value(option) ?? ''
      throw usageError('backfill', {
        en: `--${option}: '${value}' is not ${allowed.en}.`,
        zh: `--${option}：'${value}' 无效，应为${allowed.zh}。`,
      })
    }
  }
}

const missingText = (options: string): Text => ({
  en: `${options}: missing, and the configuration has no source of the type sls that says it, or several that differ.`,
  zh: `缺少 ${options}，且配置文件中没有可用的 sls 数据源，或有多个不同的数据源。`,
})

function outcomeText({ rows, rowsBeside, newLines, newAttempts, isWhole }: BackfillOutcome): Text {
  const count = (value: number): string => value.toLocaleString('en')
  const beside = {
    en: rowsBeside === 0 ? '' : `, and ${count(rowsBeside)} beside the range`,
    zh: rowsBeside === 0 ? '' : `（另有范围外 ${count(rowsBeside)} 行）`,
  }
  const text = {
    en: `${count(rows)} rows read${beside.en}; new were ${count(newLines)} lines and ${count(newAttempts)} attempts.`,
    zh: `读取 ${count(rows)} 行${beside.zh}；新增日志 ${count(newLines)} 行、执行记录 ${count(newAttempts)} 条。`,
  }
  if (isWhole) return text
  return {
    en: `${text.en} It was stopped before the end: run it again.`,
    zh: `${text.zh}未读完即停止，请重新运行。`,
  }
}

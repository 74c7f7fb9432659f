// `fcscope route`: brings logs to a Kafka topic, so that what belongs together is in one partition.
import type { WorkerConfig } from '../app/worker-config.ts'
import { ExitStatus } from '../model/fcscope-error.ts'
import type { Arguments, Command, Context } from './command.ts'
import { configOption, configPath } from './config-option.ts'
import { RunProgress } from './run-progress.ts'
import { usageError } from './usage-error.ts'
import { readVersion } from './version.ts'

export const routeCommand: Command = {
  name: 'route',
  summary: {
    en: 'Bring logs to a Kafka topic keyed by function, for many workers.',
    zh: '把日志按函数写入 Kafka 主题，供多个 worker 分担处理。',
  },
  usage: '',
  operands: 'none',
  hasConfig: true,
  options: [
    configOption,
    {
      name: 'once',
      text: {
        en: 'read every source to its present end, write everything, and exit',
        zh: '把每个数据源读到当前末尾，全部写入后退出',
      },
    },
  ],
  notes: [
    {
      en: `The section route of the configuration names the topic, which must be there. Every row is written exactly once, whatever is killed and
restarted, to the partition of its function; workers read it with fcscope run and a source of type kafka.
Several fcscope route may share the partitions of their sources: they are members of the sources' consumer groups.`,
      zh: `配置的 route 节指定写入的主题，主题必须已存在。无论进程何时被终止和重启，每行日志都只写入一次，且写入其函数对应的分区；
worker 通过 fcscope run 和 type 为 kafka 的数据源读取该主题。多个 fcscope route 可作为消费组成员分担数据源的分区。`,
    },
  ],
  examples: [
    {
      line: 'fcscope route -c route.yaml',
      text: { en: 'follow the sources of route.yaml', zh: '持续读取 route.yaml 中的数据源' },
    },
  ],
  run: runIt,
}

async function runIt(args: Arguments, context: Context): Promise<ExitStatus> {
  const { loadWorkerConfig, printWorkerConfig } = await import('../app/worker-config.ts')
  const path = configPath(args)
  if (path === null) throw noConfig()
  const config = loadWorkerConfig(path, context.environment)
  if (context.isConfigPrint) {
    await context.stdout.write(Buffer.from(printWorkerConfig(config)))
    return ExitStatus.done
  }
  return routeConfig(config, args.has('once'), context)
}

async function routeConfig(config: WorkerConfig, once: boolean, context: Context): Promise<ExitStatus> {
  const { startRoute } = await import('../app/start-route.ts')
  const progress = once && context.isStderrTerminal && context.logLevel !== 'silent' ? new RunProgress(context) : null
  const ledger = await startRoute({
    config,
    once,
    lang: context.lang,
    version: readVersion(),
    logLevel: context.logLevel,
    isTerminal: context.isStderrTerminal,
    write: text => (progress === null ? context.writeStderr(text) : progress.write(text)),
    nowMs: () => context.unixMs(),
    onStoppable: stop => context.onInterrupt(stop),
    onStarted: () => {},
    onProgress: progress === null ? null : state => progress.draw(state),
  }).finally(() => progress?.clear())
  return ledger.unaccounted === 0 ? ExitStatus.done : ExitStatus.badAnswer
}

const noConfig = (): Error =>
  usageError('route', {
    en: 'route needs a configuration: name one with -c, or have a fcscope.yaml here. docs/route.md shows one.',
    zh: 'route 需要配置文件：请用 -c 指定，或在当前目录放置 fcscope.yaml。可参考 docs/route.md。',
  })

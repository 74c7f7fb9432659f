// `fcscope run`: the streaming worker.
import { ExitStatus } from '../model/fcscope-error.ts'
import type { Arguments, Command, Context } from './command.ts'
import { configOption, configPath } from './config-option.ts'
import { runConfig } from './run-config.ts'
import { usageError } from './usage-error.ts'

export const runCommand: Command = {
  name: 'run',
  summary: {
    en: 'Follow logs: keep every line and attempt in the store, serve metrics.',
    zh: '持续读取日志：把每行日志和每次尝试写入存储，并提供指标。',
  },
  usage: '',
  operands: 'none',
  hasConfig: true,
  options: [
    configOption,
    {
      name: 'once',
      text: {
        en: 'read every source to its present end, deliver everything, and exit',
        zh: '把每个数据源读到当前末尾，全部投递后退出',
      },
    },
  ],
  notes: [
    {
      en: `It stops on SIGTERM or Ctrl-C: what was read is committed, and the next run goes on from there. Nothing is lost or
stored twice when it is killed instead. Where nothing more can come (standard input that has ended, and no other source) it ends as with --once.
While it runs, query, trace, tail and top ask it without further ado.`,
      zh: `收到 SIGTERM 或 Ctrl-C 时停止：已读取的数据均已提交，下次运行从该处继续。即使被强制终止，也不会丢失或重复存储。
当不会再有数据时（标准输入已结束且没有其他数据源），与 --once 一样结束。
运行期间，query、trace、tail 和 top 会自动向它查询。`,
    },
  ],
  examples: [
    {
      line: 'fcscope run -c fcscope.yaml',
      text: { en: 'follow the sources of fcscope.yaml', zh: '持续读取 fcscope.yaml 中的数据源' },
    },
    {
      line: 'fcscope run -c fcscope.yaml --once && fcscope query "SELECT status, count() FROM invocations GROUP BY status"',
      text: { en: 'read what is there, then ask', zh: '读取现有数据后查询' },
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
  return runConfig(config, { once: args.has('once'), onStarted: () => {} }, context)
}

const noConfig = (): Error =>
  usageError('run', {
    en: 'run needs a configuration: name one with -c, or have a fcscope.yaml here. samples/fcscope.example.yaml shows what it may hold.',
    zh: 'run 需要配置文件：请用 -c 指定，或在当前目录放置 fcscope.yaml。可参考 samples/fcscope.example.yaml。',
  })

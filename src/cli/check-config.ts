// `fcscope check-config`: everything that is wrong with a configuration, before a worker is started with it.
import type { WorkerConfig } from '../app/worker-config.ts'
import { ExitStatus, type Text } from '../model/fcscope-error.ts'
import type { Command, Context } from './command.ts'
import { configOption, configPath } from './config-option.ts'
import { usageError } from './usage-error.ts'

export const checkConfigCommand: Command = {
  name: 'check-config',
  summary: {
    en: 'Check a configuration: every problem at once, or what the worker would do.',
    zh: '检查配置：一次列出所有问题，或说明 worker 将做什么。',
  },
  usage: '',
  operands: 'none',
  hasConfig: true,
  options: [
    configOption,
    {
      name: 'connect',
      text: {
        en: 'also try to reach what it names: files, folders, addresses to listen on',
        zh: '同时尝试访问配置中的文件、文件夹和监听地址',
      },
    },
  ],
  notes: [
    {
      en: `All options are in docs/configuration.md. Values of secrets and of \${env:…} and \${file:…} are never shown.`,
      zh: `所有选项见 docs/configuration.md。密钥以及 \${env:…}、\${file:…} 的值不会显示。`,
    },
  ],
  examples: [
    {
      line: 'fcscope check-config -c fcscope.yaml',
      text: { en: 'one line per problem, as FILE:LINE: what', zh: '每个问题一行，格式为 FILE:LINE: 内容' },
    },
    {
      line: 'fcscope check-config -c fcscope.yaml --connect && fcscope run -c fcscope.yaml',
      text: { en: 'start only when everything can be reached', zh: '全部可访问后再启动' },
    },
  ],
  async run(args, context) {
    const path = configPath(args)
    if (path === null) {
      throw usageError('check-config', { en: 'No configuration: give -c FILE.', zh: '没有配置文件，请指定 -c FILE。' })
    }
    const { checkWorkerConfig } = await import('../app/check-config.ts')
    const check = checkWorkerConfig(path, context.environment)
    if (check.status === 'invalid') return tellProblems(path, check, context)
    if (context.isConfigPrint) return printConfiguration(check.config, context)
    await writeLines(check.summary, context)
    return args.has('connect') ? connect(check.config, context) : ExitStatus.done
  },
}

/** Data is what was asked for; problems are errors, and errors go where errors go. */
function tellProblems(path: string, told: { problems: readonly Text[]; isCut: boolean }, context: Context): ExitStatus {
  const { lang } = context
  const { problems, isCut } = told
  for (const problem of problems) context.writeStderr(`${problem[lang]}\n`)
  const count = problems.length
  const total: Text = {
    en: `${path}: ${isCut ? 'more than ' : ''}${count === 1 ? '1 problem' : `${count} problems`}. Mend the file and check it again.`,
    zh: `${path}：${isCut ? '超过 ' : ''}${count} 个问题，请修改后重新检查。`,
  }
  context.writeStderr(`fcscope: ${total[lang]} [FCS_CONFIG_INVALID]\n`)
  return ExitStatus.usage
}

async function printConfiguration(config: WorkerConfig, context: Context): Promise<ExitStatus> {
  const { printWorkerConfig } = await import('../app/worker-config.ts')
  await context.stdout.write(Buffer.from(printWorkerConfig(config)))
  return ExitStatus.done
}

async function writeLines(lines: readonly Text[], context: Context): Promise<void> {
  await context.stdout.write(Buffer.from(lines.map(line => `${line[context.lang]}\n`).join('')))
}

async function connect(config: WorkerConfig, context: Context): Promise<ExitStatus> {
  const { connectChecks } = await import('../app/connect-checks.ts')
  const { runConnectChecks } = await import('../app/run-connect-checks.ts')
  let status: ExitStatus = ExitStatus.done
  for await (const { isReached, line } of runConnectChecks(connectChecks(config))) {
    if (!isReached) status = ExitStatus.unreachable
    await writeLines([line], context)
  }
  return status
}

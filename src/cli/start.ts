// `npm start`: the worker, with fcscope.yaml where there is one, else fed with the bundled sample logs; then it says what it found
// and what can be asked of it.
import { fileURLToPath } from 'node:url'
import type { FirstLook } from '../app/first-look.ts'
import type { WorkerConfig } from '../app/worker-config.ts'
import type { ExitStatus, Text } from '../model/fcscope-error.ts'
import type { Command, Context } from './command.ts'
import { configOption, configPath } from './config-option.ts'
import { runConfig } from './run-config.ts'

const project = fileURLToPath(new URL('../../', import.meta.url))

export const startCommand: Command = {
  name: 'start',
  summary: {
    en: 'What npm start does: run with fcscope.yaml, or with the bundled sample logs.',
    zh: 'npm start 所执行的命令：使用 fcscope.yaml 运行，或读取自带的示例日志。',
  },
  usage: '',
  operands: 'none',
  options: [configOption],
  examples: [],
  hasConfig: true,
  isHidden: true,
  async run(args, context) {
    const { loadWorkerConfig, printWorkerConfig } = await import('../app/worker-config.ts')
    const path = configPath(args)
    const config = path === null ? await sampleConfig() : loadWorkerConfig(path, context.environment)
    if (context.isConfigPrint) {
      await context.stdout.write(Buffer.from(printWorkerConfig(config)))
      return 0
    }
    await write(context, path === null ? withSamples : withConfig(path))
    return runAndTell(config, { path }, context)
  },
}

/** The defaults, so that other commands find its store without a configuration, too. */
async function sampleConfig(): Promise<WorkerConfig> {
  const { defaultWorkerConfig } = await import('../app/worker-config.ts')
  return defaultWorkerConfig(project, { sources: [{ type: 'file', paths: ['samples/*.log', 'samples/*.jsonl'] }] })
}

async function runAndTell(
  config: WorkerConfig,
  { path }: { path: string | null },
  context: Context,
): Promise<ExitStatus> {
  let isStopping = false
  let telling: Promise<void> | null = null
  const tell = async (): Promise<void> => {
    const { takeFirstLook } = await import('../app/first-look.ts')
    const look = await takeFirstLook(config, () => isStopping)
    if (look !== null) await write(context, await describe(look, { config, path }, context))
  }
  const onStarted = (): void => {
    // The worker does its work whether anybody can be told of it or not.
    telling = tell().catch(() => {})
  }
  const ownContext: Context = {
    ...context,
    onInterrupt: stop =>
      context.onInterrupt(() => {
        isStopping = true
        stop()
      }),
  }
  try {
    return await runConfig(config, { once: false, onStarted }, ownContext)
  } finally {
    isStopping = true
    await telling
  }
}

async function describe(
  look: FirstLook,
  { config, path }: { config: WorkerConfig; path: string | null },
  context: Context,
): Promise<Text> {
  const { firstLookText } = await import('./first-look-text.ts')
  const { lang, colour } = context
  const found = firstLookText(look, { lang, colour })
  const failed = look.causes.find(({ requestId }) => requestId !== null)?.requestId ?? 'REQUEST_ID'
  const option = path === null || path === 'fcscope.yaml' ? '' : ` -c ${path}`
  const { listen } = config.settings.metrics
  const commands = `  curl http://${listen}/metrics
  bin/fcscope top${option}
  bin/fcscope tail${option}
  bin/fcscope trace${option} ${failed}
  bin/fcscope query${option} "SELECT functionName, status, count() AS n FROM invocations GROUP BY ALL ORDER BY n DESC"
`
  return {
    en: `${found}\nWhile it runs, in another terminal:\n${commands}${path === null ? ownLogs.en : ''}\nCtrl-C stops it; nothing is lost.\n`,
    zh: `${found}\n运行期间，可在另一个终端中执行：\n${commands}${path === null ? ownLogs.zh : ''}\n按 Ctrl-C 停止，不会丢失数据。\n`,
  }
}

const write = async (context: Context, text: Text): Promise<void> =>
  context.stdout.write(Buffer.from(`${text[context.lang]}\n`))

const withSamples: Text = {
  en: 'There is no fcscope.yaml here: the worker takes the bundled sample logs (samples/README.md).',
  zh: '当前目录没有 fcscope.yaml：worker 将读取自带的示例日志（samples/README.md）。',
}

const withConfig = (path: string): Text => ({
  en: `The worker runs with ${path}.`,
  zh: `worker 使用 ${path} 运行。`,
})

const ownLogs: Text = {
  en: `
With your own logs: copy samples/fcscope.example.yaml to fcscope.yaml, say in it where they are, remove the folder .fcscope (it holds
what the samples left), and run npm start again.
`,
  zh: `
使用自己的日志：将 samples/fcscope.example.yaml 复制为 fcscope.yaml，在其中写明日志位置，删除 .fcscope 目录（其中是示例数据），
然后重新执行 npm start。
`,
}

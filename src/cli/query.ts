// `fcscope query`: SQL on the store.
import { ExitStatus } from '../model/fcscope-error.ts'
import type { Arguments, Command, Context } from './command.ts'
import { configOption } from './config-option.ts'
import { integerOption } from './option-values.ts'
import { withStore } from './store-command.ts'
import { usageError } from './usage-error.ts'

const defaultFormat = 'JSONEachRow'
const terminalFormat = 'PrettyCompactMonoBlock'
const defaultTimeoutSeconds = 60
const maxTimeoutSeconds = 86_400

export const queryCommand: Command = {
  name: 'query',
  summary: {
    en: 'Run SQL on the store; reads only.',
    zh: '在存储上执行 SQL，只读。',
  },
  usage: 'SQL|-',
  operands: 'files',
  hasConfig: true,
  options: [
    configOption,
    {
      name: 'format',
      short: 'f',
      value: { placeholder: 'FORMAT' },
      text: {
        en: `a format by ClickHouse's name, like CSV or JSON (default: ${defaultFormat}, on a terminal ${terminalFormat})`,
        zh: `ClickHouse 的格式名称，如 CSV、JSON（默认 ${defaultFormat}，在终端上为 ${terminalFormat}）`,
      },
    },
    {
      name: 'timeout',
      value: { placeholder: 'SECONDS' },
      text: {
        en: `how long the query may run (default: ${defaultTimeoutSeconds})`,
        zh: `查询最长运行的秒数（默认 ${defaultTimeoutSeconds}）`,
      },
    },
  ],
  notes: [
    {
      en: `Tables: invocations (one row per attempt), otel_logs (one row per line), otel_traces (one row per span); docs/store.md has
their columns. \`-\` reads the SQL from standard input. SELECT, WITH, SHOW, DESCRIBE, EXPLAIN and EXISTS are allowed: nothing can
be changed. While a worker runs, it answers; else the store is opened directly, and a worker that starts meanwhile waits.`,
      zh: `表：invocations（每次尝试一行）、otel_logs（每条日志一行）、otel_traces（每个 span 一行），各列见 docs/store.md。
\`-\` 表示从标准输入读取 SQL。允许 SELECT、WITH、SHOW、DESCRIBE、EXPLAIN 和 EXISTS，不能做任何修改。
worker 运行时由它应答；否则直接打开存储，此时启动的 worker 会稍候。`,
    },
  ],
  examples: [
    {
      line: 'fcscope query "SELECT functionName, status, count() AS n FROM invocations GROUP BY ALL ORDER BY n DESC"',
      text: { en: 'attempts by function and outcome', zh: '按函数和结果统计尝试次数' },
    },
    {
      line: `fcscope query --format CSVWithNames "SELECT * FROM otel_logs WHERE level = 'error'" > errors.csv`,
      text: { en: 'all error lines as a table', zh: '把所有错误日志导出为表格' },
    },
  ],
  run: runQuery,
}

async function runQuery(args: Arguments, context: Context): Promise<ExitStatus> {
  const seconds = integerOption(
    { args, command: 'query', name: 'timeout' },
    { min: 1, max: maxTimeoutSeconds, fallback: defaultTimeoutSeconds },
  )
  const usualFormat = context.isStdoutTerminal ? terminalFormat : defaultFormat
  const format = args.value('format') ?? usualFormat
  const sql = await readSql(args)
  return withStore(args, context, async ({ connection }) => {
    const pieces = connection.stream({ sql, format, timeoutMs: seconds * 1000 })
    for await (const piece of pieces) await context.stdout.write(piece)
    return ExitStatus.done
  })
}

async function readSql(args: Arguments): Promise<string> {
  const [sql, more] = args.operands
  if (sql === undefined) {
    throw usageError('query', {
      en: 'query needs one statement, or - to read it.',
      zh: 'query 需要一条 SQL 语句，或用 - 从标准输入读取。',
    })
  }
  if (more !== undefined) {
    throw usageError('query', {
      en: `query takes one statement, but '${more}' follows. Put the SQL in quotes.`,
      zh: `query 只接受一条语句，但其后还有 '${more}'。请用引号括住 SQL。`,
    })
  }
  if (sql !== '-') return sql
  const { readStandardInput } = await import('../app/standard-input.ts')
  return readStandardInput()
}

// ClickHouse's HTTP interface in front of the real engine (chdb), as a process of its own that can be killed: PORT FOLDER. It
// answers what @clickhouse/client asks; inserts go in as bytes in any format, so tokens and settings mean what they mean to a server.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { Session } from 'chdb'

const [port = '0', folder = ''] = process.argv.slice(2)
const spool = join(folder, 'spool')
rmSync(spool, { recursive: true, force: true })
mkdirSync(spool, { recursive: true })
const session = new Session(join(folder, 'data'))
let serial = 0
/** One statement at a time. */
let last: Promise<unknown> = Promise.resolve()

const notSettings =
  /^(query|query_id|session_id|session_timeout|database|user|password|role|default_format|enable_http_compression|wait_end_of_query|send_progress_in_http_headers|http_headers_progress_interval_ms|cancel_http_readonly_queries_on_client_close)$/
const insertPattern =
  /^INSERT\s+INTO\s+([\s\S]+?)\s+(?:SETTINGS\s+([\s\S]+?)\s+)?FORMAT\s+(\w+)(?:\s*\r?\n([\s\S]*))?$/i
/** An insert that takes a part of its body only. */
const partPattern = /^(INSERT\s+INTO\s+\S+\s*\([^)]*\))\s+(SELECT[\s\S]+?\sFROM\s+)input\(([\s\S]+)\sFORMAT\s+Native$/i
const readPattern = /^(\(|SELECT|WITH|SHOW|DESCRIBE|DESC|EXISTS|EXPLAIN)\b/i

const literal = (value: string): string =>
  /^-?\d+(\.\d+)?$/.test(value) ? value : `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

async function run(url: URL, body: Buffer): Promise<Buffer> {
  const asked = url.searchParams.get('query')
  const sql = (asked ?? body.toString('utf8')).trim().replace(/;\s*$/, '')
  const settings = [...url.searchParams]
    .filter(([name]) => !notSettings.test(name))
    .map(([name, value]) => `${name} = ${literal(value)}`)
    .join(', ')
  const database = url.searchParams.get('database')
  if (database !== null && database !== 'default') await session.queryAsync(`USE ${database}`)
  const part = partPattern.exec(sql)
  if (part !== null) {
    const [, head = '', select = '', rest = ''] = part
    return spooled(body, file => `${head} SETTINGS ${settings} ${select} file('${file}', Native, ${rest}`)
  }
  const insert = insertPattern.exec(sql)
  if (insert !== null && !/\bSELECT\b/i.test(insert[1] ?? '')) {
    const [, table, own, format, inline] = insert
    return insertBytes({
      data: asked === null ? Buffer.from(inline ?? '') : body,
      head: `INSERT INTO ${table}`,
      settings: [own, settings].filter(text => text !== undefined && text !== '').join(', '),
      format: format ?? '',
    })
  }
  const format = /\bFORMAT\s+(\w+)/i.exec(sql)?.[1] ?? url.searchParams.get('default_format') ?? 'TabSeparated'
  const isRead = readPattern.test(sql) && settings !== ''
  const result = await session.queryAsync(isRead ? `${sql}\nSETTINGS ${settings}` : sql, { format })
  return Buffer.from(result.bytes())
}

async function insertBytes(insert: { data: Buffer; head: string; settings: string; format: string }): Promise<Buffer> {
  const { data, head, settings, format } = insert
  const how = settings === '' ? '' : ` SETTINGS ${settings}`
  return spooled(data, file => `${head} FROM INFILE '${file}'${how} FORMAT ${format}`)
}

/** Runs a statement on a file of these bytes. */
async function spooled(data: Buffer, statementOf: (file: string) => string): Promise<Buffer> {
  if (data.length === 0) return data
  serial += 1
  const file = join(spool, String(serial))
  writeFileSync(file, data)
  try {
    await session.queryAsync(statementOf(file))
  } finally {
    rmSync(file, { force: true })
  }
  return Buffer.alloc(0)
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost')
  if (url.pathname === '/ping') {
    response.end('Ok.\n')
    return
  }
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  const sent = Buffer.concat(parts)
  const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent
  const work = last.then(() => run(url, body))
  last = work.catch(() => {})
  const headers = { 'content-type': 'text/plain; charset=UTF-8', 'x-clickhouse-timezone': 'UTC' }
  try {
    const text = await work
    const isZipped =
      url.searchParams.get('enable_http_compression') === '1' &&
      /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
    response.writeHead(200, { ...headers, ...(isZipped ? { 'content-encoding': 'gzip' } : {}) })
    response.end(isZipped ? gzipSync(text) : text)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const code = /Code: (\d+)/.exec(message)?.[1] ?? '1002'
    const status = code === '60' || code === '81' ? 404 : code === '62' ? 400 : 500
    response.writeHead(status, { ...headers, 'x-clickhouse-exception-code': code })
    response.end(`${message}\n`)
  }
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy())
})
server.listen(Number(port), '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`)
})
process.on('SIGTERM', () => {
  server.close(() => {
    session.close()
    process.exit(0)
  })
  server.closeAllConnections()
})

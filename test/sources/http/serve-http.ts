// A process with the HTTP source, for tests that kill it: `serve-http.ts FOLDER` says its port on standard output. It reads nothing.
import { httpSource } from '../../../src/sources/http/http-source.ts'

const [folder = ''] = process.argv.slice(2)
const source = httpSource.create(httpSource.options.parse({ listen: '127.0.0.1:0' }), {
  name: 'http',
  once: false,
  folder,
  log: { write: (_severity, event, _text, fields) => event === 'httpListening' && console.log(fields?.['port']) },
  nowMs: () => Date.now(),
  wake: () => undefined,
})
await source.start([])
process.on('SIGTERM', async () => {
  await source.stop()
  process.exit(0)
})

// What the functions have to say when all goes well, and things that only look like something.
import type { Random } from '../lib/random.ts'
import type { LevelName } from '../model/level.ts'

const levels = [
  'info',
  'info',
  'info',
  'info',
  'debug',
  'debug',
  'warn',
  'trace',
] as const satisfies readonly LevelName[]

export const pickLevel = (random: Random): (typeof levels)[number] => random.pick(levels)

/** One message; now and then with a line break, in Chinese, or long. */
export function makeMessage(random: Random): string {
  const roll = random.below(40)
  const count = random.between(1, 4000)
  if (roll < 8) return `order ${100000 + count} accepted, ${1 + (count % 9)} items`
  if (roll < 14) return `GET /v1/items/${count} 200 ${1 + (count % 80)}ms`
  if (roll < 20) return `cache ${count % 3 === 0 ? 'miss' : 'hit'} key=sku:${count}`
  if (roll < 25) return `published message ${count} to topic orders`
  if (roll < 29) return `loaded ${count} rows from rds in ${1 + (count % 120)}ms`
  if (roll < 32) return `商品 ${count} 库存不足，已通知采购部门 📦`
  if (roll < 35) return `{"event":"stock","sku":${count},"left":${count % 17}}`
  if (roll < 37) return `whole event: {\n  "payload": "TestPayload",\n  "triggerName": "nightly-${count}"\n}`
  if (roll < 39) return `user=${count} session=xxxx-${count} took the slow path (café, naïve)`
  return `payload ${'0123456789abcdef'.repeat(random.between(20, 200))}`
}

/** Raw output (`print`, `System.out`, stdout), among it what other clouds and other tools print. Never empty, one line. */
export function makePlainLine(random: Random): string {
  const roll = random.below(20)
  const count = random.between(1, 4000)
  if (roll < 8) return `processing batch ${count}`
  if (roll < 11) return `done ${count}`
  if (roll < 13) return `{"level":"info","msg":"pino line","n":${count}}`
  if (roll < 14) return '{"errorCode":0,"ok":true}'
  if (roll < 15) return `START RequestId: 8edab1f8-0000-4000-8000-${String(count).padStart(12, '0')} Version: $LATEST`
  if (roll < 16)
    return `REPORT RequestId: 8edab1f8-0000-4000-8000-${String(count).padStart(12, '0')} Duration: 0.81 ms Billed Duration: 1 ms`
  if (roll < 17) return 'Invocation of billing client finished'
  if (roll < 19) return `结果：成功 ${count}`
  return '========= nightly report ========='
}

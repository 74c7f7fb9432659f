// Calls that CloudMonitor counted: answers of DescribeMetricList for FunctionTotalInvocations (facts §C), by function and day.
import { beijingTime } from '../beijing-clock.ts'
import { billFault, quoted } from './bill-fault.ts'
import { type Page, PageCount, pagesOf } from './json-pages.ts'
import { type ExactJson, type JsonObject, splitJson, textAt } from './split-json.ts'

export interface MonitoredDay {
  readonly functionName: string
  readonly serviceName: string | null
  readonly region: string | null
  /** YYYY-MM-DD in Beijing. */
  readonly day: string
  readonly invocations: number
}

/** Calls: all of them, and as they were called until 2021. Other metrics count something else. */
const metrics = ['FunctionTotalInvocations', 'FunctionMeteringInvocations'] as const
/** What a point of a counter is called. */
const valueKeys = ['Sum', 'Value', 'sum', 'value'] as const
/** Longest period of a point, in seconds: a longer one crosses Beijing's midnight. */
const maxPeriodSeconds = 3600
const maxDays = 500_000

/** Takes whole files. */
export class MonitorReader {
  readonly #days = new Map<string, { -readonly [K in keyof MonitoredDay]: MonitoredDay[K] }>()
  readonly #pages = new PageCount()

  /** Fails with `FCS_INPUT_CORRUPT`, naming the place. */
  add(text: string, name: string): void {
    splitJson(text, name, (value, place) => {
      for (const page of pagesOf(withParsedPoints(value, place), place)) {
        this.#pages.add(page)
        this.#takePage(page)
      }
    })
  }

  /** Fails when a page is missing. */
  finish(): readonly MonitoredDay[] {
    this.#pages.check()
    return [...this.#days.values()]
  }

  #takePage({ head, items, place }: Page): void {
    const metric = textAt(head, 'MetricName')
    if (metric !== null) requireCalls(metric, place)
    const period = Number(textAt(head, 'Period') ?? 60)
    if (!(period <= maxPeriodSeconds))
      throw billFault(place, {
        en: `Period is ${quoted(String(period))}; allowed: up to ${maxPeriodSeconds} seconds, because longer ones cross midnight`,
        zh: `Period 为 ${quoted(String(period))}；最多 ${maxPeriodSeconds} 秒，更长会跨越零点`,
      })
    for (const [i, item] of items.entries()) this.#takePoint(item, `${place}[${i}]`)
  }

  #takePoint(point: JsonObject, place: string): void {
    const metric = textAt(point, 'MetricName') ?? textAt(point, 'metricName')
    if (metric !== null) requireCalls(metric, place)
    const functionName = textAt(point, 'functionName')
    const ms = Number(textAt(point, 'timestamp') ?? Number.NaN)
    const key = valueKeys.find(name => Object.hasOwn(point, name))
    const calls = Number(key === undefined ? Number.NaN : (textAt(point, key) ?? Number.NaN))
    if (functionName === null || !Number.isSafeInteger(ms) || Math.abs(ms) > 8e15 || !(calls >= 0) || calls > 1e12) {
      throw billFault(place, {
        en: `no point of a function: functionName, timestamp (ms) and one of ${valueKeys.join(', ')} that is not negative are needed`,
        zh: `不是函数的数据点：需要 functionName、timestamp（毫秒）以及非负的 ${valueKeys.join('、')} 之一`,
      })
    }
    const serviceName = textAt(point, 'serviceName') || null
    const region = textAt(point, 'region') || null
    this.#add({ functionName, serviceName, region, day: beijingTime(ms).slice(0, 10), invocations: calls }, place)
  }

  #add(more: MonitoredDay, place: string): void {
    const key = JSON.stringify([more.region, more.serviceName, more.functionName, more.day])
    const known = this.#days.get(key)
    if (known !== undefined) {
      known.invocations += more.invocations
      return
    }
    if (this.#days.size >= maxDays)
      throw billFault(place, { en: `more than ${maxDays} functions and days`, zh: `超过 ${maxDays} 个函数日` })
    this.#days.set(key, { ...more })
  }
}

/** DescribeMetricList gives its points as a text of JSON. */
function withParsedPoints(value: ExactJson, place: string): ExactJson {
  if (Array.isArray(value)) return value.map((entry: ExactJson, i) => withParsedPoints(entry, `${place}[${i}]`))
  if (typeof value !== 'object' || value === null) return value
  const answer = value as JsonObject
  const body = Object.hasOwn(answer, 'body') ? answer['body'] : undefined
  if (body !== undefined) return { ...answer, body: withParsedPoints(body, place) }
  const points = textAt(answer, 'Datapoints')
  if (points === null) return answer
  const parsed: ExactJson[] = []
  if (points.trim() !== '') splitJson(points, `${place}.Datapoints`, list => parsed.push(list))
  return { ...answer, Datapoints: parsed.flat() }
}

function requireCalls(metric: string, place: string): void {
  if (metrics.some(name => name === metric)) return
  throw billFault(place, {
    en: `the metric is ${quoted(metric)}; allowed: ${metrics.join(', ')}`,
    zh: `监控项为 ${quoted(metric)}；应为 ${metrics.join('、')}`,
  })
}

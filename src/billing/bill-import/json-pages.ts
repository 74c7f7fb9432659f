// Pages of an API that gives NextToken: DescribeInstanceBill (facts §D.6) and DescribeMetricList. A page that is missing would make a
// bill too small without a word, so pages are counted.
import { createHash } from 'node:crypto'
import { billFault, quoted } from './bill-fault.ts'
import { type ExactJson, isObject, type JsonObject, objectAt, textAt } from './split-json.ts'

export interface Page {
  readonly place: string
  /** What stands around the items: their page's own fields. */
  readonly head: JsonObject
  readonly items: readonly JsonObject[]
}

/** Where an answer keeps its items, the first that is there. */
const itemKeys = ['Items', 'Datapoints'] as const

/**
 * The pages in a value: an answer, one of an SDK with `body`, a list of them, or items alone, which are a page without a head. Fails
 * with `FCS_INPUT_CORRUPT` for an answer that says that it failed.
 */
export function pagesOf(value: ExactJson, place: string): readonly Page[] {
  if (isObject(value)) return [pageOf(value, place)]
  if (!Array.isArray(value)) throw billFault(place, { en: 'found no mapping and no list', zh: '既不是映射也不是列表' })
  return value.map((entry: ExactJson, i) => {
    const at = `${place}[${i}]`
    if (!isObject(entry)) throw billFault(at, { en: 'found no mapping', zh: '不是映射' })
    return pageOf(entry, at)
  })
}

function pageOf(value: JsonObject, place: string): Page {
  const answer = objectAt(value, 'body') ?? value
  const isFailed = Object.hasOwn(answer, 'Success') && answer['Success'] === false
  if (
    isFailed ||
    (!Object.hasOwn(answer, 'Data') && Object.hasOwn(answer, 'Code') && Object.hasOwn(answer, 'HostId'))
  ) {
    const said = `${textAt(answer, 'Code') ?? ''} ${textAt(answer, 'Message') ?? ''}`.trim()
    throw billFault(place, {
      en: `the answer says that it failed: ${quoted(said)}; ask for it again`,
      zh: `该应答表示失败：${quoted(said)}，请重新获取`,
    })
  }
  const data = objectAt(answer, 'Data') ?? answer
  const key = itemKeys.find(name => Object.hasOwn(data, name))
  if (key === undefined) return { place, head: {}, items: answer === data ? [data] : [] }
  return { place, head: { ...answer, ...data }, items: itemsAt(data[key], `${place}.${key}`) }
}

/** A list; one in a mapping with `Item`, as QueryInstanceBill has it; or a text of JSON, as DescribeMetricList has it. */
function itemsAt(value: ExactJson | undefined, place: string): readonly JsonObject[] {
  const list = isObject(value) && Object.hasOwn(value, 'Item') ? value['Item'] : value
  if (list === null || list === undefined || list === '') return []
  if (!Array.isArray(list)) throw billFault(place, { en: 'found no list', zh: '不是列表' })
  return list.map((item: ExactJson, i) => {
    if (isObject(item)) return item
    throw billFault(`${place}[${i}]`, { en: 'found no mapping', zh: '不是映射' })
  })
}

/** Counts pages and items by what they belong to; pages may come in any order. */
export class PageCount {
  readonly #groups = new Map<string, { total: number; items: number; ends: number; place: string }>()
  /** Of pages that tell no total: the last one, if another has to follow it. */
  #open: string | null = null
  #seen = new Set<string>()

  add(page: Page): void {
    const { head, items, place } = page
    if (Object.keys(head).length === 0) return
    this.#refuseTwice(page)
    const next = textAt(head, 'NextToken') ?? ''
    const total = Number(textAt(head, 'TotalCount') ?? Number.NaN)
    if (!Number.isSafeInteger(total) || (total === 0 && items.length > 0)) {
      this.#open = next === '' ? null : place
      return
    }
    const key = JSON.stringify([textAt(head, 'BillingCycle'), textAt(head, 'AccountID'), total])
    const group = this.#groups.get(key) ?? { total, items: 0, ends: 0, place }
    group.items += items.length
    // QueryInstanceBill numbers its pages instead.
    const isEnd = Object.hasOwn(head, 'PageNum') ? textAt(head, 'PageNum') === '1' : next === ''
    if (isEnd) group.ends += 1
    else group.place = place
    this.#groups.set(key, group)
  }

  /** The same page twice would be paid twice. */
  #refuseTwice({ head, items, place }: Page): void {
    if (items.length === 0) return
    const id = textAt(head, 'RequestId')
    const key = id ?? createHash('sha256').update(JSON.stringify(items)).digest('base64')
    if (this.#seen.has(key)) {
      const which = id === null ? '' : ` (RequestId ${quoted(id)})`
      throw billFault(place, {
        en: `this answer${which} was there already; give each page once`,
        zh: `该应答${which}重复，每页只需提供一次`,
      })
    }
    this.#seen.add(key)
  }

  /** Call it behind the last page. Fails with `FCS_INPUT_CORRUPT` when a page is missing. */
  check(): void {
    if (this.#open !== null) throw missingPage(this.#open, null)
    for (const { total, items, ends, place } of this.#groups.values()) {
      const expected = Math.max(1, ends) * total
      if (ends === 0 || items < expected) throw missingPage(place, { items, expected })
      if (items > expected)
        throw billFault(place, {
          en: `found ${items} items, but the answers tell of ${expected}: a page is there twice, or one is missing`,
          zh: `共有 ${items} 条，而应答称有 ${expected} 条：有页面重复或缺失`,
        })
    }
  }
}

function missingPage(place: string, count: { items: number; expected: number } | null): Error {
  const figures = count === null ? '' : ` (${count.items} / ${count.expected})`
  return billFault(place, {
    en: `a page is missing${figures}: an answer has a NextToken, and the page that it leads to is not there; give all pages`,
    zh: `缺少页面${figures}：应答含有 NextToken，但未提供其后一页，请提供全部页面`,
  })
}

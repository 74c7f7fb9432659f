// Reads Prometheus' text format as strictly as its page describes it, and fails on whatever breaks a rule
// (https://prometheus.io/docs/instrumenting/exposition_formats).
import assert from 'node:assert/strict'

export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface Family {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly samples: Sample[]
}

const namePattern = /^[a-zA-Z_:][a-zA-Z0-9_:]*/
const labelPattern = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|\})/
const escapes: Readonly<Record<string, string>> = { '\\\\': '\\', '\\"': '"', '\\n': '\n' }
const unescaped = (text: string): string => text.replace(/\\[\\"n]/g, mark => escapes[mark] ?? mark)

function readSample(line: string): Sample {
  const name = namePattern.exec(line)?.[0] ?? ''
  assert.notEqual(name, '', line)
  const labels: [string, string][] = []
  let rest = line.slice(name.length)
  if (rest.startsWith('{')) {
    rest = rest.slice(1)
    for (let isOpen = !rest.startsWith('}'); isOpen; ) {
      const [whole = '', label = '', value = '', end] = labelPattern.exec(rest) ?? []
      assert.notEqual(whole, '', `labels: ${line}`)
      labels.push([label, unescaped(value)])
      rest = rest.slice(whole.length)
      isOpen = end === ','
    }
    assert.equal(new Set(labels.map(([label]) => label)).size, labels.length, `a label twice: ${line}`)
  }
  const value = /^ (\S+)$/.exec(rest)?.[1] ?? ''
  // prom-client writes Nan; whoever reads the format takes any case.
  assert.match(value, /^(NaN|Nan|[+-]?Inf|[+-]?\d+(\.\d+)?([eE][+-]?\d+)?)$/, line)
  return {
    name,
    labels: Object.fromEntries(labels),
    value: Number(value.replace('Inf', 'Infinity').replace('Nan', 'NaN')),
  }
}

/** Families by name. */
export function readExposition(text: string): Map<string, Family> {
  assert.ok(text.endsWith('\n'), 'the last line ends')
  const families = new Map<string, Family>()
  let family: Family | null = null
  let help: [string, string] | null = null
  const seen = new Set<string>()
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '') continue
    const [, word, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? []
    if (word === 'HELP') help = [name, rest]
    else if (word === 'TYPE') {
      assert.match(rest, /^(counter|gauge|histogram|summary|untyped)$/)
      assert.equal(help?.[0], name, `${name} has its help before its type`)
      assert.ok(!families.has(name), `${name} twice`)
      family = { name, type: rest, help: help?.[1] ?? '', samples: [] }
      families.set(name, family)
    } else {
      const sample = readSample(line)
      assert.ok(family !== null && baseOf(sample.name, family) === family.name, `${line} stands in ${family?.name}`)
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).toSorted()])
      assert.ok(!seen.has(key), `${line} twice`)
      seen.add(key)
      family.samples.push(sample)
    }
  }
  for (const one of families.values()) checkFamily(one)
  return families
}

const baseOf = (name: string, { type }: Family): string =>
  type === 'histogram' ? name.replace(/_(bucket|sum|count)$/, '') : name

function checkFamily(family: Family): void {
  const { name, type, help, samples } = family
  assert.match(help, /\S/)
  // A counter ends in _total and nothing else does; units are base units, but for the one that the contract names.
  const isOurs = /^(faas|fc|fcscope)_/.test(name)
  if (isOurs) assert.equal(type === 'counter', name.endsWith('_total'), name)
  if (isOurs && name !== 'fc_billed_milliseconds_total')
    assert.doesNotMatch(name, /_(ms|milliseconds|kb|mb|minutes)(_|$)/)
  if (type === 'counter') for (const { value } of samples) assert.ok(value >= 0, name)
  if (type === 'histogram') checkHistogram(family)
}

function checkHistogram({ name, samples }: Family): void {
  const series = Map.groupBy(samples, ({ labels: { le: _, ...labels } }) => JSON.stringify(labels))
  for (const [labels, own] of series) {
    const buckets = own.filter(sample => sample.name === `${name}_bucket`)
    const bounds = buckets.map(({ labels: { le = '' } }) => Number(le.replace('+Inf', 'Infinity')))
    assert.deepEqual(
      bounds,
      bounds.toSorted((a, b) => a - b),
      `${name}${labels}`,
    )
    assert.equal(bounds.at(-1), Number.POSITIVE_INFINITY)
    const counts = buckets.map(({ value }) => value)
    assert.deepEqual(
      counts,
      counts.toSorted((a, b) => a - b),
      `${name}${labels} is cumulative`,
    )
    const rest = own.filter(sample => sample.name !== `${name}_bucket`).map(sample => sample.name)
    assert.deepEqual(rest.toSorted(), [`${name}_count`, `${name}_sum`])
    assert.equal(own.find(sample => sample.name === `${name}_count`)?.value, counts.at(-1))
  }
}

/** The sum of a family's samples with these labels. */
export function sumOf(
  families: ReadonlyMap<string, Family>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const base = families.has(name) ? name : name.replace(/_(bucket|sum|count)$/, '')
  const samples = families.get(base)?.samples.filter(sample => sample.name === name) ?? []
  return samples
    .filter(sample => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
    .reduce((sum, { value }) => sum + value, 0)
}

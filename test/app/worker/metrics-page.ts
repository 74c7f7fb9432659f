// Reads the text that a worker gives at /metrics.

/** One sample of a metrics page. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** A page of metrics, as it was at one moment. */
export class MetricsPage {
  readonly samples: readonly Sample[]

  constructor(text: string) {
    this.samples = text
      .split('\n')
      .filter(line => line !== '' && !line.startsWith('#'))
      .map(readSample)
  }

  static async read(url: string): Promise<MetricsPage> {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) })
    if (!response.ok) throw new Error(`${url}: ${response.status}`)
    return new MetricsPage(await response.text())
  }

  /** The sum of the samples of `name` that have these labels. */
  sum(name: string, labels: Readonly<Record<string, string>> = {}): number {
    const wanted = Object.entries(labels)
    return this.samples
      .filter(sample => sample.name === name && wanted.every(([label, value]) => sample.labels[label] === value))
      .reduce((total, { value }) => total + value, 0)
  }

  /** Sums of the samples of `name` by the values of these labels, without those that are 0. */
  sumsBy(name: string, labels: readonly string[]): Record<string, number> {
    const sums: Record<string, number> = {}
    for (const sample of this.samples) {
      if (sample.name !== name || sample.value === 0) continue
      const key = labels.map(label => sample.labels[label] ?? '').join(' ')
      sums[key] = (sums[key] ?? 0) + sample.value
    }
    return sums
  }
}

function readSample(line: string): Sample {
  const found = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line)
  if (found === null) throw new Error(`not a sample: ${line}`)
  const [, name = '', inside = '', value] = found
  const labels = [...inside.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', text = '']) => [
    label,
    text.replace(/\\(.)/g, (_, mark: string) => (mark === 'n' ? '\n' : mark)),
  ])
  return { name, labels: Object.fromEntries(labels), value: Number(value) }
}

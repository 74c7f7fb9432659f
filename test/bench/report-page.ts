// Parts of docs/performance.md that benches write.
import { readFileSync, writeFileSync } from 'node:fs'

/** Replaces what stands between the markers of a section, `<!-- NAME:begin -->` and `<!-- NAME:end -->`. */
export function writeSection(path: string, name: string, text: string): void {
  const begin = `<!-- ${name}:begin -->`
  const end = `<!-- ${name}:end -->`
  const page = readFileSync(path, 'utf8')
  const from = page.indexOf(begin)
  const to = page.indexOf(end)
  if (from < 0 || to < from) throw new Error(`${path} has no ${begin} … ${end}`)
  writeFileSync(path, `${page.slice(0, from + begin.length)}\n\n${text}\n${page.slice(to)}`)
}

/** Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

// The structure that ARCHITECTURE.md describes, checked: import table, cycles, file sizes, names, and what stays at the edges.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .map(entry => relative(root, join(entry.parentPath, entry.name)))
    .sort()

const product = ['src', 'parsers'].flatMap(filesIn)
const everything = [...product, ...['test', 'scripts'].flatMap(filesIn)]
const textOf = new Map(everything.map(file => [file, readFileSync(join(root, file), 'utf8')]))
const read = (file: string): string => textOf.get(file) ?? ''

/** Static, side-effect, type and dynamic imports alike. */
const importPattern = /(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g

/** Code without comments; strings stay, because imports are strings. */
const codeOf = (file: string): string =>
  read(file)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:'"`\\])\/\/.*$/gm, '$1')

/** Code without what stands in quotes: texts may speak of anything. */
const wordsOf = (file: string): string =>
  codeOf(file)
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replace(/`(?:[^`\\$]|\\.|\$(?!\{))*`/g, '``')

const importsOf = new Map(
  product.map(file => {
    const names = [...codeOf(file).matchAll(importPattern)].map(match => match[1] ?? '')
    const own = names.filter(name => name.startsWith('.')).map(name => normalize(join(dirname(file), name)))
    return [file, own]
  }),
)

interface Rule {
  /** A folder; `<x>` stands for one folder name. */
  readonly folder: string
  /** Folders, `*` for all, `own` for the folder itself. */
  readonly may: readonly string[]
}

/** Rows of the table below the heading "Who may import whom". */
function readRules(): readonly Rule[] {
  const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  const section = page.split('## Who may import whom')[1]?.split('\n## ')[0] ?? ''
  const names = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(match => match[1] ?? '')
  return section
    .split('\n')
    .filter(line => /^\| *`/.test(line))
    .flatMap(line => {
      const [, folders = '', may = ''] = line.split('|')
      return names(folders).map(folder => ({ folder, may: names(may) }))
    })
}

const rules = readRules()

interface Place {
  readonly rule: Rule
  /** The rule's folder with `<x>` filled in. */
  readonly folder: string
}

/** Where a file belongs: the deepest rule that it falls under, a named folder before `<x>`; null without one. */
function placeOf(file: string): Place | null {
  const depth = ({ folder }: Rule): number => 2 * folder.split('/').length - (folder.includes('<x>') ? 1 : 0)
  const steps = file.split('/')
  const fits = ({ folder }: Rule): boolean =>
    folder === file ||
    (steps.length > folder.split('/').length &&
      folder.split('/').every((part, i) => part === '<x>' || part === steps[i]))
  const [rule] = rules.filter(fits).sort((a, b) => depth(b) - depth(a))
  return rule === undefined ? null : { rule, folder: steps.slice(0, rule.folder.split('/').length).join('/') }
}

test('the import table is there', () => {
  assert.ok(rules.length >= 8, `${rules.length} rows`)
})

test('every file has a row in the import table', () => {
  assert.deepEqual(
    product.filter(file => placeOf(file) === null),
    [],
  )
})

test('imports follow the table', () => {
  const wrong: string[] = []
  for (const [file, imports] of importsOf) {
    const place = placeOf(file)
    if (place === null) continue
    const allowed = [place.folder, ...place.rule.may]
    for (const imported of imports) {
      const isAllowed = allowed.some(
        folder => folder === '*' || imported === folder || imported.startsWith(`${folder}/`),
      )
      if (!isAllowed) wrong.push(`${file} → ${imported}`)
    }
  }
  assert.deepEqual(wrong, [])
})

test('there are no import cycles', () => {
  const state = new Map<string, 'open' | 'done'>()
  const cycles: string[] = []
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === 'open') cycles.push([...path.slice(path.indexOf(file)), file].join(' → '))
    if (state.has(file)) return
    state.set(file, 'open')
    for (const imported of importsOf.get(file) ?? []) visit(imported, [...path, file])
    state.set(file, 'done')
  }
  for (const file of importsOf.keys()) visit(file, [])
  assert.deepEqual(cycles, [])
})

test('no file is longer than 300 lines', () => {
  const isGenerated = (file: string): boolean => read(file).startsWith('// Generated')
  const long = everything.filter(file => !isGenerated(file) && read(file).split('\n').length - 1 > 300)
  assert.deepEqual(long, [])
})

const bans: [what: string, pattern: RegExp, allowed: RegExp][] = [
  ['process.exit', /\bprocess\.exit\b/, /^src\/main\.ts$/],
  ['process.env', /\bprocess\.env\b/, /^src\/(main\.ts$|config\/|app\/)/],
  ['Date.now', /\bDate\.now\b|\bnew Date\(\)/, /^src\/(main\.ts$|config\/|app\/)/],
  ['Math.random', /\bMath\.random\b/, /^src\/(main\.ts$|config\/|app\/)/],
  ['a default export', /^export default\b/m, /^$/],
  ['export *', /^export \*/m, /^$/],
  ['any', /\bas any\b|: any\b|<any>/, /^$/],
  ['a silenced compiler or linter', /@ts-ignore|@ts-expect-error|@ts-nocheck|biome-ignore (?!format)/, /^$/],
]
for (const [what, pattern, allowed] of bans) {
  test(`${what} stays where it belongs`, () => {
    const sources = what.startsWith('a silenced') ? read : wordsOf
    assert.deepEqual(
      product.filter(file => !allowed.test(file) && pattern.test(sources(file))),
      [],
    )
  })
}

test('no file only exports what others define', () => {
  const isBarrel = (file: string): boolean => {
    const code = codeOf(file).replace(/^export (type )?\{[^}]*\} from '[^']+'$/gm, '')
    return code.trim() === '' && read(file).trim() !== ''
  }
  assert.deepEqual(product.filter(isBarrel), [])
})

test('no file is named after nothing in particular', () => {
  const vague = /(^|\/)(utils?|helpers?|types?|common|misc|index)\.(ts|mjs)$/
  assert.deepEqual(
    everything.filter(file => vague.test(file)),
    [],
  )
})

test('files are named in kebab-case and begin with what they own', () => {
  const isKebab = (file: string): boolean =>
    /^[a-z0-9]+(-[a-z0-9]+)*(\.(slow|bench|test|property|d))*\.(ts|mjs)$/.test(file)
  assert.deepEqual(
    everything.filter(file => !isKebab(file.split('/').at(-1) ?? '')),
    [],
  )
  assert.deepEqual(
    product.filter(file => !/^(\/\/|\/\*)/.test(read(file))),
    [],
  )
})

// Functions of several files as one list: the same one once, and never two that contradict each other.
import { FcscopeError, type Text } from '../../model/fcscope-error.ts'
import { labelOf } from './check-function.ts'
import { type ImportedFunction, sizeFields } from './found-function.ts'
import type { ImportNote } from './import-note.ts'

const fields = ['region', 'gpu', ...sizeFields] as const
type Field = (typeof fields)[number]

interface Combined {
  entry: ImportedFunction
  /** Which file said it. */
  readonly files: Map<Field, string>
}

/** Collects entries; what nobody has said yet may be said by another file. */
export class FunctionCombiner {
  readonly #known = new Map<string, Combined>()

  /** Fails with `FCS_CONFIG_INVALID` for a value that contradicts one that is there already. */
  add(entry: ImportedFunction, file: string): void {
    const key = JSON.stringify([entry.serviceName, entry.functionName])
    const known = this.#known.get(key)
    if (known === undefined) {
      const said = fields.filter(field => entry[field] !== null)
      this.#known.set(key, { entry, files: new Map(said.map(field => [field, file])) })
      return
    }
    for (const field of fields) {
      const before = known.files.get(field)
      if (entry[field] === null) continue
      if (before === undefined) known.files.set(field, file)
      else if (shown(entry[field]) !== shown(known.entry[field]))
        throw contradiction({ entry, known: known.entry, field, files: [before, file] })
    }
    known.entry = { ...known.entry, ...saidBy(entry) }
  }

  /**
   * By function name. One with a service comes before the one without, which would match all services: of the entries that match,
   * the first one counts.
   */
  functions(): readonly ImportedFunction[] {
    return [...this.#known.values()]
      .map(({ entry }) => entry)
      .sort((a, b) => order(a.functionName, b.functionName) || order(serviceKey(a), serviceKey(b)))
  }

  /** Notes that still hold: what one file lacks, another one may have said. Adds what nobody said. */
  notesOf(notes: readonly ImportNote[]): readonly ImportNote[] {
    const functions = this.functions()
    const byLabel = new Map(functions.map(entry => [labelOf(entry), entry]))
    const isSaid = ({ of, field }: ImportNote): boolean => isField(field) && (byLabel.get(of)?.[field] ?? null) !== null
    const holding = notes.filter(note => note.kind !== 'notExpanded' || !isSaid(note))
    const told = new Set(holding.map(({ of, field }) => JSON.stringify([of, field])))
    const missing = functions
      // Its twin with a service is told of.
      .filter(({ functionName }) => !functionName.includes('$'))
      .flatMap(entry => {
        const of = labelOf(entry)
        return fields
          .filter(field => field !== 'gpu' && entry[field] === null && !told.has(JSON.stringify([of, field])))
          .map(field => ({ kind: 'missing' as const, field, of, found: null }))
      })
    return [...holding, ...missing]
  }
}

const isField = (field: string | null): field is Field => fields.some(name => name === field)

/** Not by language: the file must be the same everywhere. */
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Behind every name. */
const serviceKey = ({ serviceName }: ImportedFunction): string => serviceName ?? '~'

const saidBy = (entry: ImportedFunction): Partial<ImportedFunction> =>
  Object.fromEntries(fields.filter(field => entry[field] !== null).map(field => [field, entry[field]]))

const shown = (value: ImportedFunction[Field]): string =>
  typeof value === 'object' && value !== null ? `${value.type} ${value.memoryMB} MB` : String(value)

function contradiction(between: {
  entry: ImportedFunction
  known: ImportedFunction
  field: Field
  files: readonly [string, string]
}): FcscopeError {
  const { entry, known, field, files } = between
  const [one, other] = files
  const values = [`${field} ${shown(known[field])}`, `${field} ${shown(entry[field])}`]
  const { en, zh } = field === 'region' ? ofRegion : ofValue
  return new FcscopeError('FCS_CONFIG_INVALID', {
    en: `${labelOf(entry)}: ${one} says ${values[0]}, and ${other} says ${values[1]}. ${en}`,
    zh: `${labelOf(entry)}：${one} 中为 ${values[0]}，${other} 中为 ${values[1]}。${zh}`,
  })
}

const ofValue: Text = { en: 'Give only the one that is right.', zh: '请只提供正确的一个。' }
const ofRegion: Text = {
  en: 'Logs do not tell regions apart: make one functions.yaml for each.',
  zh: '日志无法区分地域：请为每个地域单独生成 functions.yaml。',
}

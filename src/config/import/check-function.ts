// A found function into entries of functions.yaml: what the schema does not allow, or nobody can know, is left out and told.
import { safeParse } from 'zod'
import type { Text } from '../../model/fcscope-error.ts'
import { quote, showValue } from '../config-problem.ts'
import { functionsSchema } from '../functions-schema.ts'
import { optionTree, stepInto } from '../option-tree.ts'
import { type FoundFunction, type ImportedFunction, type sizeFields, Unexpanded } from './found-function.ts'
import { gpuSeries } from './gpu-series.ts'
import type { ImportNote, NoteKind } from './import-note.ts'

export interface CheckedFunction {
  /** None for a function that nothing can be said of; two where logs may name it in two ways. */
  readonly entries: readonly ImportedFunction[]
  readonly notes: readonly ImportNote[]
}

/** What the command line says where a file does not. */
export interface ImportDefaults {
  readonly region: string | null
  /** Of FC 2.0 functions, whose answers do not name it. */
  readonly serviceName: string | null
}

/**
 * Names that the platform gives; FC 2.0's may have 128 letters, FC 3.0's 64. So a `*`, which would be a pattern in functions.yaml, or
 * a `{{ placeholder }}` is none.
 */
const nameForm = /^[A-Za-z_][A-Za-z0-9_-]{0,127}$/
/** How FC 3.0 calls a function of FC 2.0: `service$function`. */
const olderName = /^([^$]{1,128})\$([^$]{1,128})$/

/** Also the rule for services of FC 2.0. */
export const isFunctionName = (text: string): boolean => nameForm.test(text)
/** As the schema of functions.yaml has it. */
export const isRegion = (text: string): boolean => checkField('region', text) === null

/** How messages call a function: `service/function`. */
export const labelOf = ({
  functionName,
  serviceName,
}: Pick<ImportedFunction, 'functionName' | 'serviceName'>): string =>
  serviceName === null ? functionName : `${serviceName}/${functionName}`

/** What a file says of a function into what functions.yaml may say of it. Never fails: what is wrong is told in `notes`. */
export function checkFunction(found: FoundFunction, defaults: ImportDefaults): CheckedFunction {
  const { place, generation } = found
  const said = [found.functionName, found.serviceName]
  const unexpanded = said.find(value => value instanceof Unexpanded)
  if (unexpanded !== undefined || typeof found.functionName !== 'string')
    return leftOut('noName', place, unexpanded === undefined ? null : quote(unexpanded.source))
  const older = generation === 3 ? olderName.exec(found.functionName) : null
  const functionName = older?.[2] ?? found.functionName
  const serviceName = older?.[1] ?? found.serviceName ?? (generation === 2 ? defaults.serviceName : null)
  const wrong = [functionName, serviceName].find(
    name => name !== null && !(typeof name === 'string' && isFunctionName(name)),
  )
  if (wrong !== undefined || (serviceName !== null && typeof serviceName !== 'string'))
    return leftOut('wrongName', place, shown(older === null ? wrong : found.functionName))
  const reader = new ValueReader(labelOf({ functionName, serviceName }))
  if (generation === 2 && serviceName === null) reader.tell('noService')
  if (older !== null) reader.tell('twoNames')
  const entry = { functionName, serviceName, ...reader.values(found, defaults) }
  const entries = older === null ? [entry] : [entry, { ...entry, functionName: found.functionName, serviceName: null }]
  return { entries, notes: reader.notes }
}

const leftOut = (kind: NoteKind, of: string, found: string | null): CheckedFunction => ({
  entries: [],
  notes: [{ kind, field: null, of, found }],
})

type Field = 'region' | (typeof sizeFields)[number]

/** Reads the values of one function; what is left out is in `notes`. */
class ValueReader {
  readonly notes: ImportNote[] = []
  readonly #of: string

  constructor(of: string) {
    this.#of = of
  }

  tell(kind: NoteKind, more: Partial<ImportNote> = {}): void {
    this.notes.push({ kind, field: null, of: this.#of, found: null, ...more })
  }

  values(found: FoundFunction, defaults: ImportDefaults): Omit<ImportedFunction, 'functionName' | 'serviceName'> {
    const isRegionSaid = !(found.region instanceof Unexpanded) && (found.region ?? null) !== null
    const region = this.#checked('region', isRegionSaid ? found.region : (defaults.region ?? found.region))
    const number = (field: (typeof sizeFields)[number]): number | null => {
      const value = this.#checked(field, numberOf(found.sizes[field]))
      return typeof value === 'number' ? value : null
    }
    return {
      region: typeof region === 'string' ? region : null,
      vCPU: number('vCPU'),
      memoryMB: number('memoryMB'),
      diskMB: number('diskMB'),
      gpu: this.#gpu(found),
      instanceConcurrency: number('instanceConcurrency'),
      timeoutSeconds: number('timeoutSeconds'),
    }
  }

  #checked(field: Field, value: unknown): unknown {
    if (value === null || value === undefined) return null
    if (value instanceof Unexpanded) {
      this.tell('notExpanded', { field, found: quote(value.source) })
      return null
    }
    const allowed = checkField(field, value)
    if (allowed === null) return value
    this.tell('outOfBounds', { field, found: shown(value), allowed })
    return null
  }

  #gpu({ gpuType: type, gpuMemoryMB }: FoundFunction): ImportedFunction['gpu'] {
    const memoryMB = numberOf(gpuMemoryMB)
    const isNone = (value: unknown): boolean => value === null || value === undefined || value === '' || value === 0
    if (isNone(type) && isNone(memoryMB)) return null
    const unexpanded = [type, memoryMB].find(value => value instanceof Unexpanded)
    if (unexpanded !== undefined) {
      this.tell('notExpanded', { field: 'gpu', found: quote(unexpanded.source) })
      return null
    }
    const gpu = { type: typeof type === 'string' ? gpuSeries(type) : null, memoryMB }
    if (gpu.type !== null && safeParse(fields.gpu, gpu).success && typeof memoryMB === 'number')
      return { type: gpu.type, memoryMB }
    this.tell('unknownGPU', { field: 'gpu', found: `${shown(type)}, ${shown(memoryMB)} MB` })
    return null
  }
}

/** The same in every language. */
function shown(value: unknown): string {
  if (value === null || value === undefined) return '?'
  if (typeof value === 'object') return Array.isArray(value) ? '[…]' : '{…}'
  return showValue(value).en
}

/** A decimal in quotes says the same as one without, and files made by hand have them. */
const numberOf = (value: unknown): unknown =>
  typeof value === 'string' && /^\d{1,15}(?:\.\d{1,15})?$/.test(value) ? Number(value) : value

const fields = functionsSchema.shape.functions.element.shape
const entryNode = optionTree(functionsSchema.shape.functions.element)

/** Null when the schema of functions.yaml takes the value; else what it takes. */
function checkField(field: Field, value: unknown): Text | null {
  if (safeParse(fields[field], value).success) return null
  const allowed = stepInto(entryNode, field, null)?.meta?.allowed
  if (allowed === undefined) throw new RangeError(`BUG: ${field} has no words`)
  return allowed
}

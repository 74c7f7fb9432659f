// What `fcscope functions import` does, without files.
import { checkFunction, type ImportDefaults } from '../../../src/config/import/check-function.ts'
import { FunctionCombiner } from '../../../src/config/import/combine-functions.ts'
import type { ImportedFunction } from '../../../src/config/import/found-function.ts'
import type { ImportNote } from '../../../src/config/import/import-note.ts'
import { readSource } from '../../../src/config/import/read-source.ts'
import { FcscopeError } from '../../../src/model/fcscope-error.ts'

export interface Imported {
  readonly functions: readonly ImportedFunction[]
  readonly notes: readonly ImportNote[]
}

const nothing: ImportDefaults = { region: null, serviceName: null }

/** By file name. */
export function importTexts(files: Readonly<Record<string, string>>, defaults: Partial<ImportDefaults> = {}): Imported {
  const combiner = new FunctionCombiner()
  const notes: ImportNote[] = []
  for (const [file, text] of Object.entries(files)) {
    const reading = readSource(file, text)
    notes.push(...reading.notes)
    for (const found of reading.functions) {
      const checked = checkFunction(found, { ...nothing, ...defaults })
      notes.push(...checked.notes)
      for (const entry of checked.entries) combiner.add(entry, file)
    }
  }
  return { functions: combiner.functions(), notes: combiner.notesOf(notes) }
}

/** Notes as `kind field of found`, without what is only missing. */
export const told = ({ notes }: Imported): readonly string[] =>
  notes
    .filter(({ kind }) => kind !== 'missing')
    .map(({ kind, field, of, found }) => [kind, field ?? '-', of, found ?? '-'].join(' '))

/** Without what is not known. */
export const known = ({ functions }: Imported): readonly object[] =>
  functions.map(of => Object.fromEntries(Object.entries(of).filter(([, value]) => value !== null)))

/** What an attempt fails with. */
export function failureOf(attempt: () => unknown): FcscopeError {
  try {
    attempt()
  } catch (error) {
    if (error instanceof FcscopeError) return error
    throw error
  }
  throw new Error('it did not fail')
}

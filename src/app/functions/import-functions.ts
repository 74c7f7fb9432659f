// `fcscope functions import`: what the platform and Serverless Devs know of functions, as a functions.yaml.
import { checkFunction, isFunctionName, isRegion } from '../../config/import/check-function.ts'
import { FunctionCombiner } from '../../config/import/combine-functions.ts'
import { maxFunctions } from '../../config/import/found-function.ts'
import { groupNotes, type ImportNote, type NoteGroup } from '../../config/import/import-note.ts'
import { type PrintedSource, printFunctions } from '../../config/import/print-functions.ts'
import { maxSourceBytes, readSource } from '../../config/import/read-source.ts'
import { tooManyFunctions } from '../../config/import/source-reading.ts'
import { FcscopeError } from '../../model/fcscope-error.ts'
import { checkInputs } from '../../sources/file/check-inputs.ts'
import { readWholeText } from './read-whole-text.ts'

export interface ImportRequest {
  /** Files, or `-`. */
  readonly inputs: readonly string[]
  /** Where a function runs whose file does not say it; null for not known. */
  readonly region: string | null
  /** The service of FC 2.0 functions whose file does not say it; null for not known. */
  readonly serviceName: string | null
}

export interface ImportReport {
  /** The functions.yaml. */
  readonly text: string
  /** Its entries. */
  readonly count: number
  /** What was left out. */
  readonly notes: readonly NoteGroup[]
}

/** Fails with an `FcscopeError` that names the file. Finding no function at all is no failure. */
export async function importFunctions(request: ImportRequest): Promise<ImportReport> {
  checkDefaults(request)
  checkInputs(request.inputs)
  const combiner = new FunctionCombiner()
  const sources: PrintedSource[] = []
  const notes: ImportNote[] = []
  let found = 0
  for (const path of request.inputs) {
    const file = path === '-' ? '<stdin>' : path
    const reading = readSource(file, await readWholeText(path, { name: file, maxBytes: maxSourceBytes }))
    found += reading.functions.length
    if (found > maxFunctions) throw tooManyFunctions()
    sources.push({ file, format: reading.format })
    notes.push(...reading.notes)
    for (const each of reading.functions) {
      const checked = checkFunction(each, request)
      for (const note of checked.notes) notes.push(note)
      for (const entry of checked.entries) combiner.add(entry, file)
    }
  }
  const functions = combiner.functions()
  return {
    text: printFunctions(functions, sources),
    count: functions.length,
    notes: groupNotes(combiner.notesOf(notes)),
  }
}

function checkDefaults({ region, serviceName }: ImportRequest): void {
  if (region !== null && !isRegion(region)) {
    throw new FcscopeError('FCS_USAGE', {
      en: `--region: '${region}' is no region id. Write it like cn-hangzhou.`,
      zh: `--region：'${region}' 不是地域 ID，请写成 cn-hangzhou 的形式。`,
    })
  }
  if (serviceName !== null && !isFunctionName(serviceName)) {
    throw new FcscopeError('FCS_USAGE', {
      en: `--service: '${serviceName}' is no name of a service. It has letters, digits, _ and - only.`,
      zh: `--service：'${serviceName}' 不是服务名称，只能包含字母、数字、_ 和 -。`,
    })
  }
}

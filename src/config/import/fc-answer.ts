// Functions of answers of the API: what `aliyun fc` and the SDKs print for ListFunctions and GetFunction, one or several.
import { isMapping } from '../option-tree.ts'
import { fc2Function, isFC2Function } from './fc2-function.ts'
import { fc3Function } from './fc3-function.ts'
import { type FoundFunction, maxFunctions } from './found-function.ts'
import type { ImportNote } from './import-note.ts'
import {
  alreadyOurs,
  brokenJson,
  deepJson,
  noFunctions,
  type SourceReading,
  tooManyFunctions,
  wrongFunction,
} from './source-reading.ts'

/** `text` is JSON: an answer, or a list of answers. Fails with `FCS_CONFIG_INVALID`. */
export function readAnswers(file: string, text: string): SourceReading {
  const value = parse(file, text)
  // `jq -s .` puts answers into a list.
  const answers = Array.isArray(value) ? value : [value]
  if (answers.length > maxFunctions) throw tooManyFunctions()
  const functions: FoundFunction[] = []
  const notes: ImportNote[] = []
  for (const [i, answer] of answers.entries()) {
    const body = bodyOf(answer)
    const at = Array.isArray(value) ? `[${i}]` : ''
    functions.push(...functionsOf(body, { file, at }))
    if (functions.length > maxFunctions) throw tooManyFunctions()
    if (isMapping(body) && typeof body['nextToken'] === 'string' && body['nextToken'] !== '')
      notes.push({ kind: 'morePages', field: null, of: file, found: null })
  }
  const isOlder = functions.length > 0 && functions.every(({ generation }) => generation === 2)
  return { format: isOlder ? 'fc2' : 'fc3', functions, notes }
}

/** Lists and objects within each other; an honest answer has eight. */
const maxDepth = 64

function parse(file: string, text: string): unknown {
  if (nestsDeeper(text)) throw deepJson(file)
  try {
    return JSON.parse(text)
  } catch {
    throw brokenJson(file)
  }
}

/** Looks at the text, because deep nesting costs fifty times its length once it is parsed. By hand: texts in it may be long. */
function nestsDeeper(text: string): boolean {
  let depth = 0
  let isText = false
  for (let i = 0; i < text.length && depth <= maxDepth; i += 1) {
    const mark = text[i]
    if (mark === '\\' && isText) i += 1
    else if (mark === '"') isText = !isText
    else if (isText) continue
    else if (mark === '[' || mark === '{') depth += 1
    else if (mark === ']' || mark === '}') depth -= 1
  }
  return depth > maxDepth
}

/** SDKs print the answer as `body`, beside its headers. */
const bodyOf = (answer: unknown): unknown => (isMapping(answer) && isMapping(answer['body']) ? answer['body'] : answer)

function functionsOf(body: unknown, { file, at }: { file: string; at: string }): readonly FoundFunction[] {
  if (!isMapping(body)) throw noFunctions(file)
  const { functions } = body
  if (Array.isArray(functions)) {
    if (functions.length > maxFunctions) throw tooManyFunctions()
    return functions.map((of: unknown, i) => functionOf(of, { file, place: `${at}functions[${i}]` }))
  }
  if (typeof body['functionName'] !== 'string') throw noFunctions(file)
  return [functionOf(body, { file, place: `${at}function` })]
}

function functionOf(of: unknown, { file, place }: { file: string; place: string }): FoundFunction {
  if (!isMapping(of)) throw wrongFunction(file, place)
  if ('memoryMB' in of || 'vCPU' in of) throw alreadyOurs(file)
  return isFC2Function(of) ? fc2Function(of, place) : fc3Function(of, place)
}

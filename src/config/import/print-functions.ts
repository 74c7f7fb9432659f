// The text of a functions.yaml that was made from other files.
import { stringify } from 'yaml'
import { FcscopeError } from '../../model/fcscope-error.ts'
import { checkFunctions } from '../check-functions.ts'
import { cleanText } from '../config-problem.ts'
import { maxConfigBytes } from '../read-config-file.ts'
import type { ImportedFunction } from './found-function.ts'
import type { SourceFormat } from './source-reading.ts'

/** What the comment at the top names. */
export interface PrintedSource {
  readonly file: string
  readonly format: SourceFormat
}

/** English: the file is the same for everybody. */
const formats: Readonly<Record<SourceFormat, string>> = {
  fc3: 'API of FC 3.0',
  fc2: 'API of FC 2.0',
  serverlessDevs: 'Serverless Devs',
}

/** The same text for the same functions. Fails with `FCS_CONFIG_INVALID` when it would be longer than fcscope reads. */
export function printFunctions(functions: readonly ImportedFunction[], sources: readonly PrintedSource[]): string {
  const entries = functions.map(withoutUnknown)
  const text = `${header(sources)}\n${stringify({ functions: entries }, { lineWidth: 0, schema: 'core' })}`
  if (Buffer.byteLength(text) > maxConfigBytes) throw tooLong(functions.length)
  const check = checkFunctions(text)
  if (check.status === 'invalid')
    throw new RangeError(`BUG: made a wrong functions.yaml: ${check.problems[0]?.text.en}`)
  return text
}

const header = (sources: readonly PrintedSource[]): string =>
  [
    '# Made by `fcscope functions import` from',
    ...sources.map(({ file, format }) => `#   ${cleanText(file)} (${formats[format]})`),
  ].join('\n')

/** In the order of docs/functions-yaml.md. */
const withoutUnknown = (of: ImportedFunction): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries({
      functionName: of.functionName,
      serviceName: of.serviceName,
      region: of.region,
      vCPU: of.vCPU,
      memoryMB: of.memoryMB,
      diskMB: of.diskMB,
      gpu: of.gpu,
      instanceConcurrency: of.instanceConcurrency,
      timeoutSeconds: of.timeoutSeconds,
    }).filter(([, value]) => value !== null),
  )

const tooLong = (count: number): FcscopeError =>
  new FcscopeError('FCS_CONFIG_INVALID', {
    en: `${count} functions make a functions.yaml of more than 1 MiB, which fcscope does not read. Give fewer files.`,
    zh: `${count} 个函数生成的 functions.yaml 超过 1 MiB，fcscope 无法读取，请减少文件。`,
  })

// Which form a file has, told by its content.
import { maxConfigBytes } from '../read-config-file.ts'
import { readAnswers } from './fc-answer.ts'
import { readServerlessDevs } from './serverless-devs.ts'
import { type SourceReading, yamlTooLong } from './source-reading.ts'

/** Longest file, in bytes: a list of ten thousand functions with their environment variables. YAML may be much shorter only. */
export const maxSourceBytes = 16 * 1024 * 1024

/** Fails with `FCS_CONFIG_INVALID`, in one line that names the file. */
export function readSource(file: string, text: string): SourceReading {
  const isJson = /^\s*[[{]/.test(text)
  if (isJson) return readAnswers(file, text)
  if (Buffer.byteLength(text) > maxConfigBytes) throw yamlTooLong(file, maxConfigBytes)
  return readServerlessDevs(file, text)
}

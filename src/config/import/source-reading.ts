// What comes out of one file, and what is said of a file out of which nothing can come.
import { FcscopeError } from '../../model/fcscope-error.ts'
import { type FoundFunction, maxFunctions } from './found-function.ts'
import type { ImportNote } from './import-note.ts'

/** Forms of files that functions are taken from. */
export const sourceFormats = ['fc3', 'fc2', 'serverlessDevs'] as const
export type SourceFormat = (typeof sourceFormats)[number]

/** All of one file. */
export interface SourceReading {
  readonly format: SourceFormat
  readonly functions: readonly FoundFunction[]
  readonly notes: readonly ImportNote[]
}

const invalid = (en: string, zh: string): FcscopeError => new FcscopeError('FCS_CONFIG_INVALID', { en, zh })

/** Nothing that we know; `file` is what messages call it, here and below. */
export const noFunctions = (file: string): FcscopeError =>
  invalid(
    `${file}: found neither an answer of ListFunctions or GetFunction, nor resources or services of Serverless Devs. Give the JSON that \`aliyun fc\` prints, or an s.yaml.`,
    `${file}：既不是 ListFunctions 或 GetFunction 的返回结果，也没有 Serverless Devs 的 resources 或 services。请提供 \`aliyun fc\` 输出的 JSON 或 s.yaml。`,
  )

/** What we write ourselves: its sizes have our names, and its names may be patterns. */
export const alreadyOurs = (file: string): FcscopeError =>
  invalid(
    `${file}: is a functions.yaml already. Give what it should be made from, and put the results together by hand.`,
    `${file}：已经是 functions.yaml。请提供用于生成它的文件，并手动合并结果。`,
  )

/** Without a place: the parser's own message quotes the text, which holds secrets. */
export const brokenJson = (file: string): FcscopeError =>
  invalid(
    `${file}: begins like JSON, but is not one whole JSON value. Save it again; put several answers together with \`jq -s .\`.`,
    `${file}：开头像 JSON，但不是一个完整的 JSON 值。请重新保存；多个返回结果可用 \`jq -s .\` 合并。`,
  )

/** No answer of the API. */
export const deepJson = (file: string): FcscopeError =>
  invalid(
    `${file}: found lists or objects nested too deeply. Check that it is the right file.`,
    `${file}：嵌套过深，请检查文件是否正确。`,
  )

/** A list of something else. */
export const wrongFunction = (file: string, place: string): FcscopeError =>
  invalid(
    `${file}: ${place}: found no JSON object; allowed: a function as ListFunctions gives it. Check that it is the right file.`,
    `${file}：${place}：不是 JSON 对象；应为 ListFunctions 返回的函数，请检查文件是否正确。`,
  )

/** Beyond {@link maxFunctions}. */
export const tooManyFunctions = (): FcscopeError =>
  invalid(
    `found more than ${maxFunctions} functions; allowed: up to ${maxFunctions} at a time. Give fewer files.`,
    `函数超过 ${maxFunctions} 个；一次最多 ${maxFunctions} 个，请减少文件。`,
  )

/** The YAML package would take minutes for it. */
export const yamlTooLong = (file: string, maxBytes: number): FcscopeError =>
  invalid(
    `${file}: longer than 1 MiB and no JSON; allowed: YAML of up to ${maxBytes} bytes. Check that it is the right file.`,
    `${file}：超过 1 MiB 且不是 JSON；YAML 最多 ${maxBytes} 字节，请检查文件是否正确。`,
  )

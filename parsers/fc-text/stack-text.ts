// A body's stack in whatever shape its runtime gives it (facts/fc-log-formats §4a), as lines of text.
import type { Literal } from './read-literal.ts'

/** Causes below causes; Java chains are short. */
const maxCauses = 8

/** Frames of one stack; what lies deeper says nothing new. */
const maxFrames = 512

/** Frames joined by `\n`, of the body and of the causes in it; null when it has none. Not bounded in length. */
export function stackOfBody(body: ReadonlyMap<string, Literal>): string | null {
  const lines = framesOf(body.get('stackTrace') ?? body.get('stack'))
  let cause = body.get('errorCause')
  for (let depth = 0; depth < maxCauses && cause instanceof Map; depth++) {
    const fields: ReadonlyMap<string, Literal> = cause
    const type = textOf(fields.get('errorType') ?? '')
    lines.push(`Caused by: ${type === '' ? '' : `${type}: `}${textOf(fields.get('errorMessage') ?? '')}`)
    lines.push(...framesOf(fields.get('stackTrace')))
    cause = fields.get('errorCause')
  }
  return lines.length === 0 ? null : lines.join('\n')
}

/** A value as text: a list's items and an object's entries in one line. */
export function textOf(value: Literal): string {
  if (typeof value === 'string') return value
  if (value instanceof Map) return [...value].map(([key, item]) => `${key}: ${textOf(item)}`).join(', ')
  // Array.isArray does not narrow a readonly array.
  return (value as readonly Literal[]).map(textOf).join(', ')
}

function framesOf(stack: Literal | undefined): string[] {
  if (stack === undefined || stack === '') return []
  if (typeof stack === 'string') return [stack]
  if (Array.isArray(stack)) return stack.slice(0, maxFrames).map(frameText)
  return phpFrames(stack as ReadonlyMap<string, Literal>)
}

/** Go gives `path`, `line` and `label` of a frame; Python a list of four texts; Node, Java and .NET one text. */
function frameText(frame: Literal): string {
  if (!(frame instanceof Map)) return textOf(frame)
  const fields: ReadonlyMap<string, Literal> = frame
  const path = fields.get('path')
  if (path === undefined) return textOf(frame)
  return `${textOf(path)}:${textOf(fields.get('line') ?? '')} ${textOf(fields.get('label') ?? '')}`.trimEnd()
}

/** PHP gives one object: where it was thrown, and all calls as one text. */
function phpFrames(stack: ReadonlyMap<string, Literal>): string[] {
  const file = stack.get('file')
  const calls = stack.get('traceString')
  if (file === undefined && calls === undefined) return [textOf(stack)]
  const lines = file === undefined ? [] : [`${textOf(file)}:${textOf(stack.get('line') ?? '')}`]
  return calls === undefined ? lines : [...lines, textOf(calls)]
}

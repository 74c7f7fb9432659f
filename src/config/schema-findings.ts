// Checks values by their schemas, and says what is wrong in our own words: where, what is there, what may be there.
import { z } from 'zod'
import { nearestWord } from '../lib/nearest-word.ts'
import { brokenRuleKey } from '../lib/option-schema.ts'
import type { Text } from '../model/fcscope-error.ts'
import {
  type ConfigPath,
  type ConfigProblem,
  foundAndAllowed,
  pathKey,
  showValue,
  unknownKey,
} from './config-problem.ts'
import type { Expression } from './expand-text.ts'
import { type OptionNode, partKind, stepInto, valueAt } from './option-tree.ts'

/** A problem whose line is not known yet. */
export type Finding = Omit<ConfigProblem, 'line'>

/** A whole value, and what is known about it: what a finding is told from. */
export interface CheckedValues {
  readonly root: OptionNode
  readonly value: unknown
  /** By {@link pathKey}: values that came out of expansions, which are not shown. */
  readonly expressions: ReadonlyMap<string, Expression>
}

/** Problems of one schema that are looked at; each costs a walk through the file. */
const maxIssues = 100

export type SchemaCheck<T> =
  | { readonly isRight: true; readonly output: T }
  | { readonly isRight: false; readonly findings: readonly Finding[] }

/** Checks `value`, which stands at `at`. */
export function checkBySchema<S extends z.core.$ZodType>(
  schema: S,
  value: unknown,
  place: { readonly at: ConfigPath; readonly values: CheckedValues },
): SchemaCheck<z.core.output<S>> {
  const result = z.safeParse(schema, value)
  if (result.success) return { isRight: true, output: result.data }
  const findings = result.error.issues.slice(0, maxIssues).flatMap(issue => findingsOf(issue, place))
  return { isRight: false, findings: withoutRepetition(findings) }
}

/** One value can break two rules of a schema (no whole number, too great); our words are the same for both. */
function withoutRepetition(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map(finding => [`${pathKey(finding.path)} ${finding.text.en}`, finding])).values()]
}

function findingsOf(
  issue: z.core.$ZodIssue,
  place: { readonly at: ConfigPath; readonly values: CheckedValues },
): readonly Finding[] {
  // A key that is a symbol cannot come out of a file.
  const path = [...place.at, ...issue.path.filter(step => typeof step !== 'symbol')]
  if (issue.code === 'unrecognized_keys') {
    const keys = keysAt(place.values, path)
    return issue.keys
      .slice(0, maxIssues)
      .map(key => ({ path: [...path, key], text: unknownKey(keys, nearestWord(key, keys)) }))
  }
  const rule = issue.code === 'custom' ? ruleText(issue.params) : null
  return [{ path, text: rule ?? wrongValue(place.values, path) }]
}

/** What {@link brokenRuleKey} carries; null for any other refinement. */
function ruleText(params: Readonly<Record<string, unknown>> | undefined): Text | null {
  const text: unknown = params?.[brokenRuleKey]
  if (typeof text !== 'object' || text === null || !('en' in text) || !('zh' in text)) return null
  return { en: String(text.en), zh: String(text.zh) }
}

/** "found …; allowed: …" for what stands at `path`. */
export function wrongValue(values: CheckedValues, path: ConfigPath): Text {
  const node = nodeAt(values, path)
  const allowed = node?.meta?.allowed ?? { en: 'see docs/configuration.md', zh: '见 docs/configuration.md' }
  return foundAndAllowed(found(values, path, node), allowed)
}

function found({ value: root, expressions }: CheckedValues, path: ConfigPath, node: OptionNode | null): Text {
  const value = valueAt(root, path)
  const expression = expressions.get(pathKey(path))
  if (expression !== undefined) {
    const from = expression.origins.join(', ')
    return value === ''
      ? { en: `an empty value from ${from}`, zh: `来自 ${from} 的空值` }
      : { en: `a value from ${from}`, zh: `来自 ${from} 的值` }
  }
  if (typeof value === 'object' || value === undefined) return showValue(value)
  if (typeof value !== 'string') return node?.meta?.isSecret === true ? otherKind : quotable(value, node)
  // Where no text belongs at all, one may be a secret that is out of its place.
  const isHidden = value !== '' && (node === null || node.kind !== 'value' || node.meta?.isSecret === true)
  return isHidden ? { en: 'a text', zh: '文本' } : showValue(value)
}

const otherKind: Text = { en: 'a value that is no text (quotes make it one)', zh: '非文本的值（加引号即为文本）' }

/** A number where a text belongs is mostly a text without quotes. */
function quotable(value: unknown, node: OptionNode | null): Text {
  const shown = showValue(value)
  if (node?.kind !== 'value' || node.wants !== 'text') return shown
  return { en: `${shown.en} (quotes make it a text)`, zh: `${shown.zh}（加引号即为文本）` }
}

/** The deepest place on the way along `path` that the tree knows. */
function nodeAt({ root, value }: CheckedValues, path: ConfigPath): OptionNode | null {
  let node: OptionNode | null = root
  for (const [i, step] of path.entries()) {
    const next = stepInto(node, step, valueAt(value, path.slice(0, i)))
    if (next === null) break
    node = next
  }
  return node
}

function keysAt(values: CheckedValues, path: ConfigPath): readonly string[] {
  const node = nodeAt(values, path)
  if (node?.kind === 'part') return [...(partKind(node, valueAt(values.value, path))?.keys.keys() ?? [])]
  return node?.kind === 'mapping' ? [...node.keys.keys()] : []
}

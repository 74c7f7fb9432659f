// The effective configuration as YAML that can be loaded again: defaults filled in, paths absolute, secrets not shown.
import { stringify } from 'yaml'
import type { CheckedConfig } from './check-config.ts'
import { type ConfigPath, cleanText, pathKey } from './config-problem.ts'
import type { ConfigSchema, Sections } from './config-sections.ts'
import { isMapping, type OptionNode, stepInto } from './option-tree.ts'

/** What stands in the place of a secret that the file itself holds. */
const hidden = '***'

/** What came out of expansions is printed as the expansion; a secret only if that gives nothing of it away. */
export function printConfig<S extends Sections>(schema: ConfigSchema<S>, config: CheckedConfig<S>): string {
  const origin = config.file === null ? 'the defaults' : cleanText(config.file)
  const text = stringify(shownSettings(schema, config), { lineWidth: 0, schema: 'core' })
  return `# Effective configuration of ${origin}\n${text}`
}

/** The settings as {@link printConfig} writes them: nothing in them is secret. */
export const shownSettings = <S extends Sections>(schema: ConfigSchema<S>, config: CheckedConfig<S>): unknown =>
  show(config.settings, { node: schema.root, path: [], config })

interface Place {
  readonly node: OptionNode | null
  readonly path: ConfigPath
  readonly config: Pick<CheckedConfig<Sections>, 'expressions'>
}

function show(value: unknown, place: Place): unknown {
  const { node, path, config } = place
  const expression = config.expressions.get(pathKey(path))
  const isSecret = node?.meta?.isSecret === true
  if (expression !== undefined) return isSecret && !expression.isPure ? hidden : expression.source
  if (Array.isArray(value)) return value.map((item, i) => show(item, into(place, i, value)))
  if (!isMapping(value)) return isSecret && value !== undefined ? hidden : value
  const entries = node?.kind === 'part' ? partEntries(value) : Object.entries(value)
  return Object.fromEntries(
    entries.filter(([, item]) => item !== undefined).map(([key, item]) => [key, show(item, into(place, key, value))]),
  )
}

const into = ({ node, path, config }: Place, step: string | number, value: unknown): Place => ({
  node: node && stepInto(node, step, value),
  path: [...path, step],
  config,
})

/** A part as a file has it: its options beside its type and name. */
function partEntries({
  type,
  name,
  options,
}: Readonly<Record<string, unknown>>): readonly (readonly [string, unknown])[] {
  return [['type', type], ['name', name], ...(isMapping(options) ? Object.entries(options) : [])]
}

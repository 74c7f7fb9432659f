// Writes docs/configuration.md from the schemas of the configuration, so that the page cannot say anything else than the check does.
import { writeFileSync } from 'node:fs'
import { workerSchema } from '../src/app/worker-config.ts'
import { plannedSections } from '../src/app/worker-sections.ts'
import type { OptionNode } from '../src/config/option-tree.ts'

/** Where the page stands. */
export const configurationPagePath = new URL('../docs/configuration.md', import.meta.url)

const intro = `# Configuration

\`fcscope run -c FILE\` reads a YAML file. [samples/fcscope.example.yaml](../samples/fcscope.example.yaml) is one to begin with; it needs nothing but \`sources\`.
\`fcscope check-config -c FILE\` tells every problem at once, with its line; \`--connect\` also tries to reach what the file names. \`fcscope run -c FILE --config-print\` shows what is in effect.

This page is written by \`node scripts/write-configuration-doc.ts\` from the checks themselves; change it there.

## The file

- One document of YAML 1.2 in UTF-8, at most 1 MiB. JSON is YAML.
- Unknown keys, keys that come twice, aliases (\`*name\`) and tags (\`!name\`) are refused. A key without a value counts as left out, but for secrets, where that is an error.
- Times are whole milliseconds and sizes whole bytes unless the key says otherwise (\`retentionDays\`).
- \`listen\` is HOST:PORT; \`[::1]:9464\` for IPv6. Port 0 lets the system choose.

## Expansions

Any value may hold these, also several and with text around them. There are no others.

| written | becomes |
| --- | --- |
| \`\${env:NAME}\` | the environment variable; it must be set |
| \`\${env:NAME:-default}\` | the same; the default when it is not set or empty. All characters but \`}\` may stand in it |
| \`\${file:PATH}\` | the content of a UTF-8 file of up to 64 KiB without one line end at its end |

- Expansions do not nest, and what comes out is never read as YAML or expanded again. Keys are not expanded. Every other \`\${\` is an error; to have one in a value, put the value into a variable or a file.
- Where a number, \`true\` or \`false\` is wanted, a text that is exactly one will do: \`maxOpen: \${env:MAX_OPEN}\`.
- Within \`{ }\` and \`[ ]\`, where braces are YAML's own, put them in quotes: \`{type: http, token: "\${env:INGEST_TOKEN}"}\`.

## Paths

Relative paths are taken from the folder of the configuration file, those of defaults and of \`\${file:PATH}\` as well. Where the configuration is a pipe, it is the working directory. \`~\` is not expanded; \`\${env:HOME}\` is.

## Secrets

Options marked **secret** are shown nowhere: not in messages, not in the log, not by \`--config-print\`. Nor is anything that came out of \`\${env:…}\` or \`\${file:…}\`: messages name the variable or the file.
\`--config-print\` prints expansions as they are written, and \`***\` in the place of a secret that the file itself holds.`

/** The whole page. */
export function renderConfigurationPage(): string {
  const sections = [...workerSchema.root.keys].map(([key, node]) => renderSection(key, node))
  const planned = Object.keys(plannedSections).map(key => `\`${key}\``)
  const outro = `## Not yet\n\n${planned.join(' and ')} ${planned.length === 1 ? 'is' : 'are'} refused for now: what does nothing must not be set in good faith.`
  return `${[intro, ...sections, outro].join('\n\n')}\n`
}

function renderSection(key: string, node: OptionNode): string {
  const heading = `## \`${key}\``
  if (node.kind === 'value') return `${heading}\n\n${table([[key, node]])}`
  const part = node.kind === 'list' ? node.item : node
  if (part.kind !== 'part') return `${heading}\n\n${purpose(node)}\n\n${table(rowsOf(node, ''))}`
  const kinds = [...part.kinds].map(([type, kind]) => `### \`type: ${type}\`\n\n${table(rowsOf(kind, ''))}`)
  return [heading, `${purpose(node)}${node.kind === 'list' ? ' A list.' : ''}`, ...kinds].join('\n\n')
}

const purpose = (node: OptionNode): string => node.meta?.text.en ?? ''

type Row = readonly [place: string, node: OptionNode]

/** The options below `node`; a mapping within has a row of its own and one for each of its keys. */
function rowsOf(node: OptionNode, at: string): readonly Row[] {
  if (node.kind !== 'mapping') return []
  return [...node.keys].flatMap(([key, inner]) => [[`${at}${key}`, inner] as const, ...rowsOf(inner, `${at}${key}.`)])
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(([place, node]) => {
    const { meta } = node
    if (meta === null) throw new Error(`${place} has no words: make it with a builder of src/lib/option-schema.ts`)
    const secret = meta.isSecret === true ? ' **secret**' : ''
    return `| \`${place}\` | ${defaultOf(node)} | ${cell(meta.allowed.en)} | ${cell(meta.text.en)}${secret} |`
  })
  return ['| key | default | allowed | what it is for |', '| --- | --- | --- | --- |', ...lines].join('\n')
}

function defaultOf(node: OptionNode): string {
  if (node.isRequired) return '(required)'
  const { fallback } = node
  if (fallback === undefined || node.kind === 'mapping') return ''
  return `\`${typeof fallback === 'string' ? fallback : JSON.stringify(fallback)}\``
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

if (import.meta.main) writeFileSync(configurationPagePath, renderConfigurationPage())

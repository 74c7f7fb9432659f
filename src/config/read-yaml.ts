// YAML text as plain data, with the line of everything in it.
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseDocument,
  type YAMLError,
  type YAMLMap,
} from 'yaml'
import type { Text } from '../model/fcscope-error.ts'
import { type ConfigPath, type ConfigProblem, cleanText, pathKey } from './config-problem.ts'

export interface YamlReading {
  /** Null for an empty file. Mappings have no prototype, so that any key is data. */
  readonly value: unknown
  readonly problems: readonly ConfigProblem[]
  /** False when the syntax is wrong; then `value` is null. */
  readonly isReadable: boolean
  /** {@link pathKey}s of what a problem has taken out of `value`. */
  readonly unread: ReadonlySet<string>
  /** The line where `path` stands: of its key or list item; of the nearest thing around it when there is none. */
  readonly lineOf: (path: ConfigPath) => number
}

/** Syntax errors that are looked at; a binary file has one per byte. */
const maxSyntaxProblems = 100

/**
 * Reads one document of YAML 1.2 (core schema). Aliases are refused: nothing in our files needs them, and they are how a
 * short text grows without end. The package bounds the depth of nesting by itself.
 */
export function readYaml(text: string): YamlReading {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    schema: 'core',
    resolveKnownTags: false,
    // The package compares every key with every other; a megabyte of keys would take minutes.
    uniqueKeys: false,
  })
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line)
  const root: ParsedNode | null = document.contents
  const reader = new PlainReader(lineAt)
  // What the package only warns of (unknown tags and directives) is not meant that way either.
  const faults = [...document.errors.slice(0, maxSyntaxProblems), ...document.warnings.slice(0, maxSyntaxProblems)]
  // Of several faults in a line the later ones are mostly consequences, and so is everything behind the end of the document.
  const telling = faults.filter((fault, i) => i === 0 || !fault.message.includes('in YAML stream'))
  const perLine = new Map(telling.toReversed().map(fault => [lineAt(fault.pos[0]), fault]))
  const sourceLines = perLine.size === 0 ? [] : text.split('\n')
  const syntax = [...perLine].map(([line, fault]) => ({
    line,
    path: [],
    text: syntaxText(fault, sourceLines[line - 1] ?? ''),
  }))
  const isReadable = syntax.length === 0
  const value = isReadable ? reader.valueOf(root, []) : null
  return {
    value,
    problems: [...syntax, ...reader.problems],
    isReadable,
    unread: reader.unread,
    lineOf: path => lineAt(offsetOf(root, path)),
  }
}

/** Makes plain data of the tree and collects what YAML allows but we do not. */
class PlainReader {
  readonly problems: ConfigProblem[] = []
  readonly unread = new Set<string>()
  readonly #lineAt: (offset: number) => number

  constructor(lineAt: (offset: number) => number) {
    this.#lineAt = lineAt
  }

  valueOf(node: ParsedNode | null, path: ConfigPath): unknown {
    if (isScalar(node)) return node.value
    if (isMap(node)) return this.#mappingOf(node, path)
    if (isSeq(node)) return node.items.map((item, i) => this.valueOf(item, [...path, i]))
    if (isAlias(node)) {
      // Its name is not told: it can be a password that begins with a star.
      this.#add(node, path, {
        en: 'found an alias (a value that begins with *); allowed: the value itself, in quotes if the * belongs to it',
        zh: '使用了别名（以 * 开头的值）；请直接写出值，若 * 是值的一部分请加引号',
      })
      this.unread.add(pathKey(path))
    }
    return null
  }

  #mappingOf(map: YAMLMap.Parsed, path: ConfigPath): unknown {
    // Typed as a record of unknown values: that is all that is known of it.
    const result: Record<string, unknown> = Object.create(null)
    const keys = new Set<string>()
    for (const { key, value } of map.items) {
      if (!isScalar(key)) {
        this.#add(key, path, {
          en: 'found a key that is a list, a mapping or an alias; allowed: names',
          zh: '键为列表、映射或别名；键只能是名称',
        })
        continue
      }
      const name = String(key.value)
      const place = [...path, name]
      if (keys.has(name)) {
        this.#add(key, place, { en: 'found this key twice; allowed: once', zh: '键重复；只能出现一次' })
      }
      keys.add(name)
      result[name] = this.valueOf(value, place)
    }
    return result
  }

  #add(node: ParsedNode, path: ConfigPath, text: Text): void {
    this.problems.push({ line: this.#lineAt(node.range[0]), path, text })
  }
}

/** Where the last thing on the way along `path` begins that is there. */
function offsetOf(root: ParsedNode | null, path: ConfigPath): number {
  let node: ParsedNode | null = root
  let offset = root?.range[0] ?? 0
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.findLast(({ key }) => isScalar(key) && String(key.value) === step)
      if (pair === undefined) return offset
      offset = pair.key.range[0]
      node = pair.value
    } else if (isSeq(node) && typeof step === 'number') {
      const item: ParsedNode | undefined = node.items[step]
      if (item === undefined) return offset
      offset = item.range[0]
      node = item
    } else {
      return offset
    }
  }
  return offset
}

/** Chinese for the faults that people make; others keep the package's words. */
const chineseFaults: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  BAD_INDENT: '缩进有误，或括号没有闭合',
  TAB_AS_INDENT: '不能用制表符缩进',
  MISSING_CHAR: '缺少字符（引号、冒号、逗号或空格）',
  UNEXPECTED_TOKEN: '出现意外的内容',
  BLOCK_AS_IMPLICIT_KEY: '同一行出现了嵌套的键',
  MULTILINE_IMPLICIT_KEY: '键跨越多行（可能缺少冒号）',
}

/** Faults whose words in the package would puzzle (they speak of its functions) or quote what may be half a password. */
const ownFaults: Readonly<Partial<Record<YAMLError['code'], Text>>> = {
  MULTIPLE_DOCS: { en: 'found a second document; allowed: one', zh: '只允许一个 YAML 文档' },
  RESOURCE_EXHAUSTION: { en: 'found lists or mappings nested too deeply', zh: '嵌套过深' },
  TAG_RESOLVE_FAILED: {
    en: 'found a tag (a value that begins with !); allowed: the value itself, in quotes if the ! belongs to it',
    zh: '使用了标签（以 ! 开头的值）；请直接写出值，若 ! 是值的一部分请加引号',
  },
  BAD_DIRECTIVE: {
    en: 'found an unknown directive (a line that begins with %); allowed: no directive',
    zh: '存在未知的指令（以 % 开头的行）；请删除该行',
  },
  BAD_DQ_ESCAPE: {
    en: 'found an escape that does not exist in a text in double quotes; allowed: \\\\ for a backslash, or single quotes',
    zh: '双引号文本中的转义无效；反斜杠请写作 \\\\，或改用单引号',
  },
}

function syntaxText(fault: YAMLError, line: string): Text {
  const own = ownFaults[fault.code]
  if (own !== undefined) return own
  // Behind the colon of this one stands the piece of the file that was not expected.
  const message = fault.code === 'UNEXPECTED_TOKEN' ? fault.message.split(':', 1).join() : fault.message
  const said = cleanText(message.slice(0, 200))
  const hint = line.includes('${') ? quotesHint : { en: '', zh: '' }
  return {
    en: `found no valid YAML: ${said}${hint.en}`,
    zh: `YAML 语法错误：${chineseFaults[fault.code] ?? said}${hint.zh}`,
  }
}

/** The brace of an expansion is YAML's own where a mapping or list is written in one line. */
const quotesHint: Text = {
  en: `; within { } and [ ] write "\${…}" in quotes`,
  zh: `；在 { } 或 [ ] 内请给 \${…} 加引号`,
}

// Frames of stacks as the runtimes write them (facts/fc-log-formats §4a), and which of them is the function's own code.

/** Where a frame is. Lines and columns are left out: they change with every deployment, and a fault that stays is the same one. */
export interface StackFrame {
  /** Path or name of the file; null where only the function is known. */
  readonly file: string | null
  /** As the runtime names it; null where it does not. */
  readonly function: string | null
  /** False for the runtime's own code and for libraries. */
  readonly isOwn: boolean
  /** Python writes the frame that failed last. */
  readonly isLastFirst: boolean
}

/** A line of a stack is no longer than this, in UTF-16 units. */
export const maxFrameLength = 300

/** Lines of one stack that are looked at. */
const maxLines = 600

// Each pattern is anchored, and its repetitions end with a character that they cannot hold.
const python = /^File "([^"\n]{1,250})", line \d+(?:, in ([^,\n]{1,100}))?/
const go = /^([^\s:]{1,250}\.go):\d+(?: ([^\s+]\S{0,200}))?(?: |$)/
const phpCall = /^#\d+ ([^\s(]{1,250})\(\d+\): ([^(\n]{1,100})/
const place = /^((?:[a-zA-Z]:)?[^\s:]{0,250}\.[a-zA-Z]{1,6}):\d+(?::\d+)?$/

/** Code that comes with the runtime, the system or a package. */
const foreign =
  /node_modules|\bnode:|^internal\/|site-packages|dist-packages|\/usr\/|\/opt\/|\/var\/(?:fc|runtime)\/|\/vendor\/|\/pkg\/mod\/|<frozen |<anonymous>|\[internal/
const foreignFunction =
  /^(?:java|javax|jdk|sun|com\.sun|kotlin|org\.springframework|com\.aliyun\.(?:fc|serverless)|[aA]liyun\.[sS]erverless|System|Microsoft|runtime)\.|^java\.base\//

/** One line of a stack, trimmed; null when it is none. Of a long line the beginning decides. */
export function readFrame(line: string): StackFrame | null {
  const text = line.length > maxFrameLength ? line.slice(0, maxFrameLength) : line
  if (text.startsWith('at ')) return calledFrame(text.slice(3).trim())
  const inPython = python.exec(text)
  if (inPython !== null) return frame(inPython[1] ?? null, inPython[2] ?? null, true)
  const other = go.exec(text) ?? phpCall.exec(text) ?? place.exec(text)
  return other === null ? null : frame(other[1] ?? null, other[2]?.trim() ?? null)
}

/** The line of a stack in which the function's own code failed; null when it has none. At most {@link maxFrameLength}. */
export function ownFrameLine(stack: string): string | null {
  let found: string | null = null
  for (const line of stack.split(/[\r\n]/, maxLines)) {
    const trimmed = cut(line.trim())
    const read = readFrame(trimmed)
    if (read === null || !read.isOwn) continue
    if (!read.isLastFirst) return found ?? trimmed
    found = trimmed
  }
  return found
}

/** Node, Java and .NET: `at f (file:1:2)`, `at file:1:2`, `at a.b.C.f(C.java:1)`, `at A.B.f(String s) in /src/B.cs:line 1`. */
function calledFrame(text: string): StackFrame | null {
  const dotnet = text.lastIndexOf(' in ')
  if (dotnet > 0 && /:line \d+$/.test(text)) {
    return frame(
      text.slice(dotnet + 4, text.lastIndexOf(':line ')),
      callee(text.slice(0, text.indexOf('(') + 1 || dotnet)),
    )
  }
  const bracket = text.lastIndexOf('(')
  if (bracket < 0 || !text.endsWith(')')) return placed(text)
  const name = callee(text.slice(0, bracket))
  // Without a place only a name with dots tells a frame from a sentence.
  return (
    placed(text.slice(bracket + 1, -1), name) ??
    (name !== null && /^[^\s.]+\.\S+$/.test(name) ? frame(null, name) : null)
  )
}

/** A place with its line; null for what is none. */
function placed(text: string, name: string | null = null): StackFrame | null {
  const file = text.replace(/:\d+(?::\d+)?$/, '')
  return file === text ? null : frame(file, name)
}

const callee = (text: string): string | null => {
  const name = text
    .replace(/^(?:async |new )/, '')
    .replace(/\($/, '')
    .trim()
  return name === '' ? null : name
}

function frame(file: string | null, name: string | null, isLastFirst = false): StackFrame {
  const isForeign = (file !== null && foreign.test(file)) || (name !== null && foreignFunction.test(name))
  return { file, function: name, isOwn: !isForeign, isLastFirst }
}

/** A cut in the middle of a pair would leave half a character. */
function cut(line: string): string {
  if (line.length <= maxFrameLength) return line
  const last = line.charCodeAt(maxFrameLength - 1)
  return line.slice(0, last >= 0xd800 && last <= 0xdbff ? maxFrameLength - 1 : maxFrameLength)
}

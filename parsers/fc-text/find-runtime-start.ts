// Hot path: `FunctionCompute <name> runtime inited.` (facts/fc-log-formats §1, "Runtime-start lines").

import { byteClass, tokenBit } from '../shared/byte-classes.ts'
import { asciiBytes, matchesAt } from '../shared/match-bytes.ts'

const opening = asciiBytes('FunctionCompute ')
const inited = asciiBytes(' runtime inited')
// A slip that some runtimes make.
const initied = asciiBytes(' runtime initied')

/** True when a runtime tells at `at` that it has started. Names have dots: `dotnetcore3.1`. */
export function isRuntimeStart(buf: Uint8Array, at: number, end: number): boolean {
  if (!matchesAt(buf, at, end, opening)) return false
  let p = at + opening.length
  while (p < end && ((byteClass[buf[p]!]! & tokenBit) !== 0 || buf[p] === 46)) p++
  const word = matchesAt(buf, p, end, inited) ? inited : initied
  const behind = p + word.length
  return matchesAt(buf, p, end, word) && behind < end && (buf[behind] === 46 || buf[behind] === 33)
}

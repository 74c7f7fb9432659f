// The paths that a file source follows: names and patterns from the configuration, expanded to what is there.
import { globSync, lstatSync } from 'node:fs'
import { basename, isAbsolute, matchesGlob, normalize } from 'node:path'

/** What a look at the folders found. */
export interface Listing {
  /** Every path once, in order. */
  readonly paths: readonly string[]
  /** Names without pattern characters where nothing is. */
  readonly missing: readonly string[]
}

const maxRemembered = 100_000
const patternCharacters = /[*?[\]{}!()+@]/

export class PathPatterns {
  readonly #paths: readonly string[]
  readonly #exclude: readonly string[]
  /** Patterns are compiled anew at each question, which is asked of every path again and again. */
  readonly #isExcluded = new Map<string, boolean>()

  constructor(paths: readonly string[], exclude: readonly string[]) {
    this.#paths = paths
    this.#exclude = exclude
  }

  get count(): number {
    return this.#paths.length
  }

  /** Looks at the folders now. Folders that cannot be read count as empty, links that lead nowhere and folders are listed. */
  expand(): Listing {
    const found = new Set<string>()
    const missing: string[] = []
    for (const path of this.#paths) {
      // A file may be called `app[1].log`: what is there by its very name is meant by it.
      if (isThere(path)) this.#add(found, path)
      else if (!patternCharacters.test(path)) missing.push(path)
      else for (const match of matchesOf(path)) this.#add(found, match)
    }
    // In order, so that the same files are followed each time when there are too many.
    return { paths: [...found].sort(), missing }
  }

  isExcluded(path: string): boolean {
    if (this.#exclude.length === 0) return false
    const known = this.#isExcluded.get(path)
    if (known !== undefined) return known
    const isExcluded = this.#exclude.some(pattern => isMatch(path, pattern))
    if (this.#isExcluded.size >= maxRemembered) this.#isExcluded.clear()
    this.#isExcluded.set(path, isExcluded)
    return isExcluded
  }

  #add(found: Set<string>, match: string): void {
    const path = normalize(match)
    if (!this.isExcluded(path)) found.add(path)
  }
}

/** A pattern without a slash is one of names, in every folder; another relative one may begin at any folder. */
function isMatch(path: string, pattern: string): boolean {
  if (!pattern.includes('/')) return matchesGlob(basename(path), pattern)
  return matchesGlob(path, isAbsolute(pattern) ? pattern : `**/${pattern}`)
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    // A folder that may not be entered: whoever opens the path learns that, and says so.
    return !patternCharacters.test(path)
  }
}

function matchesOf(pattern: string): readonly string[] {
  try {
    return globSync(pattern)
  } catch {
    // Folders vanish while they are read; the next look comes soon.
    return []
  }
}

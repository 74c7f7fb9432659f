// Files beside a followed one whose names say that rotation made them of it.
import { basename, dirname, join } from 'node:path'
import { keyOf } from './followed-file.ts'
import { isRotationOf, rotationRoot } from './rotated-name.ts'
import { namesIn, statPath } from './system-calls.ts'

export interface Sibling {
  readonly path: string
  readonly key: string
  readonly mtimeNs: bigint
}

/** As many files are asked for their times. */
const maxSiblings = 1000

/** Folders as they are now, each read once: for a look that concerns many files. */
export class Siblings {
  readonly #folders = new Map<string, ReadonlyMap<string, readonly string[]>>()
  readonly #all = new Map<string, readonly Sibling[]>()

  /** Rotations of a file, newest first. */
  rotationsOf(path: string): readonly Sibling[] {
    const names = this.#namesLike(path).filter(name => isRotationOf(path, name))
    return names
      .slice(-maxSiblings)
      .map(siblingAt)
      .filter(sibling => sibling !== null)
      .sort((a, b) => (a.mtimeNs < b.mtimeNs ? 1 : -1))
  }

  /** The file with this device and inode in the folder of `path`, whatever it is called; null when it is not found. */
  withKey(path: string, key: string): Sibling | null {
    const folder = dirname(path)
    let all = this.#all.get(folder)
    if (all === undefined) {
      const paths = namesIn(folder)
        .slice(0, maxSiblings)
        .map(name => join(folder, name))
      all = paths.map(siblingAt).filter(sibling => sibling !== null)
      this.#all.set(folder, all)
    }
    return all.find(sibling => sibling.key === key) ?? null
  }

  #namesLike(path: string): readonly string[] {
    const folder = dirname(path)
    let roots = this.#folders.get(folder)
    if (roots === undefined) {
      roots = Map.groupBy(namesIn(folder), rotationRoot)
      this.#folders.set(folder, roots)
    }
    return (roots.get(rotationRoot(basename(path))) ?? []).map(name => join(folder, name))
  }
}

function siblingAt(path: string): Sibling | null {
  const found = statPath(path)
  if (found.kind !== 'file') return null
  return { path, key: keyOf(found.stats), mtimeNs: found.stats.mtimeNs }
}

import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Source } from '../../../src/model/source.ts'
import { createFileSource, fileSource } from '../../../src/sources/file/file-source.ts'
import type { FollowSource } from '../../../src/sources/file/follow-source.ts'
import { sourceContract } from '../shared/source-contract.ts'
import type { SourceRig } from '../shared/source-rig.ts'
import { SourceWorld } from '../shared/source-world.ts'

/** One file that grows; the disk is looked at after each write. */
class FileRig implements SourceRig {
  readonly world = new SourceWorld()
  readonly end = null
  readonly #folder = join(this.world.folder, 'logs')
  readonly #sources: FollowSource[] = []

  constructor() {
    mkdirSync(this.#folder)
  }

  open({ once = false } = {}): Source {
    if (once) appendFileSync(this.#path, '')
    const options = fileSource.options.parse({ paths: [this.#path] })
    const source = createFileSource(options, this.world.deps(once), { hasTimer: false })
    this.#sources.push(source)
    return source
  }

  get #path(): string {
    return join(this.#folder, 'app.log')
  }

  async write(text: string): Promise<void> {
    appendFileSync(this.#path, text, 'latin1')
    // A new file is found by a look at the folder, which comes every second.
    this.world.nowMs += 1100
    this.#sources.at(-1)?.poll()
  }

  async close(): Promise<void> {
    await Promise.all(this.#sources.map(source => source.stop()))
    this.world.remove()
  }
}

sourceContract('file', async () => new FileRig(), {
  'gives the last line without a line end as the last':
    'more files may come at any time; follow-rotation.test.ts has it',
})

// A folder with configurations of `fcscope route`, and the processes that were started there.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RouteProcess } from './route-process.ts'

export class RouteStage {
  readonly folder = mkdtempSync(join(tmpdir(), 'fcscope-route-'))
  readonly #processes: RouteProcess[] = []

  path(name: string): string {
    return join(this.folder, name)
  }

  /** `name` is the configuration's; each has a state of its own. JSON is YAML. */
  start(name: string, sections: Readonly<Record<string, unknown>>, words: readonly string[] = []): RouteProcess {
    const file = `${name}.yaml`
    const places = { state: { path: `${name}-state` }, deadLetters: { path: `${name}-letters` } }
    writeFileSync(this.path(file), JSON.stringify({ metrics: { listen: '127.0.0.1:0' }, ...places, ...sections }))
    const process = new RouteProcess({ folder: this.folder, words: ['-c', file, ...words] })
    this.#processes.push(process)
    return process
  }

  /** All that was said, for a test that has failed. */
  get said(): string {
    return this.#processes.map(({ stderr }) => stderr).join('\n')
  }

  async end(): Promise<void> {
    await Promise.all(this.#processes.map(each => each.kill()))
    rmSync(this.folder, { recursive: true, force: true })
  }
}

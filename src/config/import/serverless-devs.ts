// Functions of an s.yaml of Serverless Devs: the component fc3 (`resources`, edition 3), and the older fc (`services`).
import { configError, pathKey, quote } from '../config-problem.ts'
import { isMapping } from '../option-tree.ts'
import { readYaml } from '../read-yaml.ts'
import { type FoundFunction, Unexpanded } from './found-function.ts'
import { isPlainInstance } from './gpu-series.ts'
import type { ImportNote, NoteKind } from './import-note.ts'
import { alreadyOurs, noFunctions, type SourceReading } from './source-reading.ts'
import { Vars } from './vars.ts'

type Mapping = Readonly<Record<string, unknown>>

/** Names that Serverless Devs takes for a component: `fc3`, `devsapp/fc3`, `fc3@0.1.2`. */
const componentForm = /^(?:devsapp\/)?(fc3?)(?:@.*)?$/

/** `text` is YAML. Fails with `FCS_CONFIG_INVALID` and, where there is one, the line. */
export function readServerlessDevs(file: string, text: string): SourceReading {
  const reading = readYaml(text)
  const isAlias = ({ path }: { path: readonly (string | number)[] }): boolean => reading.unread.has(pathKey(path))
  const faults = reading.problems.filter(problem => !isAlias(problem))
  if (faults.length > 0) throw configError(file, faults)
  const { value } = reading
  if (!isMapping(value)) throw noFunctions(file)
  const resources = [value['resources'], value['services']].flatMap(part =>
    isMapping(part) ? Object.entries(part) : [],
  )
  if (resources.length === 0) throw Array.isArray(value['functions']) ? alreadyOurs(file) : noFunctions(file)
  const reader = new ResourceReader(new Vars(value['vars']))
  for (const [name, resource] of resources) reader.read(name, resource)
  const aliases = reading.problems.filter(isAlias).map(() => note('aliases', file))
  const extended = value['extend'] === undefined ? [] : [note('inherited', file)]
  return { format: 'serverlessDevs', functions: reader.functions, notes: [...aliases, ...extended, ...reader.notes] }
}

const note = (kind: NoteKind, of: string, found: string | null = null): ImportNote => ({
  kind,
  field: null,
  of,
  found: found === null ? null : quote(found),
})

class ResourceReader {
  readonly functions: FoundFunction[] = []
  readonly notes: ImportNote[] = []
  readonly #vars: Vars

  constructor(vars: Vars) {
    this.#vars = vars
  }

  read(name: string, resource: unknown): void {
    const of = isMapping(resource) ? resource : {}
    if (of['extend'] !== undefined) this.notes.push(note('inherited', name))
    const component = this.#vars.expand(of['component'])
    if (typeof component !== 'string') {
      this.notes.push(note('unknownComponent', name, component instanceof Unexpanded ? component.source : null))
      return
    }
    const [, kind] = componentForm.exec(component) ?? []
    const props = this.#part(of['props'])
    if (kind === 'fc3') this.functions.push(this.#fc3(name, props))
    else if (kind === 'fc') this.functions.push(this.#fc(name, props))
    else this.notes.push(note('noFunction', name, component))
  }

  #fc3(place: string, props: Part): FoundFunction {
    const gpu = this.#part(props.of('gpuConfig'))
    return {
      place,
      generation: 3,
      functionName: props.of('functionName'),
      serviceName: null,
      region: props.of('region'),
      sizes: sizesOf(props),
      gpuType: gpu.of('gpuType'),
      gpuMemoryMB: gpu.of('gpuMemorySize'),
    }
  }

  #fc(place: string, props: Part): FoundFunction {
    const service = this.#part(props.of('service'))
    const of = this.#part(props.of('function'))
    const instanceType = of.of('instanceType')
    return {
      place,
      generation: 2,
      functionName: of.of('name'),
      // A service without a name would make an entry for every service.
      serviceName: service.of('name') ?? new Unexpanded('service.name'),
      region: props.of('region'),
      sizes: sizesOf(of),
      gpuType: isPlainInstance(instanceType) ? null : instanceType,
      gpuMemoryMB: of.of('gpuMemorySize'),
    }
  }

  #part(value: unknown): Part {
    return new Part(this.#vars.expand(value), this.#vars)
  }
}

/** A mapping whose values are expanded where they are asked for. What one that is not known holds is not known either. */
class Part {
  readonly #values: Mapping
  readonly #unexpanded: Unexpanded | null
  readonly #vars: Vars

  constructor(value: unknown, vars: Vars) {
    this.#values = isMapping(value) ? value : {}
    this.#unexpanded = value instanceof Unexpanded ? value : null
    this.#vars = vars
  }

  of(key: string): unknown {
    return this.#unexpanded ?? this.#vars.expand(Object.hasOwn(this.#values, key) ? this.#values[key] : null)
  }
}

const sizesOf = (of: Part): FoundFunction['sizes'] => ({
  vCPU: of.of('cpu'),
  memoryMB: of.of('memorySize'),
  diskMB: of.of('diskSize'),
  instanceConcurrency: of.of('instanceConcurrency'),
  timeoutSeconds: of.of('timeout'),
})

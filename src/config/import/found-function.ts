// What a file of somebody else's says of a function, before anything of it is checked.
import type { FunctionConfig } from '../../model/function-config.ts'

/** Keys of functions.yaml that are taken over as they are found. */
export const sizeFields = ['vCPU', 'memoryMB', 'diskMB', 'instanceConcurrency', 'timeoutSeconds'] as const
export type SizeField = (typeof sizeFields)[number]

/** A function as it will stand in functions.yaml; null is what nobody said. */
export type ImportedFunction = Pick<FunctionConfig, 'functionName' | 'serviceName' | 'region' | 'gpu' | SizeField>

/** A value that only the tool which the file is for could tell. */
export class Unexpanded {
  /** As it stands in the file: `${env('MEMORY')}`. */
  readonly source: string

  constructor(source: string) {
    this.source = source
  }
}

/** One function. Its values can be anything, {@link Unexpanded} among it; null and undefined are values that are not there. */
export interface FoundFunction {
  /** Where it stands in its file: `functions[3]`, `fcDemo`. */
  readonly place: string
  /** FC 2.0 has services; a name of FC 3.0 can hold one as well (`service$function`). */
  readonly generation: 2 | 3
  readonly functionName: unknown
  readonly serviceName: unknown
  readonly region: unknown
  readonly sizes: Readonly<Record<SizeField, unknown>>
  /** As the platform names it: `fc.gpu.tesla.1`. */
  readonly gpuType: unknown
  readonly gpuMemoryMB: unknown
}

/** Functions of one run, over all files. More would not fit into a functions.yaml of 1 MiB. */
export const maxFunctions = 20_000

// A WebAssembly kernel, bound to the memory that it works in.
import type { LinearMemory } from './linear-memory.ts'

/**
 * The exports of a module that scripts/build-kernels.ts compiled, whose text imports its memory as `[name].memory`. Their types are
 * those of the text, which the compiler cannot see: the caller says them.
 */
export function instantiateKernel<Exports>(base64: string, name: string, { memory }: LinearMemory): Exports {
  const module = new WebAssembly.Module(Buffer.from(base64, 'base64'))
  return new WebAssembly.Instance(module, { [name]: { memory } }).exports as unknown as Exports
}

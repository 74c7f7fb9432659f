// The way from a kernel's .wat to the .ts that carries its bytes, for the build script and for the test that compares them.
import wabt from 'wabt'

/** All kernels: path without `.wat`, from the project's root. */
export const kernels = [
  'src/lib/line-scan/line-scan',
  'src/reconstruct/ordinary-lines/ordinary-lines',
  'src/sources/sls/decode/group-rows/group-rows',
  'src/sources/sls/decode/lz4/lz4-sequences',
  'parsers/shared/flat-scan/flat-scan',
] as const

/** Compiles WebAssembly text to a module; throws when it is not valid. */
export async function compileKernel(kernel: string, text: string): Promise<Uint8Array> {
  const module = (await wabt()).parseWat(`${kernel}.wat`, text)
  module.validate()
  return module.toBinary({}).buffer
}

/** The source file that carries the module. */
export function kernelModuleText(kernel: string, bytes: Uint8Array): string {
  const file = kernel.slice(kernel.lastIndexOf('/') + 1)
  const name = file.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  const base64 = Buffer.from(bytes).toString('base64')
  return `// Generated from ${file}.wat by scripts/build-kernels.ts; do not edit.\n\nexport const ${name}Base64 =\n  '${base64}'\n`
}

// Compiles the WebAssembly kernels into the modules beside them. Run after every change of a .wat file;
// test/lib/kernels.test.ts fails when a module is not what its text compiles to.
import { readFileSync, writeFileSync } from 'node:fs'
import { compileKernel, kernelModuleText, kernels } from './compile-kernel.ts'

const project = new URL('../', import.meta.url)
for (const kernel of kernels) {
  const text = readFileSync(new URL(`${kernel}.wat`, project), 'utf8')
  writeFileSync(new URL(`${kernel}-bytes.ts`, project), kernelModuleText(kernel, await compileKernel(kernel, text)))
}

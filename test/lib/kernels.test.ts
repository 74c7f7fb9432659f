import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { compileKernel, kernelModuleText, kernels } from '../../scripts/compile-kernel.ts'

const project = new URL('../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, project), 'utf8')

for (const kernel of kernels) {
  test(`${kernel}: the module is what the text compiles to (node scripts/build-kernels.ts)`, async () => {
    const bytes = await compileKernel(kernel, read(`${kernel}.wat`))
    assert.equal(read(`${kernel}-bytes.ts`), kernelModuleText(kernel, bytes))
  })
}

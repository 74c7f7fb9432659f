// Compiles src/lib/line-scan/line-scan.wat into the module beside it. Run after every change of the .wat;
// test/lib/line-scan.test.ts fails when the two differ.
import { readFileSync, writeFileSync } from 'node:fs'
import { compileLineScan, lineScanModuleText } from './compile-line-scan.ts'

const folder = new URL('../src/lib/line-scan/', import.meta.url)
const bytes = await compileLineScan(readFileSync(new URL('line-scan.wat', folder), 'utf8'))
writeFileSync(new URL('line-scan-bytes.ts', folder), lineScanModuleText(bytes))

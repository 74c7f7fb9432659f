// The way from line-scan.wat to line-scan-bytes.ts, for the build script and for the test that compares them.
import wabt from 'wabt'

/** Compiles WebAssembly text to a module. */
export async function compileLineScan(text: string): Promise<Uint8Array> {
  const module = (await wabt()).parseWat('line-scan.wat', text)
  return module.toBinary({}).buffer
}

/** The source file that carries the module. */
export function lineScanModuleText(bytes: Uint8Array): string {
  const base64 = Buffer.from(bytes).toString('base64')
  return `// Generated from line-scan.wat by scripts/build-line-scan.ts; do not edit.\n\nexport const lineScanBase64 =\n  '${base64}'\n`
}

// Certificates and keys of a backend's connection, read from their files.
import { readFileSync } from 'node:fs'
import { FcscopeError } from '../../model/fcscope-error.ts'
import { systemCode } from '../../model/system-code.ts'
import type { OtlpConnection } from './otlp-options.ts'

export interface TlsFiles {
  readonly ca: Buffer | undefined
  readonly cert: Buffer | undefined
  readonly key: Buffer | undefined
}

/** `section`: of the configuration. Fails with `FCS_CONFIG_INVALID` when one cannot be read. */
export const readTlsFiles = (section: string, { tls }: OtlpConnection): TlsFiles => ({
  ca: readOne(`${section}.tls.caFile`, tls?.caFile),
  cert: readOne(`${section}.tls.certFile`, tls?.certFile),
  key: readOne(`${section}.tls.keyFile`, tls?.keyFile),
})

function readOne(key: string, path: string | undefined): Buffer | undefined {
  if (path === undefined) return undefined
  try {
    return readFileSync(path)
  } catch (cause) {
    const code = systemCode(cause)
    throw new FcscopeError(
      'FCS_CONFIG_INVALID',
      {
        en: `the file of ${key} cannot be read (${code}). Check the path and who may read it.`,
        zh: `无法读取 ${key} 指定的文件（${code}）。请检查路径和读取权限。`,
      },
      { cause },
    )
  }
}

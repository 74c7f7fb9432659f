// The bytes of a bill as UTF-8: Excel and old exports write GB18030 (which has GBK and GB2312 in it) or UTF-16.
import { isUtf8 } from 'node:buffer'
import { billFault } from './bill-fault.ts'

const startsWith = (bytes: Uint8Array, ...mark: readonly number[]): boolean =>
  mark.every((byte, i) => bytes[i] === byte)

/** What must be unpacked first: a zip archive, which an Excel workbook is as well. */
const isZip = (bytes: Uint8Array): boolean => startsWith(bytes, 0x50, 0x4b, 0x03, 0x04)

/** UTF-8 without a byte order mark. Fails with `FCS_INPUT_CORRUPT` for what is no text. */
export function decodeBill(bytes: Uint8Array, name: string): Buffer {
  if (isZip(bytes)) {
    throw billFault(name, {
      en: 'found a zip archive or an Excel workbook; unpack it, or save it as CSV',
      zh: '这是 zip 压缩包或 Excel 工作簿，请先解压或另存为 CSV',
    })
  }
  if (startsWith(bytes, 0xff, 0xfe)) return recoded(bytes, 'utf-16le')
  const plain = startsWith(bytes, 0xef, 0xbb, 0xbf) ? bytes.subarray(3) : bytes
  if (isUtf8(plain)) return Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength)
  try {
    return recoded(bytes, 'gb18030')
  } catch (cause) {
    throw billFault(name, {
      en: `found neither UTF-8 nor GB18030 text (${cause instanceof Error ? cause.name : 'damaged'}); get the file again`,
      zh: '既不是 UTF-8 也不是 GB18030 文本，请重新下载文件',
    })
  }
}

const recoded = (bytes: Uint8Array, encoding: string): Buffer =>
  Buffer.from(new TextDecoder(encoding, { fatal: true }).decode(bytes))

/** True for text that is JSON, if it is anything: bills of the console begin with a header. */
export function looksLikeJson(text: Buffer): boolean {
  const first = text.subarray(0, 1024).toString('latin1').trimStart()
  return first.startsWith('{') || first.startsWith('[')
}

// What is said about the source for standard input.
import type { Log } from '../log.ts'

export const stdinEnded = (log: Log, fields: { source: string; bytes: number }): void =>
  log.write('info', 'stdinEnded', { en: 'Standard input has ended.', zh: '标准输入已结束。' }, fields)

/** Everything before the fault was taken. `code` is one of ours or the system's. */
export const stdinFailed = (log: Log, fields: { source: string; code: string; reason: string }): void =>
  log.write(
    'error',
    'stdinFailed',
    {
      en: 'Standard input cannot be read any further; everything before the fault was taken.',
      zh: '标准输入无法继续读取，故障之前的内容均已接收。',
    },
    fields,
  )

/** The end of the program comes first: what could not be written down until then is lost. */
export const stdinBytesLost = (log: Log, fields: { source: string; bytes: number; code: string }): void =>
  log.write(
    'error',
    'stdinBytesLost',
    {
      en: 'Bytes that were read from standard input could not be written to the write-ahead log before the stop and are lost.',
      zh: '停止之前，已从标准输入读取的部分字节未能写入预写日志，现已丢失。',
    },
    fields,
  )

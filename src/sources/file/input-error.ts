// What is said about an input that cannot be read, in both languages.
import { FcscopeError } from '../../model/fcscope-error.ts'

/** An input that cannot be opened or read: `cause` is what the operating system said. */
export function inputError(name: string, cause: unknown): FcscopeError {
  const code = systemCode(cause)
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new FcscopeError(
      'FCS_INPUT_MISSING',
      { en: `${name}: no such file. Check the path.`, zh: `${name}：文件不存在，请检查路径。` },
      { cause },
    )
  }
  const text = unreadable[code]?.(name) ?? {
    en: `${label(name).en}: cannot be read (${code}). Check the file and its disk.`,
    zh: `${label(name).zh}：无法读取（${code}），请检查文件及其磁盘。`,
  }
  return new FcscopeError('FCS_INPUT_UNREADABLE', text, { cause })
}

/** A compressed input that breaks off or is damaged at byte `offset` of what is stored. */
export function corruptInput(input: {
  name: string
  offset: number
  format: string
  reason: CorruptReason
  cause?: unknown
}): FcscopeError {
  const { name, offset, format, reason, cause } = input
  return new FcscopeError(
    'FCS_INPUT_CORRUPT',
    {
      en: `${label(name).en}: ${format} data ${corruptTexts[reason].en} at byte ${offset}; everything before it was read. Get the file again.`,
      zh: `${label(name).zh}：${format} 数据在第 ${offset} 字节处${corruptTexts[reason].zh}，之前的内容均已读取，请重新获取该文件。`,
    },
    { cause },
  )
}

const corruptTexts = {
  truncated: { en: 'breaks off', zh: '中断' },
  damaged: { en: 'is damaged', zh: '损坏' },
  checksum: { en: 'does not match its checksum', zh: '与校验和不符' },
  window: {
    en: 'needs more than 128 MiB of memory (zstd --long; pipe it through zstd -d)',
    zh: '解压所需内存超过 128 MiB（zstd --long，请先用 zstd -d 解压）',
  },
  trailing: { en: 'is followed by something else', zh: '之后还有其他内容' },
} as const
export type CorruptReason = keyof typeof corruptTexts

const unreadable: Readonly<Record<string, (name: string) => { en: string; zh: string }>> = {
  EISDIR: name => ({
    en: `${name}: is a directory. Name the files in it.`,
    zh: `${name}：是目录，请指定其中的文件。`,
  }),
  EACCES: name => ({
    en: `${name}: permission denied. Make it readable for this user.`,
    zh: `${name}：没有读取权限，请为当前用户开放读取权限。`,
  }),
}

const label = (name: string): { en: string; zh: string } =>
  name === '-' ? { en: 'standard input', zh: '标准输入' } : { en: name, zh: name }

const systemCode = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'EIO'

// What file sources say about what they do.
import type { FcscopeError } from '../../model/fcscope-error.ts'
import type { Log } from '../log.ts'

/** A source by its name, and one of its paths. */
interface AtPath {
  readonly source: string
  readonly path: string
}

export const nothingMatches = (log: Log, e: { source: string; patterns: number }): void =>
  log.write(
    'warn',
    'nothingMatches',
    {
      en: 'No file matches the paths yet; they are looked at again and again.',
      zh: '暂无文件匹配所给路径，将持续查找。',
    },
    { ...e },
  )

export const fileFollowed = (log: Log, e: AtPath & { streamId: string; position: number }): void =>
  log.write('debug', 'fileFollowed', { en: 'A file is followed.', zh: '开始跟踪文件。' }, { ...e })

/** `isReplaced`: another file is there now. */
export const fileRotated = (log: Log, e: AtPath & { isReplaced: boolean }): void =>
  log.write(
    'info',
    'fileRotated',
    e.isReplaced
      ? {
          en: 'Another file took the place of a followed one, which is read to its end.',
          zh: '所跟踪的文件已被替换，旧文件将读到末尾。',
        }
      : {
          en: 'A followed file was renamed or deleted, and is read to its end.',
          zh: '所跟踪的文件已改名或删除，将读到末尾。',
        },
    { ...e },
  )

/** `position`: from there on the copy is read. */
export const copyTakenOver = (log: Log, e: AtPath & { copy: string; position: number }): void =>
  log.write(
    'info',
    'copyTakenOver',
    {
      en: 'A file was truncated or is gone; the rest of what it held is read from its copy.',
      zh: '文件被截断或已消失，其余内容从副本继续读取。',
    },
    { ...e },
  )

/** `missingBytes`: unread ones that are known to have been there; null when nobody knows. */
export const contentLost = (log: Log, e: AtPath & { position: number; missingBytes: number | null }): void =>
  log.write(
    'warn',
    'contentLost',
    {
      en: 'A file was truncated, replaced or deleted, and no copy was found; lines behind the position may be missing. Rotate by renaming, or keep the copy.',
      zh: '文件被截断、替换或删除，且未找到副本；该位置之后的行可能丢失。请改用重命名方式轮转，或保留副本。',
    },
    { ...e },
  )

export const copyRecognised = (log: Log, e: AtPath & { streamId: string; original: string }): void =>
  log.write(
    'info',
    'copyRecognised',
    { en: 'A file is a copy of another, and is not read a second time.', zh: '文件是另一文件的副本，不会重复读取。' },
    { ...e },
  )

/** `code`: the system's, or `NOT_A_FILE`. */
export const fileTroubled = (log: Log, e: AtPath & { code: string }): void =>
  log.write(
    'warn',
    'fileTroubled',
    {
      en: 'A path cannot be followed for now; it is tried again.',
      zh: '路径暂时无法跟踪，将继续重试。',
    },
    { ...e },
  )

export const fileRecovered = (log: Log, e: AtPath): void =>
  log.write('info', 'fileRecovered', { en: 'A path can be followed again.', zh: '路径已恢复跟踪。' }, { ...e })

/** `refused`: files that match and have no room. */
export const filesRefused = (log: Log, e: { source: string; maxFiles: number; refused: number }): void =>
  log.write(
    'error',
    'filesRefused',
    {
      en: 'More files match than may be followed; the others wait until some are gone. Raise maxFiles, or name fewer files.',
      zh: '匹配的文件超过允许跟踪的数量，其余文件需等待。请提高 maxFiles，或减少匹配的文件。',
    },
    { ...e },
  )

/** `count`: since it was said last. */
export const streamsForgotten = (log: Log, e: { source: string; count: number }): void =>
  log.write(
    'warn',
    'streamsForgotten',
    {
      en: 'Files that are gone were forgotten to make room; a copy that comes now would be read again.',
      zh: '为腾出空间，已遗忘部分消失的文件；此后出现的副本会被重新读取。',
    },
    { ...e },
  )

export const archiveBroken = (log: Log, e: AtPath & { failure: FcscopeError }): void =>
  log.write('warn', 'archiveBroken', e.failure.text, { source: e.source, path: e.path, code: e.failure.code })

export const memoUnreadable = (log: Log, e: { source: string; streamId: string }): void =>
  log.write(
    'warn',
    'memoUnreadable',
    {
      en: 'What was stored of a file cannot be understood; the file is read as a new one.',
      zh: '无法识别已保存的文件状态，该文件将按新文件读取。',
    },
    { ...e },
  )

export const scanSlow = (log: Log, e: { source: string; passedMs: number; paths: number }): void =>
  log.write(
    'warn',
    'scanSlow',
    {
      en: 'Looking for files takes long, so new ones are found later. Name fewer folders.',
      zh: '查找文件耗时过长，发现新文件会有延迟。请减少所匹配的目录。',
    },
    { ...e },
  )

// Signs of files that cannot be run, which several rules of start failures weigh against each other.
import type { Failure } from './cause-rule.ts'
import { quote } from './failure-texts.ts'

const formatError = /exec format error/i
const architecture = /\b(?:arm64|aarch64|armv[78]|amd64|x86[_-]64|ELF)\b/
const wrongPlatform =
  /cannot execute binary file|no matching manifest for linux|platform of image is unknown|does not match the (?:specified|detected)[^\n]{0,40}platform|wrong ELF class|invalid ELF header/i
const missingFile =
  /is not exist\b|does not exist|no such file|command not found|: not found|can't open file|cannot open file|Unable to access jarfile|[Mm]issing script|NotExist/i

/** The quote that says that a file is no program this system can run. */
export const formatErrorQuote = ({ texts }: Failure): string | undefined => quote(texts.all, formatError)
/** The quote that names a processor or a binary format. */
export const architectureQuote = ({ texts }: Failure): string | undefined => quote(texts.all, architecture)
/** The quote that says that a program or image is for another platform. */
export const wrongPlatformQuote = ({ texts }: Failure): string | undefined => quote(texts.all, wrongPlatform)
/** The quote that says that a file, command or script is not there. */
export const missingFileQuote = ({ texts }: Failure): string | undefined => quote(texts.all, missingFile)

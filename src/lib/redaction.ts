// Masks what must not leave with a text: secrets and what identifies people. Rules for the obvious only, in one list.

/** What stands in the place of what was masked. */
export const mask = '***'

interface Rule {
  /** What it finds, for documentation and tests. */
  readonly name: string
  /** Must be safe on any text: nothing in it may go over the same characters again and again. */
  readonly pattern: RegExp
  /** What is left; `$1` is what may stay. */
  readonly keep: string
}

/** Not within an id, a number, a path: neither a letter, a digit, `_` nor `-` or `.` beside it. */
const before = String.raw`(?<![\w.-])`
const behind = String.raw`(?![\w-]|\.\d)`

/** A name behind which a secret stands, with what separates the two: `"password": "…"`, `token=…`, `\"apiKey\":\"…\"`, `密码：…`. */
const secretName = `(?:pass(?:word|wd|phrase)|pwd|secret|token|api[_-]?key|access[_-]?key(?:[_-]?(?:id|secret))?|signature|密码|口令|密钥)`
const separator = String.raw`\w{0,16}(?:\\{0,2}["'])?\s{0,3}[:=：]\s{0,3}(?:\\{0,2}["'])?`
/** Up to the closing quote, or a word of some length. */
const secretValue = String.raw`(?:(?<=["'])[^"'\\]{1,4096}|[^\s"'\\,;&}\])]{4,4096})`

/** In this order: what one rule masks the later ones do not see. */
export const redactionRules: readonly Rule[] = [
  {
    name: 'private key',
    pattern: /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g,
    keep: mask,
  },
  {
    name: 'JSON Web Token',
    pattern: /\beyJ[\w-]{5,4096}\.[\w-]{5,8192}(?:\.[\w-]{0,4096})?/g,
    keep: mask,
  },
  {
    name: 'authorization header',
    pattern: /\b(Bearer|Basic|Digest)(\s{1,3})[\w.~+/=:-]{6,8192}/gi,
    keep: `$1$2${mask}`,
  },
  {
    name: 'cookie',
    pattern: /\b((?:set-)?cookie(?:\\{0,2}["'])?\s{0,3}[:=]\s{0,3})[^\r\n]{1,8192}/gi,
    keep: `$1${mask}`,
  },
  {
    name: 'password in an address',
    pattern: /(\b[a-z][a-z0-9+.-]{1,30}:\/\/[^\s/:@'"]{0,256}:)[^\s/@'"]{1,256}(?=@)/gi,
    keep: `$1${mask}`,
  },
  {
    name: 'access key of a cloud',
    pattern:
      /\b(?:LTAI[0-9A-Za-z]{12,30}|STS\.[0-9A-Za-z]{10,64}|A(?:KIA|SIA)[0-9A-Z]{16}|gh[pousr]_[0-9A-Za-z]{20,255}|sk-[\w-]{20,200})/g,
    keep: mask,
  },
  {
    name: 'named secret',
    pattern: new RegExp(`(${secretName}${separator})${secretValue}`, 'gi'),
    keep: `$1${mask}`,
  },
  {
    name: 'e-mail address',
    pattern: /[\w.%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/gi,
    keep: mask,
  },
  {
    name: 'identity card number (China)',
    pattern: new RegExp(
      String.raw`${before}[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]${behind}`,
      'g',
    ),
    keep: mask,
  },
  {
    name: 'telephone number',
    pattern: new RegExp(
      String.raw`${before}(?:(?:\+|00)86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}${behind}|(?<![\w.])\+[1-9]\d{0,2}[ -]?(?:\d[ -]?){6,12}\d(?!\w)`,
      'g',
    ),
    keep: mask,
  },
]

/** The text without what any rule finds. */
export function redactText(text: string): string {
  let redacted = text
  for (const { pattern, keep } of redactionRules) redacted = redacted.replace(pattern, keep)
  return redacted
}

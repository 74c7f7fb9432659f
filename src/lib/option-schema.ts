// Options of configurable parts: a zod schema says what is allowed, and carries the words for it in every language. One
// declaration is the check, the default, the type, the message and the reference page.
import { isIPv4, isIPv6 } from 'node:net'
import { z } from 'zod'

/** The same sentence in every language. */
export interface Words {
  readonly en: string
  readonly zh: string
}

/** What a schema knows about itself beyond its rule. */
export interface OptionMeta {
  /** What the option is for; one sentence, with a full stop. */
  readonly text: Words
  /** What may be given, as it stands behind "allowed:" in messages. No full stop. */
  readonly allowed: Words
  /** Never shown: not in messages, not by `--config-print`. Of a list: none of its entries. */
  readonly isSecret?: boolean
  /** A path, which is taken from the folder of the configuration file. Of a list: every entry. */
  readonly isPath?: boolean
}

/** Refinements keep the words of the schema they are made from; wrappers (`default`, `optional`) do not and are looked through. */
export const optionMeta = z.registry<OptionMeta>()

const same = (text: string): Words => ({ en: text, zh: text })

/** A schema with its words; for options that no builder below fits. */
export const described = <S extends z.ZodType>(schema: S, meta: OptionMeta): S => {
  optionMeta.add(schema, meta)
  return schema
}

/** Longest text, in UTF-16 units; secrets may be keys and certificates. */
const maxText = 4096
const maxSecret = 65_536

/** A text that is not empty. */
export const textOption = (text: Words, allowed: Words = { en: 'a text that is not empty', zh: '非空文本' }) =>
  described(z.string().min(1).max(maxText), { text, allowed })

/** A text that is never shown again. */
export const secretOption = (text: Words) =>
  described(z.string().min(1).max(maxSecret), {
    text,
    allowed: {
      en: `a text that is not empty; better \${env:NAME} or \${file:PATH}`,
      zh: `非空文本，建议使用 \${env:NAME} 或 \${file:PATH}`,
    },
    isSecret: true,
  })

/** A file or folder; relative ones are taken from the folder of the configuration file. */
export const pathOption = (text: Words) =>
  described(z.string().min(1).max(maxText), { text, allowed: { en: 'a path', zh: '路径' }, isPath: true })

/** A name that becomes a label and a part of file names. */
export const nameOption = (text: Words) =>
  described(z.string().regex(/^[A-Za-z0-9_-]{1,64}$/), {
    text,
    allowed: { en: '1 to 64 letters, digits, _ or -', zh: '1 到 64 个字母、数字、_ 或 -' },
  })

/** An IANA name, `UTC`, or `+HH:MM`. */
export const timeZoneOption = (text: Words) =>
  described(z.string().max(64).refine(isTimeZone), {
    text,
    allowed: {
      en: 'a time zone like Asia/Shanghai or UTC, or an offset like +08:00',
      zh: '时区名称，如 Asia/Shanghai 或 UTC，或偏移量，如 +08:00',
    },
  })

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

export const integerOption = (range: { min: number; max: number; unit?: Words }, text: Words) =>
  described(z.int().min(range.min).max(range.max), {
    text,
    allowed: {
      en: `a whole number${range.unit === undefined ? '' : ` of ${range.unit.en}`} from ${range.min} to ${range.max}`,
      zh: `${range.min} 到 ${range.max} 的${range.unit === undefined ? '整数' : `整数（${range.unit.zh}）`}`,
    },
  })

export const choiceOption = <const T extends readonly [string, ...string[]]>(choices: T, text: Words) =>
  described(z.enum(choices), { text, allowed: same(choices.join(', ')) })

export const flagOption = (text: Words) => described(z.boolean(), { text, allowed: same('true, false') })

/** A list of texts with at least one entry. */
export const listOption = (text: Words, allowed: Words) =>
  described(z.array(z.string().min(1).max(maxText)).min(1).max(1000), { text, allowed })

/** A list of paths or patterns of paths with at least one entry; relative ones as in {@link pathOption}. */
export const pathListOption = (text: Words, allowed: Words) =>
  described(z.array(z.string().min(1).max(maxText)).min(1).max(1000), { text, allowed, isPath: true })

/** `host:port`; `[::1]:9464` for IPv6. */
export const listenOption = (text: Words) =>
  described(
    z.string().refine(value => readListen(value) !== null),
    { text, allowed: { en: 'HOST:PORT, as 127.0.0.1:9464', zh: 'HOST:PORT，例如 127.0.0.1:9464' } },
  )

/** An address without a user name and a password, which have options of their own and would be shown here. */
export const urlOption = (text: Words) =>
  described(z.string().max(maxText).refine(isPlainHttpUrl), {
    text,
    allowed: {
      en: 'an http:// or https:// address without user name and password',
      zh: 'http:// 或 https:// 地址，不含用户名和密码',
    },
  })

function isPlainHttpUrl(value: string): boolean {
  const url = /^https?:\/\/\S+$/i.test(value) ? URL.parse(value) : null
  return url !== null && url.username === '' && url.password === ''
}

/** A mapping of options. Give it `.prefault({})` when its own defaults are a whole. */
export const groupOption = <const S extends z.ZodRawShape>(shape: S, text: Words) => {
  const keys = Object.keys(shape)
  return described(z.strictObject(shape), {
    text,
    allowed: {
      en: keys.length === 1 ? `a mapping with the key ${keys[0]}` : `a mapping with the keys ${keys.join(', ')}`,
      zh: `含有键 ${keys.join('、')} 的映射`,
    },
  })
}

/** What is wrong with options that are right one by one; `text` says what was found and what is allowed, without a full stop. */
export interface BrokenRule {
  /** From the mapping that the rule belongs to. */
  readonly path: readonly (string | number)[]
  readonly text: Words
}

/** How a {@link BrokenRule} travels through zod. */
export const brokenRuleKey = 'brokenRule'

/**
 * A rule over several options of a mapping. It must bear options that are wrong one by one (not ones of another kind: then it is
 * not asked), and must not put secrets into its text.
 */
export const withRule = <S extends z.ZodObject>(schema: S, rule: (value: z.output<S>) => BrokenRule | null): S =>
  schema.superRefine((value, context) => {
    const broken = rule(value)
    if (broken === null) return
    context.addIssue({ code: 'custom', path: [...broken.path], params: { [brokenRuleKey]: broken.text } })
  })

/** Host and port of a {@link listenOption}; null when it is none. Port 0 lets the system choose. */
export function readListen(value: string): { readonly host: string; readonly port: number } | null {
  const match = /^(?:\[([^\s[\]]{2,64})\]|([A-Za-z0-9._-]{1,253})):(\d{1,5})$/.exec(value)
  const [, bracketed, plain] = match ?? []
  const port = Number(match?.[3])
  if (port > 65_535) return null
  if (bracketed !== undefined) return isIPv6(bracketed) ? { host: bracketed, port } : null
  if (plain === undefined || (/^[\d.]+$/.test(plain) && !isIPv4(plain))) return null
  return { host: plain, port }
}

/** True for a host that only this machine can reach. Other names are not looked up: nobody knows what they will mean later. */
export function isLoopback(host: string): boolean {
  const address = host.toLowerCase().replace(/^::ffff:(?=[\d.]+$)/, '')
  return address === 'localhost' || address === '::1' || (isIPv4(address) && address.startsWith('127.'))
}

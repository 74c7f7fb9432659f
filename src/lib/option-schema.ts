// Options of configurable parts: a zod schema says what is allowed, and carries the words for it in every language. One
// declaration is the check, the default, the type, the message and the reference page.
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
  /** Never shown: not in messages, not by `--config-print`. */
  readonly isSecret?: boolean
  /** A path, which is taken from the folder of the configuration file. */
  readonly isPath?: boolean
}

export const optionMeta = z.registry<OptionMeta>()

const same = (text: string): Words => ({ en: text, zh: text })

const described = <S extends z.ZodType>(schema: S, meta: OptionMeta): S => {
  optionMeta.add(schema, meta)
  return schema
}

const maxText = 4096

/** A text that is not empty. */
export const textOption = (text: Words, allowed: Words = { en: 'a text that is not empty', zh: '非空文本' }) =>
  described(z.string().min(1).max(maxText), { text, allowed })

/** A text that is never shown again. */
export const secretOption = (text: Words) =>
  described(z.string().min(1).max(maxText), {
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

export const integerOption = (range: { min: number; max: number; unit?: Words }, text: Words) =>
  described(z.int().min(range.min).max(range.max), {
    text,
    allowed: {
      en: `${range.unit === undefined ? 'a whole number' : `whole ${range.unit.en}`} from ${range.min} to ${range.max}`,
      zh: `${range.min} 到 ${range.max} 的${range.unit === undefined ? '整数' : `整数（${range.unit.zh}）`}`,
    },
  })

export const choiceOption = <const T extends readonly [string, ...string[]]>(choices: T, text: Words) =>
  described(z.enum(choices), { text, allowed: same(choices.join(', ')) })

export const flagOption = (text: Words) => described(z.boolean(), { text, allowed: same('true, false') })

/** A list of texts with at least one entry. */
export const listOption = (text: Words, allowed: Words) =>
  described(z.array(z.string().min(1).max(maxText)).min(1).max(1000), { text, allowed })

/** `host:port`; `[::1]:9464` for IPv6. */
export const listenOption = (text: Words) =>
  described(
    z.string().refine(value => readListen(value) !== null),
    { text, allowed: { en: 'HOST:PORT, as 127.0.0.1:9464', zh: 'HOST:PORT，例如 127.0.0.1:9464' } },
  )

export const urlOption = (text: Words) =>
  described(
    z.string().refine(value => /^https?:$/.test(URL.parse(value)?.protocol ?? '')),
    { text, allowed: { en: 'an http:// or https:// address', zh: 'http:// 或 https:// 地址' } },
  )

/** Host and port of a {@link listenOption}; null when it is none. Port 0 lets the system choose. */
export function readListen(value: string): { readonly host: string; readonly port: number } | null {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^\s:[\]]+)):(\d{1,5})$/.exec(value)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  return host !== undefined && port <= 65_535 ? { host, port } : null
}

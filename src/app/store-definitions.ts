// The kinds of stores that a configuration can name, and their options.
import { z } from 'zod'
import { integerOption, pathOption, secretOption, textOption, urlOption } from '../lib/option-schema.ts'

const days = { en: 'days', zh: '天' }

const retentionDays = integerOption(
  { min: 1, max: 3650, unit: days },
  { en: 'How long rows are kept.', zh: '数据保留的天数。' },
).default(30)

/** ClickHouse within the process, in a folder. */
export const embeddedStoreDefinition = {
  type: 'embedded',
  options: z.strictObject({
    path: pathOption({ en: 'Folder of the database.', zh: '数据库所在的文件夹。' }).default('.fcscope/store'),
    retentionDays,
  }),
} as const

/** A ClickHouse server over HTTP. */
export const clickhouseStoreDefinition = {
  type: 'clickhouse',
  options: z.strictObject({
    url: urlOption({ en: 'Where the server listens for HTTP.', zh: '服务器的 HTTP 地址。' }),
    database: textOption(
      { en: 'Database for the tables; it is made if it is not there.', zh: '存放各表的数据库，不存在时自动创建。' },
      { en: 'a name of letters, digits and _', zh: '由字母、数字和 _ 组成的名称' },
    )
      .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/)
      .default('fcscope'),
    username: textOption({ en: 'Who signs in.', zh: '登录用户名。' }).default('default'),
    password: secretOption({ en: 'The password of that user.', zh: '该用户的密码。' }).optional(),
    retentionDays,
  }),
} as const

export const storeDefinitions = [embeddedStoreDefinition, clickhouseStoreDefinition] as const

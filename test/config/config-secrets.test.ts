// A secret must not get out by any of the ways in which a file can be wrong around it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { printConfig } from '../../src/config/print-config.ts'
import { checkToy, toySchema } from './toy-config.ts'

const secret = 'hunter2'
const part = (fields: string): string => `waters:\n- type: well\n  listen: h:1\n  ${fields}\n`

/** Wrong files; the secret stands in each of them, or in the environment. */
const refused: [name: string, text: string][] = [
  ['of the wrong kind: a list', part(`token: [${secret}]`)],
  ['of the wrong kind: a mapping', part(`token: {${secret}: 1}`)],
  ['a secret that is empty', part(`token: "" # ${secret}`)],
  ['that is a comment', part(`token: #${secret}`)],
  ['that is an anchor', part(`token: &${secret}`)],
  ['that is an alias', part(`token: *${secret}`)],
  ['that is a tag', part(`token: !${secret}`)],
  ['that is a tag without an end', part(`token: !<${secret}`)],
  ['that begins a block', part(`token: |${secret}`)],
  ['that begins with a reserved character', part(`token: @${secret}`)],
  ['with an escape that does not exist', part(`token: "\\h${secret}"`)],
  ['behind a closing bracket', part(`token: ]${secret}`)],
  ['behind a text in quotes', part(`token: "x" ${secret}`)],
  ['with a colon in it', part(`token: ${secret}: x`)],
  ['without a blank behind the colon', part(`token:${secret}`)],
  ['without a blank behind the colon, in brackets', `waters: [{type: well, listen: "h:1", token:${secret}}]`],
  ['with = for the colon, in brackets', `waters: [{type: well, listen: "h:1", token=${secret}}]`],
  ['with a blank for the colon, in brackets', `waters: [{type: well, listen: "h:1", token ${secret}}]`],
  ['twice without a blank', `waters: [{type: well, listen: "h:1", token:${secret}, token:${secret}}]`],
  ['in the place of a list', `waters: ${secret}`],
  ['in the place of a part', `waters: [${secret}]`],
  ['in the place of a group', `${part('')}limits: ${secret}`],
  ['in the place of the file', secret],
  ['under a key that is not known', part(`tokn: ${secret}`)],
  ['under a type that is not known', `waters:\n- type: x\n  token: ${secret}`],
  ['in an address', `${part('')}vessel: {type: river, url: "http://me:${secret}@h/", password: p}`],
  [
    'in an address with a slash in it',
    `${part('')}vessel: {type: river, url: "http://me:x/${secret}@h/", password: p}`,
  ],
  ['in an address in another place', part('').replace('h:1', `http://me:${secret}@h:1`)],
  ['in a directive', `%${secret} x\n---\n${part('')}`],
  ['in an expansion that is none', part(`token: \${${secret}}`)],
  ['in an expansion that is not closed', part(`token: \${env:${secret}`).replace('env', 'x')],
  ['in the default of an expansion within another', part(`token: \${env:A:-\${env:B:-${secret}}`)],
  ['out of the environment, too long', part(`token: "\${env:LONG}"`)],
  ['out of the environment, where a number belongs', `${part('')}limits: {count: "\${env:S}"}`],
  ['out of the environment, as an address', part('').replace('h:1', `\${env:S}`)],
  ['out of a default, as an address', part('').replace('h:1', `\${env:GONE:-${secret}}`)],
  ['out of the environment, as a type', `waters: [{type: "\${env:S}"}]`],
  ['out of the environment, as a choice', `waters: [{type: tap, paths: [a], mode: "\${env:S}"}]`],
]
for (const [name, text] of refused) {
  test(`refused without being told: a secret ${name}`, () => {
    const environment = { S: secret, LONG: secret.repeat(10_000) }
    const error = checkToy(text, { environment })
    assert.ok('en' in error, 'it was taken')
    for (const said of [error.en, error.zh]) assert.ok(!said.includes(secret), said)
  })
}

const door = (key: string): string => `${part('')}door: {key: "${key}"}`

/** What `--config-print` makes of a key. */
const printed: [key: string, shown: string][] = [
  [secret, '"***"'],
  [`\${env:S}`, `\${env:S}`],
  [`\${file:/dev/null}x\${env:S}`, '"***"'],
  [`${secret}\${env:S}`, '"***"'],
  [`\${env:GONE:-${secret}}`, '"***"'],
  [`\${env:S}\${env:S}`, `\${env:S}\${env:S}`],
]
for (const [key, shown] of printed) {
  test(`printed: ${key.replaceAll(secret, 'SECRET')}`, () => {
    const config = checkToy(door(key), { environment: { S: secret } })
    assert.ok('settings' in config)
    const text = printConfig(toySchema, config)
    assert.ok(!text.includes(secret))
    assert.equal(/key: (.*)/.exec(text)?.[1], shown)
  })
}

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Expander, maxFileBytes } from '../../src/config/expand-text.ts'

const folder = mkdtempSync(join(tmpdir(), 'fcscope-expand-'))
after(() => rmSync(folder, { recursive: true }))
const files: [name: string, content: string | Uint8Array][] = [
  ['line', 'secret\n'],
  ['windows', 'secret\r\n'],
  ['lines', 'a\nb\n\n'],
  ['bare', 'secret'],
  ['empty', ''],
  ['marked', '\ufeffsecret'],
  ['inner', `\${env:A}`],
  ['name with } no', 'x'],
  ['longest', 'x'.repeat(maxFileBytes)],
  ['longer', 'x'.repeat(maxFileBytes + 1)],
  ['binary', Uint8Array.of(0xff, 0xfe)],
]
for (const [name, content] of files) writeFileSync(join(folder, name), content)
mkdirSync(join(folder, 'folder'))

const environment = { A: 'apple', EMPTY: '', INNER: `\${env:A}`, BRACE: 'x}y', _1: 'one' }
const expand = (text: string) => new Expander({ environment, folder }).expand(text)

const good: [text: string, value: string, origins: string[]][] = [
  [`\${env:A}`, 'apple', [`\${env:A}`]],
  [`\${env:_1}`, 'one', [`\${env:_1}`]],
  [`\${env:EMPTY}`, '', [`\${env:EMPTY}`]],
  [`\${env:A:-pear}`, 'apple', [`\${env:A}`]],
  [`\${env:GONE:-pear}`, 'pear', [`\${env:GONE}`]],
  [`\${env:EMPTY:-pear}`, 'pear', [`\${env:EMPTY}`]],
  [`\${env:GONE:-}`, '', [`\${env:GONE}`]],
  [`\${env:GONE:-a:-b $ { \n}`, 'a:-b $ { \n', [`\${env:GONE}`]],
  [`<\${env:A}|\${env:GONE:-x}|\${env:A}>`, '<apple|x|apple>', [`\${env:A}`, `\${env:GONE}`]],
  [`\${env:A}}`, 'apple}', [`\${env:A}`]],
  [`$\${env:A}`, '$apple', [`\${env:A}`]],
  [`$$ \${env:A} $`, '$$ apple $', [`\${env:A}`]],
  [`\${env:INNER}`, `\${env:A}`, [`\${env:INNER}`]],
  [`\${env:BRACE}`, 'x}y', [`\${env:BRACE}`]],
  [`\${file:line}`, 'secret', [`\${file:line}`]],
  [`\${file:windows}`, 'secret', [`\${file:windows}`]],
  [`\${file:lines}`, 'a\nb\n', [`\${file:lines}`]],
  [`\${file:bare}`, 'secret', [`\${file:bare}`]],
  [`\${file:empty}`, '', [`\${file:empty}`]],
  [`\${file:marked}`, 'secret', [`\${file:marked}`]],
  [`\${file:inner}`, `\${env:A}`, [`\${file:inner}`]],
  [`\${file:${folder}/line}`, 'secret', [`\${file:${folder}/line}`]],
  [`\${file:longest}`, 'x'.repeat(maxFileBytes), [`\${file:longest}`]],
]
for (const [text, value, origins] of good) {
  test(`expanded: ${JSON.stringify(text)}`, () => {
    const expansion = expand(text)
    assert.ok(expansion.status === 'expanded', JSON.stringify(expansion))
    assert.equal(expansion.value, value)
    assert.deepEqual([expansion.expression.source, expansion.expression.origins], [text, origins])
  })
}

for (const text of ['', 'plain', '$A', '$$', '{env:A}', '$ {env:A}', 'env:A', '$(A)', '%{A}']) {
  test(`left alone: ${JSON.stringify(text)}`, () => assert.deepEqual(expand(text), { status: 'plain' }))
}

const forms = `\${env:NAME}, \${env:NAME:-default}, \${file:PATH}`
const otherForm = `found an expansion of another form; allowed: ${forms}`
const bad: [text: string, problems: string[]][] = [
  [`\${A}`, [otherForm]],
  [`\${}`, [otherForm]],
  [`\${env:}`, [otherForm]],
  [`\${env:1A}`, [otherForm]],
  [`\${env:A-B}`, [otherForm]],
  [`\${env: A}`, [otherForm]],
  [`\${ENV:A}`, [otherForm]],
  [`\${env:A:+x}`, [otherForm]],
  [`\${env:A-x}`, [otherForm]],
  [`\${file:}`, [otherForm]],
  [`\${exec:id}`, [otherForm]],
  ['${env:A', [`found \${ without a closing brace; allowed: ${forms}`]],
  [`\${env:GONE:-\${env:A}}`, [`found an expansion within another; allowed: ${forms}, one behind the other`]],
  [`\${env:GONE}`, [`the environment variable GONE is not set; allowed: one that is set, or \${env:GONE:-default}`]],
  [
    `\${env:__proto__}`,
    [`the environment variable __proto__ is not set; allowed: one that is set, or \${env:__proto__:-default}`],
  ],
  [
    `\${env:toString}`,
    [`the environment variable toString is not set; allowed: one that is set, or \${env:toString:-default}`],
  ],
  [
    `\${file:none}`,
    [`\${file:none} cannot be read (ENOENT); allowed: a file that is there and that this user may read`],
  ],
  [
    `\${file:folder}`,
    [`\${file:folder} cannot be read (EISDIR); allowed: a file that is there and that this user may read`],
  ],
  [`\${file:longer}`, [`\${file:longer} is longer than 64 KiB; allowed: a file of up to 65536 bytes`]],
  [`\${file:/dev/zero}`, [`\${file:/dev/zero} is longer than 64 KiB; allowed: a file of up to 65536 bytes`]],
  [`\${file:binary}`, [`\${file:binary} is not UTF-8; allowed: a UTF-8 text`]],
  [
    `\${file:a\u0000b}`,
    [
      `\${file:a\\u{0}b} cannot be read (ERR_INVALID_ARG_VALUE); allowed: a file that is there and that this user may read`,
    ],
  ],
  [
    `\${env:A} \${x} \${env:GONE}`,
    [otherForm, `the environment variable GONE is not set; allowed: one that is set, or \${env:GONE:-default}`],
  ],
]
for (const [text, problems] of bad) {
  test(`refused: ${JSON.stringify(text)}`, () => {
    const expansion = expand(text)
    assert.ok(expansion.status === 'failed', JSON.stringify(expansion))
    assert.deepEqual(
      expansion.problems.map(problem => problem.en),
      problems,
    )
    for (const { zh } of expansion.problems) assert.match(zh, /\p{Script=Han}/u)
  })
}

test('a short file cannot ask for a long one without end', () => {
  const expander = new Expander({ environment, folder })
  const results = Array.from({ length: 100 }, () => expander.expand(`\${file:longest}`).status)
  assert.deepEqual([results.indexOf('failed'), results.at(-1)], [64, 'failed'])
})

test('a long value with many braces takes no longer than it is long', () => {
  const started = performance.now()
  for (const text of [
    `\${`.repeat(200_000),
    `\${env:`.repeat(200_000),
    `\${env:GONE:-`.repeat(100_000),
    `\${}`.repeat(50_000),
  ]) {
    assert.equal(expand(text).status, 'failed')
  }
  assert.ok(performance.now() - started < 5000)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkToy } from './toy-config.ts'

const first = 'waters: [{type: tap, paths: [a.log]}]\n'
const listOfParts = 'a list of at least one mapping with a type: tap, well'
const listOfPartsZh = '至少含一个映射的列表，各映射的 type 可为：tap, well'
const sections = 'waters, vessel, limits, manual, door'

const bad: [name: string, text: string, en: string, zh: string, environment?: Record<string, string>][] = [
  [
    'an empty file',
    '',
    't.yaml:1: found nothing; allowed: a mapping with the keys waters, vessel, limits, manual, door.',
    't.yaml:1：实际为空；应为含有键 waters、vessel、limits、manual、door 的映射。',
  ],
  [
    'a list at the top',
    '- a',
    't.yaml:1: found a list; allowed: a mapping with the keys waters, vessel, limits, manual, door.',
    't.yaml:1：实际为列表；应为含有键 waters、vessel、limits、manual、door 的映射。',
  ],
  [
    'a text at the top, which may be anything',
    'hunter2',
    't.yaml:1: found a text; allowed: a mapping with the keys waters, vessel, limits, manual, door.',
    't.yaml:1：实际为文本；应为含有键 waters、vessel、limits、manual、door 的映射。',
  ],
  [
    'no parts',
    'limits: {count: 1}',
    `t.yaml:1: waters: found nothing; allowed: ${listOfParts}.`,
    `t.yaml:1：waters：实际为空；应为${listOfPartsZh}。`,
  ],
  [
    'parts without a value',
    'limits: {count: 1}\nwaters:\n',
    `t.yaml:2: waters: found nothing; allowed: ${listOfParts}.`,
    `t.yaml:2：waters：实际为空；应为${listOfPartsZh}。`,
  ],
  [
    'an empty list of parts',
    'waters: []',
    `t.yaml:1: waters: found an empty list; allowed: ${listOfParts}.`,
    `t.yaml:1：waters：实际为空列表；应为${listOfPartsZh}。`,
  ],
  [
    'too many parts',
    `waters:\n${'- {type: tap, paths: [a]}\n'.repeat(101)}`,
    't.yaml:1: waters: found a list of 101; allowed: at most 100.',
    't.yaml:1：waters：实际为含 101 项的列表；应为最多 100 项。',
  ],
  [
    'a part that is a word',
    'waters: [tap]',
    't.yaml:1: waters[0]: found a text; allowed: a mapping with a type: tap, well.',
    't.yaml:1：waters[0]：实际为文本；应为含有 type 的映射，type 可为：tap, well。',
  ],
  [
    'a part without a type',
    'waters: [{paths: [a]}]',
    't.yaml:1: waters[0].type: found nothing; allowed: tap, well.',
    't.yaml:1：waters[0].type：实际为空；应为 tap, well。',
  ],
  [
    'an unknown type, whose other keys nobody knows',
    'waters:\n- type: kafka\n  brokers: [x]\n',
    't.yaml:2: waters[0].type: found "kafka"; allowed: tap, well.',
    't.yaml:2：waters[0].type：实际为 "kafka"；应为 tap, well。',
  ],
  [
    'a type that is a name of objects',
    'waters: [{type: constructor}]',
    't.yaml:1: waters[0].type: found "constructor"; allowed: tap, well.',
    't.yaml:1：waters[0].type：实际为 "constructor"；应为 tap, well。',
  ],
  [
    'the type of another section',
    `${first}vessel: {type: tap}`,
    't.yaml:2: vessel.type: found "tap"; allowed: barrel, river.',
    't.yaml:2：vessel.type：实际为 "tap"；应为 barrel, river。',
  ],
  [
    'an option of another kind',
    `${first}vessel: {url: "http://h"}`,
    't.yaml:2: vessel.url: unknown key; allowed: type, path.',
    't.yaml:2：vessel.url：未知的键；可用的键：type, path。',
  ],
  [
    'a name where there is none',
    `${first}vessel: {name: x}`,
    't.yaml:2: vessel.name: unknown key; allowed: type, path.',
    't.yaml:2：vessel.name：未知的键；可用的键：type, path。',
  ],
  [
    'an unknown key that is nearly known',
    'waters:\n- type: tap\n  path: [a]\n  paths: [a]\n',
    't.yaml:3: waters[0].path: unknown key (did you mean paths?); allowed: type, name, paths, mode, retry.',
    't.yaml:3：waters[0].path：未知的键（是否想写 paths？）；可用的键：type, name, paths, mode, retry。',
  ],
  [
    'an unknown key at the top',
    `${first}limit: {}`,
    `t.yaml:2: limit: unknown key (did you mean limits?); allowed: ${sections}.`,
    `t.yaml:2：limit：未知的键（是否想写 limits？）；可用的键：${sections}。`,
  ],
  [
    'an unknown key without a value',
    `${first}xyz:`,
    `t.yaml:2: xyz: unknown key; allowed: ${sections}.`,
    `t.yaml:2：xyz：未知的键；可用的键：${sections}。`,
  ],
  [
    'a key of a later version',
    `${first}fountain: {height: 3}`,
    't.yaml:2: fountain: no fountains yet; allowed: leave the key out.',
    't.yaml:2：fountain：尚不支持喷泉；请删除该键。',
  ],
  [
    'a key that comes twice',
    `${first}manual: a\nmanual: b\n`,
    't.yaml:3: manual: found this key twice; allowed: once.',
    't.yaml:3：manual：键重复；只能出现一次。',
  ],
  [
    'a name that is none',
    'waters: [{type: tap, name: "a b", paths: [a]}]',
    't.yaml:1: waters[0].name: found "a b"; allowed: 1 to 64 letters, digits, _ or -.',
    't.yaml:1：waters[0].name：实际为 "a b"；应为 1 到 64 个字母、数字、_ 或 -。',
  ],
  [
    'a name that comes twice',
    'waters:\n- {type: tap, name: x, paths: [a]}\n- type: well\n  listen: h:1\n  name: x\n',
    't.yaml:5: waters[1].name: found x, which waters[0] is called as well; allowed: a name of its own.',
    't.yaml:5：waters[1].name：实际为 x，与 waters[0] 重名；应为不重复的名称。',
  ],
  [
    'a name that another has by default',
    'waters:\n- {type: tap, name: tap-2, paths: [a]}\n- {type: tap, paths: [a]}\n',
    't.yaml:3: waters[1].name: found tap-2, which waters[0] is called as well; allowed: a name of its own.',
    't.yaml:3：waters[1].name：实际为 tap-2，与 waters[0] 重名；应为不重复的名称。',
  ],
  [
    'a number out of range',
    `${first}limits: {count: 11}`,
    't.yaml:2: limits.count: found 11; allowed: a whole number from 1 to 10.',
    't.yaml:2：limits.count：实际为 11；应为 1 到 10 的整数。',
  ],
  [
    'a number in quotes',
    `${first}limits: {count: "3"}`,
    't.yaml:2: limits.count: found "3"; allowed: a whole number from 1 to 10.',
    't.yaml:2：limits.count：实际为 "3"；应为 1 到 10 的整数。',
  ],
  [
    'a number where a text belongs',
    `${first}limits: {label: 12}`,
    't.yaml:2: limits.label: found 12 (quotes make it a text); allowed: a text that is not empty.',
    't.yaml:2：limits.label：实际为 12（加引号即为文本）；应为非空文本。',
  ],
  [
    'a choice that is none',
    'waters: [{type: tap, paths: [a], mode: warp}]',
    't.yaml:1: waters[0].mode: found "warp"; allowed: slow, fast.',
    't.yaml:1：waters[0].mode：实际为 "warp"；应为 slow, fast。',
  ],
  [
    'an option in a group in a part',
    'waters: [{type: tap, paths: [a], retry: {maxElapsedMs: -1}}]',
    't.yaml:1: waters[0].retry.maxElapsedMs: found -1; allowed: a whole number from 0 to 1000.',
    't.yaml:1：waters[0].retry.maxElapsedMs：实际为 -1；应为 0 到 1000 的整数。',
  ],
  [
    'an entry of a list',
    'waters: [{type: tap, paths: [a, 3]}]',
    't.yaml:1: waters[0].paths[1]: found 3 (quotes make it a text); allowed: a list of paths.',
    't.yaml:1：waters[0].paths[1]：实际为 3（加引号即为文本）；应为路径列表。',
  ],
  [
    'an alias',
    `${first}manual: *x`,
    't.yaml:2: manual: found an alias (a value that begins with *); allowed: the value itself, in quotes if the * belongs to it.',
    't.yaml:2：manual：使用了别名（以 * 开头的值）；请直接写出值，若 * 是值的一部分请加引号。',
  ],
  [
    'a rule of a group',
    `${first}door: {isOpen: true, key: k}`,
    't.yaml:2: door.key: found a key; allowed: none for an open door.',
    't.yaml:2：door.key：门已打开，无需钥匙。',
  ],
  [
    'a rule of the whole',
    `${first}limits: {label: manual}`,
    't.yaml:1: manual: found nothing; allowed: what the label says.',
    't.yaml:1：manual：与标签不符。',
  ],
  [
    'names of objects',
    `${first}__proto__: {limits: {count: 99}}\nlimits: {__proto__: {count: 99}}\n`,
    `t.yaml: 2 problems: (1) line 2, __proto__: unknown key; allowed: ${sections}. (2) line 3, limits.__proto__: unknown key; allowed: count, isStrict, label.`,
    `t.yaml：2 个问题：(1) 第 2 行，__proto__：未知的键；可用的键：${sections}。(2) 第 3 行，limits.__proto__：未知的键；可用的键：count, isStrict, label。`,
  ],
  [
    'names of objects in a part',
    'waters: [{type: tap, paths: [a], __proto__: {mode: fast}}]',
    't.yaml:1: waters[0].__proto__: unknown key; allowed: type, name, paths, mode, retry.',
    't.yaml:1：waters[0].__proto__：未知的键；可用的键：type, name, paths, mode, retry。',
  ],
  [
    'several at once, in the order of lines',
    `waters:\n- type: tap\nlimits: {count: 0, isStrict: maybe}\nmanual: \${env:GONE}\nextra: 1\n`,
    `t.yaml: 5 problems: (1) line 2, waters[0].paths: found nothing; allowed: a list of paths. (2) line 3, limits.count: found 0; allowed: a whole number from 1 to 10. (3) line 3, limits.isStrict: found "maybe"; allowed: true, false. (4) line 4, manual: the environment variable GONE is not set; allowed: one that is set, or \${env:GONE:-default}. (5) line 5, extra: unknown key; allowed: waters, vessel, limits, manual, door.`,
    `t.yaml：5 个问题：(1) 第 2 行，waters[0].paths：实际为空；应为路径列表。(2) 第 3 行，limits.count：实际为 0；应为 1 到 10 的整数。(3) 第 3 行，limits.isStrict：实际为 "maybe"；应为 true, false。(4) 第 4 行，manual：环境变量 GONE 未设置；请设置该变量，或写作 \${env:GONE:-default}。(5) 第 5 行，extra：未知的键；可用的键：waters, vessel, limits, manual, door。`,
  ],
  [
    'an expansion without quotes within brackets',
    `waters: [{type: tap, paths: [\${env:P}]}]`,
    `t.yaml:1: found no valid YAML: Missing , or : between flow sequence items; within { } and [ ] write "\${…}" in quotes.`,
    `t.yaml:1：YAML 语法错误：缺少字符（引号、冒号、逗号或空格）；在 { } 或 [ ] 内请给 \${…} 加引号。`,
  ],
  [
    'a value out of the environment is not told, its variable is',
    `${first}limits: {count: "\${env:N}"}`,
    `t.yaml:2: limits.count: found a value from \${env:N}; allowed: a whole number from 1 to 10.`,
    `t.yaml:2：limits.count：实际为来自 \${env:N} 的值；应为 1 到 10 的整数。`,
    { N: '99' },
  ],
  [
    'an empty one',
    `${first}manual: \${env:N}`,
    `t.yaml:2: manual: found an empty value from \${env:N}; allowed: a path.`,
    `t.yaml:2：manual：实际为来自 \${env:N} 的空值；应为路径。`,
    { N: '' },
  ],
  [
    'a type out of the environment',
    `waters: [{type: "\${env:T}"}]`,
    `t.yaml:1: waters[0].type: found a value from \${env:T}; allowed: tap, well.`,
    `t.yaml:1：waters[0].type：实际为来自 \${env:T} 的值；应为 tap, well。`,
    { T: 'kafka' },
  ],
  [
    'a type that did not expand is told once',
    `waters: [{type: "\${env:T}"}]`,
    `t.yaml:1: waters[0].type: the environment variable T is not set; allowed: one that is set, or \${env:T:-default}.`,
    `t.yaml:1：waters[0].type：环境变量 T 未设置；请设置该变量，或写作 \${env:T:-default}。`,
  ],
]
for (const [name, text, en, zh, environment] of bad) {
  test(`refused: ${name}`, () => assert.deepEqual(checkToy(text, environment && { environment }), { en, zh }))
}

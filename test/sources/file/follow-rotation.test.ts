// What rotation does to followed files: renames, copies, truncations, deletions – each also with a restart in the middle.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lines, Stage, textsOf } from './follow-stage.ts'

const matched = ['*.log*']
const unmatched = ['*.log']

/** One thing that may happen between a read and the next. */
type Act = (stage: Stage) => void

interface Case {
  readonly name: string
  readonly paths: readonly string[]
  /** Everything that is written, in any order. */
  readonly expected: readonly string[]
  readonly acts: readonly Act[]
}

const rename =
  (from: string, to: string): Act =>
  stage =>
    stage.rename(from, to)
const append =
  (name: string, text: string): Act =>
  stage =>
    stage.append(name, text)
const copy =
  (from: string, to: string): Act =>
  stage =>
    stage.copy(from, to)
const truncate =
  (name: string): Act =>
  stage =>
    stage.truncate(name)
const remove =
  (name: string): Act =>
  stage =>
    stage.remove(name)
/** Several acts that nobody looks between. */
const at =
  (...acts: readonly Act[]): Act =>
  stage => {
    for (const act of acts) act(stage)
  }

const first = lines('first', 100)
const second = lines('second', 60)
const third = lines('third', 80)
const half = first.slice(0, first.length / 2)
const otherHalf = first.slice(first.length / 2)

const cases: Case[] = []
for (const paths of [matched, unmatched]) {
  const kind = paths === matched ? 'matched' : 'unmatched'
  cases.push(
    {
      name: `renamed to a ${kind} name`,
      paths,
      acts: [
        append('a.log', half),
        at(append('a.log', otherHalf), rename('a.log', 'a.log.1'), append('a.log', second)),
      ],
      expected: [first, second],
    },
    {
      name: `renamed to a ${kind} name, and the writer goes on for a while`,
      paths,
      acts: [
        append('a.log', half),
        at(rename('a.log', 'a.log.1'), append('a.log', second)),
        append('a.log.1', otherHalf),
      ],
      expected: [first, second],
    },
    {
      name: `renamed to a ${kind} name, with nothing in its place for a time`,
      paths,
      acts: [
        append('a.log', half),
        at(append('a.log', otherHalf), rename('a.log', 'a.log.1')),
        append('a.log', second),
      ],
      expected: [first, second],
    },
    {
      name: `several rotations to ${kind} names between two looks`,
      paths,
      acts: [
        append('a.log', half),
        at(
          append('a.log', otherHalf),
          rename('a.log', 'a.log.1'),
          append('a.log', second),
          rename('a.log.1', 'a.log.2'),
          rename('a.log', 'a.log.1'),
          append('a.log', third),
        ),
      ],
      expected: [first, second, third],
    },
    {
      name: `copied to a ${kind} name and truncated between two looks`,
      paths,
      acts: [
        append('a.log', half),
        at(append('a.log', otherHalf), copy('a.log', 'a.log.1'), truncate('a.log'), append('a.log', second)),
      ],
      expected: [first, second],
    },
    {
      name: `copied to a ${kind} name, seen, then truncated`,
      paths,
      acts: [
        append('a.log', half),
        at(append('a.log', otherHalf), copy('a.log', 'a.log.1')),
        truncate('a.log'),
        append('a.log', second),
      ],
      expected: [first, second],
    },
    {
      name: `copied to a ${kind} name and truncated, then longer than before`,
      paths,
      acts: [
        append('a.log', half),
        at(append('a.log', otherHalf), copy('a.log', 'a.log.1'), truncate('a.log'), append('a.log', second + third)),
      ],
      expected: [first, second, third],
    },
    {
      name: `copied to ${kind} names and truncated twice between two looks`,
      paths,
      acts: [
        append('a.log', half),
        at(
          append('a.log', otherHalf),
          copy('a.log', 'a.log.1'),
          truncate('a.log'),
          append('a.log', second),
          rename('a.log.1', 'a.log.2'),
          copy('a.log', 'a.log.1'),
          truncate('a.log'),
          append('a.log', third),
        ),
      ],
      expected: [first, second, third],
    },
    {
      name: `half a line at the end of a file that was renamed to a ${kind} name`,
      paths,
      acts: [at(append('a.log', `${first}the end`)), at(rename('a.log', 'a.log.1'), append('a.log', second))],
      expected: [first, 'the end\n', second],
    },
    {
      name: `half a line, and the rest of it in the copy with a ${kind} name`,
      paths,
      acts: [
        append('a.log', `${first}the `),
        at(append('a.log', 'end\n'), copy('a.log', 'a.log.1'), truncate('a.log'), append('a.log', second)),
      ],
      expected: [first, 'the end\n', second],
    },
    {
      name: `very short files that rotate to ${kind} names`,
      paths,
      acts: [
        append('a.log', 'one\n'),
        at(rename('a.log', 'a.log.1'), append('a.log', 'two\n')),
        at(rename('a.log.1', 'a.log.2'), rename('a.log', 'a.log.1'), append('a.log', 'three\n')),
      ],
      expected: ['one\n', 'two\n', 'three\n'],
    },
    {
      name: `a short file that is copied to a ${kind} name and truncated`,
      paths,
      acts: [
        append('a.log', 'one\n'),
        at(append('a.log', 'two\n'), copy('a.log', 'a.log.1')),
        truncate('a.log'),
        append('a.log', 'three\n'),
      ],
      expected: ['one\n', 'two\n', 'three\n'],
    },
  )
}
cases.push(
  {
    name: 'deleted, and another in its place',
    paths: unmatched,
    acts: [append('a.log', first), at(remove('a.log'), append('a.log', second))],
    expected: [first, second],
  },
  {
    name: 'moved to a folder beside',
    paths: ['**/*.log'],
    acts: [
      at(append('a.log', half), stage => stage.write('old/x.log', third)),
      at(append('a.log', otherHalf), copy('a.log', 'old/a.log'), remove('a.log'), append('a.log', second)),
    ],
    expected: [first, second, third],
  },
  {
    name: 'renamed away and back again',
    paths: unmatched,
    acts: [append('a.log', half), rename('a.log', 'b.txt'), at(rename('b.txt', 'a.log'), append('a.log', otherHalf))],
    expected: [first],
  },
  {
    name: 'a copy under a name of its own, which nobody truncates',
    paths: ['*.log', '*.txt'],
    acts: [append('a.log', half), copy('a.log', 'b.txt'), append('a.log', otherHalf)],
    expected: [first],
  },
  {
    name: 'names with dates',
    paths: unmatched,
    acts: [
      append('a.log', half),
      at(append('a.log', otherHalf), rename('a.log', 'a.log-20260101'), append('a.log', second)),
      at(rename('a.log', 'a.log-20260102'), append('a.log', third)),
    ],
    expected: [first, second, third],
  },
)

const all = (expected: readonly string[]): readonly string[] => expected.flatMap(textsOf).toSorted()

/** Acts, with a look and everything read after each; `restartAfter`: there the worker crashes. */
async function play({ paths, acts }: Case, restartAfter: number | null, isDown: boolean): Promise<Stage> {
  const stage = await new Stage({ paths }).start()
  for (const [index, act] of acts.entries()) {
    if (isDown && restartAfter === index) await stage.source.stop()
    act(stage)
    if (restartAfter === index) await stage.restart()
    else stage.pass()
    await stage.drain()
    stage.commit()
  }
  await stage.settle()
  stage.commit()
  await stage.restart()
  await stage.settle()
  return stage
}

for (const each of cases) {
  test(each.name, async () => {
    const stage = await play(each, null, false)
    assert.deepEqual(stage.texts.toSorted(), all(each.expected))
    assert.deepEqual(stage.saw('contentLost'), [])
  })
  for (let restartAfter = 1; restartAfter < each.acts.length; restartAfter += 1) {
    // What was deleted while nobody held it open is lost whatever one does.
    if (each.name.startsWith('deleted')) continue
    test(`${each.name}, and a restart meanwhile (${restartAfter})`, async () => {
      const stage = await play(each, restartAfter, true)
      assert.deepEqual(stage.texts.toSorted(), all(each.expected))
      assert.deepEqual(stage.saw('contentLost'), [])
    })
  }
}

test('rotated files that were there before the very first start stay unread, whatever happens later', async () => {
  const stage = new Stage({ paths: unmatched })
  stage.write('a.log.1', lines('old', 100))
  stage.touch('a.log.1', -60_000)
  stage.write('a.log', first)
  await stage.start()
  await stage.settle()
  for (let i = 0; i < 3; i += 1) {
    stage.rename('a.log.1', `a.log.${i + 2}`)
    stage.rename('a.log', 'a.log.1')
    // Nothing is written to it, or all of it is read, and it is over before anybody commits.
    stage.write('a.log', i === 1 ? '' : lines(`new${i}`, 10))
    await stage.settle()
    stage.commit()
    await stage.restart()
    await stage.settle()
    stage.append('a.log', lines(`newer${i}`, 10))
    stage.copy('a.log', 'a.log.1')
    stage.truncate('a.log')
    await stage.settle()
    stage.commit()
    await stage.restart()
    stage.append('a.log', 'x\n')
    await stage.settle()
  }
  assert.deepEqual(
    stage.texts.filter(text => text.startsWith('old')),
    [],
  )
  assert.deepEqual(stage.saw('contentLost'), [])
  assert.equal(stage.lines.length, 100 + 2 * 10 + 3 * 10 + 3)
})

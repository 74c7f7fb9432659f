// What `fcscope functions import` left out, in a line per kind.
import type { ImportReport } from '../../app/functions/import-functions.ts'
import type { Text } from '../../model/fcscope-error.ts'
import { grouped } from '../figures.ts'
import { oneLine } from '../paint.ts'

type Group = ImportReport['notes'][number]

const maxExample = 80

/** Count, reason, and the first few that it is about. */
export function noteText(group: Group): Text {
  const { count, kind, examples, hasMore } = group
  const shown = examples.map(({ of, found }) =>
    oneLine(found === null || found === '' ? of : `${of}: ${found}`, maxExample),
  )
  const more = hasMore ? ', …' : ''
  const { en, zh } = sentences[kind](group)
  const [noun, counter] = nouns[kind] ?? (['function', '个函数'] as const)
  return {
    en: `${grouped(count)} ${noun}${count === 1 ? '' : 's'}: ${en} (${shown.join(', ')}${more})`,
    zh: `${grouped(count)} ${counter}：${zh}（${shown.join('、')}${more}）`,
  }
}

/** What is counted, where that is not functions. */
const nouns: Readonly<Partial<Record<Group['kind'], readonly [string, string]>>> = {
  noFunction: ['resource', '个资源'],
  unknownComponent: ['resource', '个资源'],
  inherited: ['place', '处'],
  aliases: ['value', '个值'],
  morePages: ['answer', '个返回结果'],
}

/** What it means that a field is not known. */
const consequences: Readonly<Record<string, Text>> = {
  vCPU: { en: ', and `bill estimate` leaves such functions out', zh: '，`bill estimate` 不会计入' },
  region: { en: '; --region says it', zh: '，可用 --region 指定' },
}
const none: Text = { en: '', zh: '' }

const sentences: Readonly<Record<Group['kind'], (group: Group) => Text>> = {
  noName: () => ({
    en: 'left out, because the name is not known; write it into the file.',
    zh: '名称未知，未写入；请在文件中直接写出名称。',
  }),
  wrongName: () => ({
    en: 'left out, because a name has letters, digits, _ and - only (a * would match others).',
    zh: '名称只能包含字母、数字、_ 和 -（* 会匹配其他函数），未写入。',
  }),
  noService: () => ({
    en: 'FC 2.0, and no service is said, so the entry matches every service; --service says it.',
    zh: 'FC 2.0 函数未说明服务，条目会匹配所有服务，可用 --service 指定。',
  }),
  twoNames: () => ({
    en: 'FC 2.0, written twice, because logs name service and function apart, or as service$function.',
    zh: 'FC 2.0 函数写入两次：日志可能分别写出服务和函数，也可能写作 service$function。',
  }),
  noFunction: () => ({ en: 'left out, because no function is made by the component.', zh: '组件不是函数，未写入。' }),
  unknownComponent: () => ({ en: 'left out, because the component is not known.', zh: '组件未知，未写入。' }),
  inherited: () => ({
    en: '`extend` is not followed, and what it brings is not known.',
    zh: '不处理 `extend`，其中的内容未知。',
  }),
  aliases: () => ({
    en: 'YAML aliases (*name) are not followed; left out.',
    zh: '不处理 YAML 别名（*name），未写入。',
  }),
  morePages: () => ({
    en: 'not the last page (nextToken); see that the next one is among the files.',
    zh: '不是最后一页（nextToken）；请确认下一页也在文件之中。',
  }),
  notExpanded: ({ field }) => ({
    en: `${field} is left out, because only \${vars.…} is filled in; write the value into the file.`,
    zh: `仅展开 \${vars.…}，未写入 ${field}；请在文件中直接写出其值。`,
  }),
  outOfBounds: ({ field, allowed }) => ({
    en: `${field} is left out; allowed: ${allowed?.en}.`,
    zh: `未写入 ${field}；应为${/^[!-~]/.test(allowed?.zh ?? '') ? ' ' : ''}${allowed?.zh}。`,
  }),
  unknownGPU: () => ({
    en: 'the GPU is left out, because its series or memory is not known; `bill estimate` would not count it.',
    zh: 'GPU 系列或显存未知，未写入；`bill estimate` 不会计入 GPU。',
  }),
  missing: ({ field }) => {
    const { en, zh } = consequences[field ?? ''] ?? none
    return { en: `${field} is not said${en}.`, zh: `未说明 ${field}${zh}。` }
  },
}

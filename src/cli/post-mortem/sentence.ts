// What happened to a request, in one sentence.
import type { Text } from '../../model/fcscope-error.ts'
import type { AttemptRecord, PostMortem } from '../../model/post-mortem.ts'
import { dateTime, milliseconds } from '../figures.ts'
import { oneLine } from '../paint.ts'
import { statusWords } from './words.ts'

const maxErrorLength = 200

/** In both languages. */
export function sentenceOf({ attempts }: PostMortem): Text {
  const invocations = attempts.filter(({ phase }) => phase === 'invoke')
  const last = invocations.at(-1)
  if (last === undefined) return hookSentence(attempts)
  return invocations.length === 1 ? singleSentence(last) : retrySentence(invocations, last)
}

function singleSentence(attempt: AttemptRecord): Text {
  const { durationMs, startTime, coldStart, status } = attempt
  const { en: name, zh: nameZh } = nameOf(attempt)
  const took = durationMs === null ? null : milliseconds(durationMs)
  const at = startTime === null ? null : dateTime(startTime)
  const error = errorOf(attempt)
  const parts = [took && ` after ${took}`, coldStart && ', on a cold start', at && `; it began at ${at}`]
  const partsZh = [took && `，用时 ${took}`, coldStart && '，为冷启动', at && `，开始于 ${at}`]
  return {
    en: `${name} ${[statusWords[status].en, ...present(parts)].join('')}${error === '' ? '.' : `: ${error}`}`,
    zh: `${nameZh}${[statusWords[status].zh, ...present(partsZh)].join('')}${error === '' ? '。' : `：${error}`}`,
  }
}

function retrySentence(attempts: readonly AttemptRecord[], last: AttemptRecord): Text {
  const { en: name, zh: nameZh } = nameOf(last)
  const statuses = attempts.map(({ status }) => status)
  const firstMs = Date.parse(attempts[0]?.startTime ?? '')
  const afterMs = Date.parse(last.startTime ?? '') - firstMs
  const after = Number.isNaN(afterMs) ? null : milliseconds(afterMs)
  const error = errorOf(last)
  return {
    en: `${name} was tried ${attempts.length} times: ${statuses.join(', ')}. The last attempt ${statusWords[last.status].en}${after === null ? '' : `; it began ${after} after the first`}${error === '' ? '.' : `: ${error}`}`,
    zh: `${nameZh}共尝试 ${attempts.length} 次：${statuses.join('、')}。最后一次${statusWords[last.status].zh}${after === null ? '' : `，在首次开始 ${after} 后开始`}${error === '' ? '。' : `：${error}`}`,
  }
}

/** A hook has an id of its own. */
function hookSentence(attempts: readonly AttemptRecord[]): Text {
  const [hook] = attempts
  if (hook === undefined) return { en: '', zh: '' }
  const single = singleSentence(hook)
  return { en: `The ${hook.phase} hook of ${single.en}`, zh: `${hook.phase} 钩子：${single.zh}` }
}

function nameOf({ functionName }: AttemptRecord): Text {
  const name = functionName === null ? null : oneLine(functionName, 80)
  return name === null ? { en: 'The function', zh: '函数' } : { en: name, zh: `${name} ` }
}

function errorOf({ errorType, errorMessage, status }: AttemptRecord): string {
  if (status === 'ok') return ''
  return oneLine([errorType, errorMessage].filter(text => text !== null && text !== '').join(': '), maxErrorLength)
}

const present = (parts: readonly (string | false | null)[]): readonly string[] =>
  parts.filter(part => typeof part === 'string')

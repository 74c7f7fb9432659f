// What is told when the topic of `fcscope route` cannot be used: what is wrong, where, and what to do.
import type { KafkaConnection } from '../lib/kafka/connection-options.ts'
import type { KafkaRemark } from '../lib/kafka/kafka-log.ts'
import { ExitStatus, FcscopeError, type Text } from '../model/fcscope-error.ts'
import { topicFailure } from '../sinks/kafka/topic-failure.ts'

export interface FailedRoute {
  readonly connection: KafkaConnection
  readonly topic: string
  /** What kafkajs said until then. */
  readonly remarks: readonly KafkaRemark[]
}

const making: Text = {
  en: 'Make it with as many partitions as there may be workers; fcscope does not.',
  zh: '请先创建该主题，分区数不少于计划的 worker 数；fcscope 不会创建主题。',
}

/** See {@link topicFailure}. */
export const routeFailure = (error: unknown, route: FailedRoute): Promise<unknown> =>
  topicFailure(error, { ...route, section: 'route', prefix: `${route.topic}.route.`, making })

/** Nobody answered for too long at the end of the input. */
export const undeliveredRoute = (topic: string): FcscopeError =>
  new FcscopeError(
    'FCS_OUTPUT_FAILED',
    {
      en: `route: the topic ${topic} took nothing for too long. What was read and is not there is written by the next run.`,
      zh: `route：主题 ${topic} 长时间无法写入。已读取但尚未写入的数据将在下次运行时写入。`,
    },
    { exitStatus: ExitStatus.unreachable },
  )

/** What was saved of the streams is not there any more, or not what it was. */
export const damagedRouteState = (folder: string): FcscopeError =>
  new FcscopeError(
    'FCS_STATE_UNUSABLE',
    {
      en: `${folder}: the saved state is missing or damaged. Move this folder away and start again: everything that the sources still have is routed once more.`,
      zh: `${folder}：已存状态缺失或损坏。请移走该目录后重新启动：数据源中仍有的数据将再次路由。`,
    },
    { exitStatus: ExitStatus.unreachable },
  )

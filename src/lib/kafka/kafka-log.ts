// What kafkajs says about itself, reduced to what somebody may act on.

/** One thing that kafkajs said. */
export interface KafkaRemark {
  readonly severity: 'error' | 'warn'
  /** The part of kafkajs that speaks: `Connection`, `ConsumerGroup`. */
  readonly namespace: string
  /** One line, bounded. */
  readonly text: string
  readonly topic: string | null
  readonly partition: number | null
}

/** The entries that kafkajs's log creator is given. */
interface Entry {
  readonly namespace: string
  readonly label: string
  readonly log: { readonly message: string; readonly [key: string]: unknown }
}

const maxTextLength = 300

/** A log creator of kafkajs that hands on errors and warnings. */
export const remarkTo =
  (hear: (remark: KafkaRemark) => void) =>
  () =>
  ({ namespace, label, log }: Entry): void => {
    if (label !== 'ERROR' && label !== 'WARN') return
    const { message, error, topic, partition } = log
    const detail = typeof error === 'string' ? `${message}: ${error}` : String(message)
    hear({
      severity: label === 'ERROR' ? 'error' : 'warn',
      namespace,
      text: oneLine(detail),
      topic: typeof topic === 'string' ? topic : null,
      partition: typeof partition === 'number' ? partition : null,
    })
  }

/** Other people's text for a log: one line, not too long. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, maxTextLength)

/** The broker does not know this member of the group any more: its session is over. */
export const saysMemberIsUnknown = ({ namespace, text }: KafkaRemark): boolean =>
  namespace === 'Runner' && text.startsWith('The coordinator is not aware of this member')

/** What a partition was to be read from is not there. */
export const saysOffsetIsGone = ({ namespace, text }: KafkaRemark): boolean =>
  namespace === 'ConsumerGroup' && text.startsWith('Offset out of range, resetting')

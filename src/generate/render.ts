// Hot path: records as bytes-to-be, one string a record with its newline. Rows are put together by hand: their head is
// the same for all rows of an instance, and only the message needs JSON's escapes.
import type { Emission } from './emission.ts'
import type { Instance } from './instance.ts'
import { metricsStrings } from './metrics-fields.ts'
import type { GenerateFormat } from './options.ts'
import { consoleTime } from './time-text.ts'

export function renderEmission(emission: Emission, format: GenerateFormat): string {
  switch (format) {
    case 'text':
      return `${emission.message}\n`
    case 'console': {
      const instanceId = emission.instance.showsIdInConsole ? (emission.instance.id ?? '') : ''
      return `${instanceId}${consoleTime(emission.atMs)}${emission.message}\n`
    }
    case 'sls':
      return renderRow(emission)
  }
}

function renderRow(emission: Emission): string {
  const { kind, instance, atMs } = emission
  const second = Math.floor(atMs / 1000)
  const part = instance.profile.hasExactTimes ? `,"__time_ns_part__":"${(atMs - second * 1000) * 1_000_000}"` : ''
  const time = `{"__time__":"${second}"${part},`
  if (kind === 'requestMetrics' || kind === 'instanceEvent' || kind === 'instanceMetrics')
    return time + renderPlatformRow(emission)
  instance.rowHead ??= appRowHead(instance)
  return `${time}${instance.rowHead}"message":${JSON.stringify(emission.message)}}\n`
}

function appRowHead(instance: Instance): string {
  const { profile, id } = instance
  const topic = profile.serviceName ?? `FCLogs:${profile.functionName}`
  return openRow({
    __topic__: topic,
    __source__: '',
    ...identity(instance),
    ...(profile.namesInstance && id !== null && { instanceID: id }),
  })
}

function renderPlatformRow(emission: Emission): string {
  const { instance, row, kind } = emission
  const name =
    kind === 'requestMetrics' ? 'FCRequestMetrics' : kind === 'instanceEvent' ? 'FCInstanceEvents' : 'FCInstanceMetrics'
  const fields: Record<string, string> = {
    __topic__: `${name}:${instance.profile.serviceName ?? ''}/${instance.profile.functionName}`,
    __source__: '',
    ...identity(instance),
    ...(instance.id !== null && { instanceID: instance.id }),
  }
  if (row !== null) return `${JSON.stringify({ ...fields, ...metricsStrings(row, instance.id) }).slice(1)}\n`
  const own = emission.eventName === null ? instanceFigures(instance) : { event: emission.eventName, level: 'Normal' }
  return `${JSON.stringify({ ...fields, ...own }).slice(1)}\n`
}

function instanceFigures(instance: Instance): Record<string, string> {
  const { memoryMB } = instance.profile
  return {
    operation: 'CollectInstanceMetrics',
    aggPeriodSeconds: '60',
    concurrentRequests: String(instance.active),
    cpuPercent: '12.50',
    cpuQuotaPercent: '50.00',
    memoryLimitMB: String(memoryMB),
    memoryUsageMB: (memoryMB / 4).toFixed(2),
    memoryUsagePercent: '25.00',
  }
}

function identity({ profile }: Instance): Record<string, string> {
  const { functionName, serviceName, qualifier, versionId } = profile
  return { functionName, ...(serviceName !== null && { serviceName }), qualifier, versionId }
}

/** The fields as JSON without the braces, with a comma behind. */
const openRow = (fields: Record<string, string>): string => `${JSON.stringify(fields).slice(1, -1)},`

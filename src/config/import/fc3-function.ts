// A function of FC 3.0, as GetFunction and ListFunctions of API 2023-03-30 give it.
import { isMapping } from '../option-tree.ts'
import type { FoundFunction } from './found-function.ts'

/** `answer` is one function object. */
export function fc3Function(answer: Readonly<Record<string, unknown>>, place: string): FoundFunction {
  const gpu = isMapping(answer['gpuConfig']) ? answer['gpuConfig'] : {}
  return {
    place,
    generation: 3,
    functionName: answer['functionName'],
    serviceName: null,
    region: regionOfArn(answer['functionArn']),
    sizes: {
      vCPU: answer['cpu'],
      memoryMB: answer['memorySize'],
      diskMB: answer['diskSize'],
      instanceConcurrency: answer['instanceConcurrency'],
      timeoutSeconds: answer['timeout'],
    },
    gpuType: gpu['gpuType'],
    gpuMemoryMB: gpu['gpuMemorySize'],
  }
}

/** `acs:fc:cn-hangzhou:123:functions/name` */
function regionOfArn(arn: unknown): string | null {
  const [scheme, product, region] = typeof arn === 'string' ? arn.split(':', 3) : []
  return scheme === 'acs' && product === 'fc' && region !== undefined && region !== '' ? region : null
}

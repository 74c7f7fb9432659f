// A function of FC 2.0, as GetFunction and ListFunctions of API 2021-04-06 give it: without region and service, which are in the
// request's address only.
import type { FoundFunction } from './found-function.ts'
import { isPlainInstance } from './gpu-series.ts'

/** Keys that functions of FC 3.0 do not have. */
const keys = [
  'serviceName',
  'instanceType',
  'gpuMemorySize',
  'initializationTimeout',
  'instanceSoftConcurrency',
  'caPort',
]

/** Tells the generations apart: no key says it. */
export const isFC2Function = (answer: Readonly<Record<string, unknown>>): boolean =>
  answer['functionArn'] === undefined && keys.some(key => Object.hasOwn(answer, key))

/** `answer` is one function object. */
export function fc2Function(answer: Readonly<Record<string, unknown>>, place: string): FoundFunction {
  const { instanceType } = answer
  return {
    place,
    generation: 2,
    functionName: answer['functionName'],
    serviceName: answer['serviceName'],
    region: null,
    sizes: {
      vCPU: answer['cpu'],
      memoryMB: answer['memorySize'],
      diskMB: answer['diskSize'],
      instanceConcurrency: answer['instanceConcurrency'],
      timeoutSeconds: answer['timeout'],
    },
    gpuType: isPlainInstance(instanceType) ? null : instanceType,
    gpuMemoryMB: answer['gpuMemorySize'],
  }
}

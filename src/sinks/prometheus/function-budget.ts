// Labels that name a function, within a budget: names come from logs, and every one of them costs memory here and in whatever
// scrapes. What is one too many shares the labels `__other__`.
import type { Attempt } from '../../model/attempt.ts'
import type { Labels } from '../../telemetry/series.ts'

/** Stands in for every value beyond the budget. */
export const otherValue = '__other__'

const other: Labels = { function_name: otherValue, service_name: otherValue, qualifier: otherValue }

/** Longest value of a label, in UTF-16 units; the platform's own names are shorter. */
const maxValueLength = 128

type Names = Pick<Attempt, 'functionName' | 'serviceName' | 'qualifier'>

/** Finds the value `T` kept for a function, made by `create` of its labels. */
export class FunctionBudget<T> {
  readonly #max: number
  readonly #create: (labels: Labels) => T
  readonly #byKey = new Map<string, T>()
  readonly #other: { value: T | null } = { value: null }
  #lastNames: Names = { functionName: '', serviceName: '', qualifier: '' }
  #last: T | null = null

  constructor(options: { max: number; create: (labels: Labels) => T }) {
    this.#max = options.max
    this.#create = options.create
  }

  of(names: Names): T {
    const { functionName, serviceName, qualifier } = names
    const last = this.#lastNames
    const isLast =
      functionName === last.functionName && serviceName === last.serviceName && qualifier === last.qualifier
    if (isLast && this.#last !== null) return this.#last
    this.#lastNames = { functionName, serviceName, qualifier }
    this.#last = this.#find(functionName ?? '', serviceName ?? '', qualifier ?? '')
    return this.#last
  }

  /** Labels that were in use before a restart keep their place. */
  restore(labels: Labels): void {
    if (labels['function_name'] === otherValue) return
    this.#find(labels['function_name'] ?? '', labels['service_name'] ?? '', labels['qualifier'] ?? '')
  }

  #find(functionName: string, serviceName: string, qualifier: string): T {
    const key = `${functionName}\0${serviceName}\0${qualifier}`
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    const isLong = Math.max(functionName.length, serviceName.length, qualifier.length) > maxValueLength
    if (this.#byKey.size >= this.#max || isLong) {
      this.#other.value ??= this.#create(other)
      return this.#other.value
    }
    const made = this.#create({ function_name: functionName, service_name: serviceName, qualifier })
    this.#byKey.set(key, made)
    return made
  }
}

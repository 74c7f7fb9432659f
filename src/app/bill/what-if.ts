// `fcscope bill what-if`: a function of another size, on files or on the store, and the risk that its own history shows.
import { AttemptHours } from '../../billing/attempt-hours.ts'
import { monthOf } from '../../billing/beijing-clock.ts'
import { beganMs } from '../../billing/billed-attempt.ts'
import { isOf, type SizeChange, type TargetFunction } from '../../billing/what-if/changed-size.ts'
import { RunHistories } from '../../billing/what-if/run-histories.ts'
import { type SizedEra, type WhatIf, whatIf } from '../../billing/what-if/what-if.ts'
import { createFunctionLookup, type FunctionLookup } from '../../config/function-lookup.ts'
import { loadFunctions } from '../../config/load-functions.ts'
import { ExitStatus, FcscopeError } from '../../model/fcscope-error.ts'
import type { FunctionConfig } from '../../model/function-config.ts'
import type { InstanceHour } from '../../model/instance-hour.ts'
import type { PriceBook } from '../../model/price-book.ts'
import type { RunHistory } from '../../model/run-history.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import { storedRunHistories } from '../../store/bill/run-history.ts'
import { readAttempts } from './attempt-lines.ts'
import { boundariesOf } from './boundaries.ts'
import type { BillRequest } from './gather-bill.ts'
import { openPriceBook } from './price-books.ts'
import { storedHours, windowOf } from './stored-hours.ts'

export interface WhatIfRequest extends Omit<BillRequest, 'instances'> {
  readonly target: TargetFunction
  readonly change: SizeChange
  readonly hasDiscount: boolean
  readonly billsAllDisk: boolean
}

export interface WhatIfAnswer extends WhatIf {
  readonly book: PriceBook
  /** Eras in which the function ran, with how it ran. */
  readonly eras: readonly (SizedEra & RunHistory)[]
}

interface Gathered {
  readonly hours: AsyncIterable<InstanceHour> | Iterable<InstanceHour>
  readonly histories: readonly RunHistory[]
}

/** Fails with an `FcscopeError`; with `FCS_NOT_FOUND` when the function was never called. */
export async function answerWhatIf(request: WhatIfRequest): Promise<WhatIfAnswer> {
  const { target, change, month, hasDiscount, billsAllDisk } = request
  const book = openPriceBook(request.book)
  const functions = loadFunctions(request.functions)
  const configOf = createFunctionLookup(functions)
  const eras = erasOf(functions, configOf, request)
  const gathered =
    'files' in request.attempts
      ? await fromFiles(request.attempts.files, { ...request, eras, book, configOf })
      : await fromStore(request.attempts.store, { ...request, eras, book, configOf, functionConfigs: functions })
  if (gathered.histories.every(({ calls, peaks }) => calls + peaks === 0)) throw neverCalled(target.functionName)
  const answer = await whatIf({
    ...gathered,
    target,
    change,
    eras,
    configOf,
    isWanted: hourMs => month === null || monthOf(hourMs) === month,
    options: { book, hasDiscount, billsAllDisk },
  })
  const ran = gathered.histories.flatMap(history => {
    const era = eras[history.era]
    return era === undefined ? [] : [{ ...era, ...history }]
  })
  return { ...answer, book, eras: ran }
}

/** Calls are slow that would not end within the function's timeout if their time went with the vCPU. */
function erasOf(
  functions: readonly FunctionConfig[],
  configOf: FunctionLookup,
  { target, change }: WhatIfRequest,
): readonly SizedEra[] {
  return [null, ...boundariesOf(functions)].map(fromMs => {
    const config = configOf({ ...target, qualifier: null }, fromMs ?? 0)
    const vCPU = config?.vCPU ?? null
    const timeoutSeconds = config?.timeoutSeconds ?? null
    const pace = vCPU === null || change.vCPU === null ? 1 : vCPU / change.vCPU
    const slowMs = timeoutSeconds === null ? null : (timeoutSeconds * 1000) / pace
    return { fromMs, vCPU, memoryMB: config?.memoryMB ?? null, slowMs }
  })
}

interface Parts extends Omit<WhatIfRequest, 'book'> {
  readonly eras: readonly SizedEra[]
  readonly book: PriceBook
  readonly configOf: FunctionLookup
}

const limitOf = ({ memoryMB }: SizeChange): number => memoryMB ?? Number.POSITIVE_INFINITY

async function fromFiles(files: readonly string[], parts: Parts): Promise<Gathered> {
  const { target, change, month } = parts
  const hours = new AttemptHours(parts)
  const histories = new RunHistories(parts.eras, limitOf(change))
  for (const file of files) {
    await readAttempts(file, attempt => {
      hours.add(attempt)
      const atMs = beganMs(attempt)
      if (isOf(target, attempt) && (month === null || atMs === null || monthOf(atMs) === month)) histories.add(attempt)
    })
  }
  return { hours: hours.hours(), histories: histories.histories() }
}

async function fromStore(
  store: StoreConnection,
  parts: Parts & { readonly functionConfigs: readonly FunctionConfig[] },
): Promise<Gathered> {
  const { target, change, month, eras, functionConfigs } = parts
  const wish = { ...windowOf(month), ...target, eras, limitMB: limitOf(change) }
  const histories = await storedRunHistories(store, wish)
  return { hours: storedHours(store, { ...parts, functions: functionConfigs, byInstance: false }), histories }
}

const neverCalled = (name: string): FcscopeError =>
  new FcscopeError(
    'FCS_NOT_FOUND',
    {
      en: `--function: no call of '${name}' is there. Names are told apart by case; \`fcscope bill estimate\` lists them.`,
      zh: `--function：没有 '${name}' 的调用。名称区分大小写，可用 \`fcscope bill estimate\` 查看。`,
    },
    { exitStatus: ExitStatus.badAnswer },
  )

// Hot path: the values of an FCRequestMetrics row (facts/fc-metrics-billing §A.2).
import { metricsNumberFields, metricsTextFields, type RequestMetricsRow } from '../../src/model/request-metrics-row.ts'
import { type FlatObject, ValueType } from '../shared/flat-object.ts'
import { Field } from '../shared/row-field.ts'

const numberFields = Int32Array.from(metricsNumberFields, name =>
  name === 'initializationMs' ? Field.initializationDurationMs : Field[name],
)
const textFields = Int32Array.from(metricsTextFields, name => Field[name])
const initializationColumn = metricsNumberFields.indexOf('initializationMs')

/**
 * Adds to `metrics` what `fields` gives and `metrics` does not have yet, so that a row whose values stand inside its
 * message can be read in two steps. Numbers that cannot be read, and negative ones, stay NaN.
 */
export function readRequestMetrics(fields: FlatObject, metrics: RequestMetricsRow): void {
  const { numbers, texts } = metrics
  const { types } = fields
  // Most columns of most rows are not given: that is asked first, because it is the cheapest question.
  for (let column = 0; column < numberFields.length; column += 1) {
    const field = numberFields[column]!
    if (types[field] === ValueType.none || !Number.isNaN(numbers[column]!)) continue
    numbers[column] = figureOf(fields, field)
  }
  if (Number.isNaN(numbers[initializationColumn]!)) numbers[initializationColumn] = otherInitialization(fields)
  for (let column = 0; column < textFields.length; column += 1) {
    const field = textFields[column]!
    if (types[field] !== ValueType.none && texts[column] === null) texts[column] = fields.text(field)
  }
  if (metrics.requestId === '') metrics.requestId = fields.text(Field.requestId) ?? ''
  if (metrics.isColdStart === null) metrics.isColdStart = fields.truth(Field.isColdStart)
  if (metrics.hasFunctionError === null) metrics.hasFunctionError = fields.truth(Field.hasFunctionError)
}

/** The column's name differs between sources; `initializationDurationMs` is the documented one and was read before. */
function otherInitialization(fields: FlatObject): number {
  const own = figureOf(fields, Field.initializationMs)
  return Number.isNaN(own) ? figureOf(fields, Field.initializationLatencyMs) : own
}

/** None of the columns can be below zero: what claims to be is as good as not given. */
function figureOf(fields: FlatObject, field: number): number {
  const value = fields.number(field)
  return value >= 0 ? value : Number.NaN
}

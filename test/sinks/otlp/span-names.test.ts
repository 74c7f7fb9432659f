// What our spans say is called as OpenTelemetry's own list of constants has it; everything else begins with `fc.`.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as conventions from '@opentelemetry/semantic-conventions/incubating'
import fc from 'fast-check'
import {
  cloudPlatform,
  cloudProvider,
  exceptionEvent,
  ownAttribute,
  spanAttribute,
  triggerGroups,
} from '../../../src/model/span-names.ts'
import { SpanBatch } from '../../../src/sinks/otlp/span-batch.ts'
import { attemptsWithSpans } from './arbitrary-attempt.ts'
import { decodeRequest } from './official-spans.ts'

const constants: Readonly<Record<string, unknown>> = { ...conventions }
const published = new Set(
  Object.entries(constants)
    .filter(([name]) => name.startsWith('ATTR_'))
    .map(([, value]) => value),
)

/** Names that a later version of the conventions has changed, and ours has not: the contract has the earlier one. */
const laterNames: Readonly<Record<string, string>> = { 'faas.invocation_id': 'faas.invocation.id' }
const isPublished = (name: string): boolean => published.has(laterNames[name] ?? name)

for (const name of Object.values(spanAttribute)) {
  test(`${name} is a name of the conventions`, () => assert.ok(isPublished(name)))
}

test('our own names are nobody else’s', () => {
  for (const name of Object.values(ownAttribute)) assert.ok(name.startsWith('fc.') && !published.has(name), name)
})

test('values are those of the conventions', () => {
  assert.equal(cloudProvider, constants['CLOUD_PROVIDER_VALUE_ALIBABA_CLOUD'])
  assert.equal(cloudPlatform, constants['CLOUD_PLATFORM_VALUE_ALIBABA_CLOUD_FC'])
  assert.equal(exceptionEvent, constants['EVENT_EXCEPTION'] ?? 'exception')
  for (const group of [...Object.keys(triggerGroups), 'other'])
    assert.equal(constants[`FAAS_TRIGGER_VALUE_${group.toUpperCase()}`], group)
})

test('every request can be decoded, and holds no other attribute', () => {
  const own = new Set<unknown>(Object.values(ownAttribute))
  const property = fc.property(attemptsWithSpans({ minLength: 1, maxLength: 40 }), attempts => {
    const batch = new SpanBatch({ withErrorLines: true })
    for (const one of attempts) batch.add(one, null)
    for (const { bytes, spans } of batch.requests(20_000)) {
      const seen = decodeRequest(bytes)
      assert.equal(seen.length, spans)
      for (const { resource, attributes, events } of seen) {
        const names = [resource, attributes, ...events.map(event => event.attributes)].flatMap(Object.keys)
        for (const name of names) assert.ok(isPublished(name) || own.has(name), name)
      }
    }
  })
  fc.assert(property, { numRuns: 100, endOnFailure: true })
})

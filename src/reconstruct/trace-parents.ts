// The caller's trace, as lines of an attempt name it (`traceparent` of W3C).

/** What stands for "several traces": whoever handles messages of many callers belongs to none of their traces. */
const several = ''

/**
 * What lines name that came one behind the other: the first value as long as all are of one trace. Null is none. Asked in any order of
 * lines, the answer names the same trace, or none.
 */
export function joinTraceParents(known: string | null, next: string | null): string | null {
  if (known === null || next === null) return known ?? next
  return known !== several && next !== several && traceIdOf(known) === traceIdOf(next) ? known : several
}

const traceIdOf = (traceParent: string): string => traceParent.slice(3, 35)

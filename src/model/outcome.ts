// What an End marker says about the attempt it ends (facts/fc-log-formats §1, suffix).

/** Outcomes in the order of {@link Outcome}'s numbers. */
export const outcomes = ['ok', 'handledError', 'unhandledError', 'canceled'] as const
export type OutcomeName = (typeof outcomes)[number]

/** The number of each outcome: its index in {@link outcomes}. */
export const Outcome = { ok: 0, handledError: 1, unhandledError: 2, canceled: 3 } as const
export type OutcomeCode = (typeof Outcome)[keyof typeof Outcome]

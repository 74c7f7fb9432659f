/** What became of a record, as a number: the index in `fates` of model/ledger.ts. */
export const FateCode = { attached: 0, unattached: 1, duplicate: 2, ignored: 3, deadLettered: 4 } as const
export type FateCode = (typeof FateCode)[keyof typeof FateCode]

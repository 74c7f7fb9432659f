// What an engine of a test is given where nothing else matters.
import { unknownFunctions } from '../../src/app/unknown-functions.ts'

export const usualEngine = {
  maxOpen: 1000,
  silenceMs: 900_000,
  allowedLatenessMs: 60_000,
  settleAfterMs: 300,
  timeZone: 'Asia/Shanghai',
  logTimeZone: 'UTC',
  lang: 'en',
  maxRows: 1000,
  figures: unknownFunctions,
  isAnyStored: false,
  onDeadLetter: () => {},
} as const

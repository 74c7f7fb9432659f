// Request ids in every shape that the platform uses (facts/fc-log-formats §1).
import type { Random } from '../lib/random.ts'
import type { RequestIdShape } from './functions.ts'

export function makeRequestId(shape: RequestIdShape, atMs: number, random: Random): string {
  switch (shape) {
    case 'uuid':
      return makeUuid(random)
    case 'upperUuid':
      return makeUuid(random).toUpperCase()
    case 'hex32':
      return random.hex(32).toUpperCase()
    case '1-8-24':
      return `1-${epochHex(atMs)}-${random.hex(24)}`
    case '1-8-8-12':
      return `1-${epochHex(atMs)}-${random.hex(8)}-${random.hex(12)}`
  }
}

export function makeUuid(random: Random): string {
  const hex = random.hex(32)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
}

export const makeInstanceId = (atMs: number, random: Random): string => `c-${epochHex(atMs)}-${random.hex(20)}`

/** Ids of the `1-` shapes and of instances begin with the second of their making. */
const epochHex = (atMs: number): string =>
  Math.floor(atMs / 1000)
    .toString(16)
    .padStart(8, '0')

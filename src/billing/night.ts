// Hours that cost less (facts §D.2).
import type { PriceEdition } from '../model/price-book.ts'
import { beijingHour } from './beijing-clock.ts'

export const isNight = (unixMs: number, { night }: PriceEdition): boolean =>
  night !== null && beijingHour(unixMs) >= night.fromHour && beijingHour(unixMs) < night.toHour

// Amounts for the eye: at most six digits behind the point. Exact ones are in the JSON and the CSV.

export const money = (decimal: string): string =>
  Number(decimal).toLocaleString('en-US', { maximumFractionDigits: 6, minimumFractionDigits: 2 })

/** With its sign, so that nobody has to guess which way. */
export const signedMoney = (decimal: string): string => (Number(decimal) > 0 ? `+${money(decimal)}` : money(decimal))

export const signedPercent = (percent: string | null): string =>
  percent === null ? '–' : `${Number(percent) > 0 ? '+' : ''}${percent} %`

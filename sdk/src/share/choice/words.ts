import type { Chance } from './binomial.ts'

/**
 * A chance as a person reads it, with as many nines as it has: `99.9 %`, `99.99901 %`; beyond ten of them by how rare
 * a failure is.
 * @example
 * chanceWords(atLeast(5, 3, 0.99)) // '99.99901 %'
 */
export function chanceWords({ failure, nines }: Chance): string {
  if (nines >= 11) return `all but 1 in 10^${Math.floor(nines)}`
  const digits = Math.max(1, Math.ceil(nines) - 1)
  // Cut and not rounded: 99.96 % is not 100 %.
  const scale = 10 ** digits
  return `${(Math.floor((100 - 100 * failure) * scale + 1e-4) / scale).toFixed(digits)} %`
}

/** `4.1 nines`, never more than there are. */
export const nineWords = ({ nines }: Chance): string => {
  const shown = (Math.floor(nines * 10 + 1e-9) / 10).toFixed(1)
  return `${shown} ${shown === '1.0' ? 'nine' : 'nines'}`
}

import { BaseError } from '../../errors.ts'

/** A chance with its opposite, each computed by itself: 1 - x would lose the digits of a small one. */
export type Chance = {
  /** 0..1. */
  readonly success: number
  /** 0..1; 0 only below the smallest number there is, where `nines` still says how small. */
  readonly failure: number
  /** -log10 of the failure: 3 for 99.9 %. */
  readonly nines: number
}

/**
 * The chance that at least `least` of `n` independent trials succeed, each with chance `p`: X ~ Bin(n, p), P[X >= least].
 * Relative error of both sides below 1e-10 for n up to 300.
 * @throws ChanceError unless 0 < p < 1, and n >= least >= 0 are whole numbers.
 * @example
 * atLeast(5, 3, 0.99).nines // 5.006...
 */
export function atLeast(n: number, least: number, p: number): Chance {
  checkChance(p, 'The chance')
  if (!Number.isSafeInteger(n) || !Number.isSafeInteger(least) || least < 0 || least > n)
    throw new ChanceError({ reason: `At least ${least} of ${n} is no question.` })
  return chanceOf(logSum(n, least, n, p), logSum(n, 0, least - 1, p))
}

/** The same in each of `rounds` rounds, of which none may fail; `rounds` need not be whole. */
export function everyRound({ success, nines }: Chance, rounds: number): Chance {
  // log(1 - f) from f where success is near 1, from success where it is not.
  const logFailure = -nines * Math.LN10
  const logSuccess = rounds * (nines > 0.3 ? Math.log1p(-Math.exp(logFailure)) : Math.log(success))
  // Far down 1 - (1 - f)^m is m f, also where f is too small for a number.
  const failed = nines > 16 ? logFailure + Math.log(rounds) : Math.log(-Math.expm1(logSuccess))
  return chanceOf(logSuccess, failed)
}

/** @throws ChanceError unless 0 < p < 1. */
export function checkChance(p: number, what: string): void {
  if (!(p > 0 && p < 1)) throw new ChanceError({ reason: `${what} must lie between 0 and 1, both left out.` })
}

/** From natural logarithms of both sides. */
function chanceOf(success: number, failure: number): Chance {
  // -0 would print as a minus.
  return { success: Math.exp(success), failure: Math.exp(failure), nines: -failure / Math.LN10 + 0 }
}

/** Terms smaller than this part of the sum change nothing. */
const negligible = 1e-20

/** ln of the sum of Bin(n, p) from `from` to `to`, added up from its largest term outwards. */
function logSum(n: number, from: number, to: number, p: number): number {
  if (from > to) return Number.NEGATIVE_INFINITY
  const peak = Math.min(to, Math.max(from, Math.floor((n + 1) * p)))
  const odds = p / (1 - p)
  let sum = 1
  for (let i = peak, term = 1; i < to && term > negligible * sum; i++) {
    term *= ((n - i) / (i + 1)) * odds
    sum += term
  }
  for (let i = peak, term = 1; i > from && term > negligible * sum; i--) {
    term *= i / (n - i + 1) / odds
    sum += term
  }
  return Math.min(0, logChoose(n, peak) + peak * Math.log(p) + (n - peak) * Math.log1p(-p) + Math.log(sum))
}

function logChoose(n: number, i: number): number {
  let sum = 0
  for (let j = Math.min(i, n - i); j > 0; j--) sum += Math.log((n - j + 1) / j)
  return sum
}

/** Thrown for a chance that is none, or for a question that has no answer. */
export class ChanceError extends BaseError<'CHANCE'> {
  override readonly name = 'ChanceError'
  constructor({ reason = 'There is no such chance.' }: { reason?: string }) {
    super('CHANCE', reason, {
      hints: ['Give a number such as 0.99; nodes that never fail, or always, need no estimate.'],
      docs: 'policy.md#chances',
    })
  }
}

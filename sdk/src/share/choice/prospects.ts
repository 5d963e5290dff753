import { checkPolicy, type Policy } from '../policy.ts'
import { atLeast, type Chance, ChanceError, checkChance, everyRound } from './binomial.ts'

/** What is assumed of nodes, all of which are alike and fail independently. */
export type Conditions = {
  /** Chance that a node answers when it is asked, between 0 and 1. */
  readonly availability: number
  /** Chance that a node loses its share for good within a year, between 0 and 1. */
  readonly yearlyLoss: number
  /** Days after which lost shares are made anew, 1..365; left away, never. */
  readonly repairDays?: number | undefined
}

/** What a policy costs, what it survives, and who must collude (docs/spec/policy.md). */
export type Prospects = {
  /** Bytes on all nodes together for each byte of the sealed record: n / (t - r). */
  readonly storageFactor: number
  /** How many nodes may be gone: n - t. */
  readonly mayFail: number
  /** How many nodes together rebuild the sealed bytes: t. */
  readonly rebuild: number
  /** How many nodes together learn anything at all of the sealed bytes: r + 1. */
  readonly learn: number
  /** Part of the sealed bytes that t - 1 nodes hold at most, 0..1: (t - 1 - r) / (t - r). */
  readonly almost: number
  /** At least t of n nodes are up when somebody asks. */
  readonly opens: Chance
  /** At least t of n shares are there after a year, with repairs where there are any. */
  readonly kept: Chance
}

const daysOfYear = 365

/**
 * Computes the prospects of a record under a policy.
 * @throws PolicyError for what is no policy; ChanceError for conditions that are none.
 * @example
 * prospectsOf({ n: 9, t: 6, r: 3 }, { availability: 0.99, yearlyLoss: 0.05 }).opens.nines // 5.92...
 */
export function prospectsOf(policy: Policy, conditions: Conditions): Prospects {
  checkPolicy(policy)
  const { n, t, r } = policy
  return {
    storageFactor: n / (t - r),
    mayFail: n - t,
    rebuild: t,
    learn: r + 1,
    almost: (t - 1 - r) / (t - r),
    opens: atLeast(n, t, conditions.availability),
    kept: keptForAYear(n, t, conditions),
  }
}

function keptForAYear(n: number, t: number, { yearlyLoss, repairDays = daysOfYear }: Conditions): Chance {
  checkChance(yearlyLoss, 'The yearly loss')
  if (!(repairDays >= 1 && repairDays <= daysOfYear))
    throw new ChanceError({ reason: 'Repairs come every 1 to 365 days.' })
  const rounds = daysOfYear / repairDays
  const stays = (1 - yearlyLoss) ** (1 / rounds)
  return everyRound(atLeast(n, t, stays), rounds)
}

import { equal } from '../../bytes.ts'
import type { Policy } from '../policy.ts'
import { maskCount } from './refresh.ts'
import type { Check } from './said.ts'
import { judgeContribution } from './word.ts'

/** What is thought of one contribution: the nodes off it, or undefined where it is refused. */
export type Verdict = { readonly share: number; readonly off: readonly number[] | undefined }

/**
 * Judges all contributions of a refresh by what the nodes signed. Checks of another beacon, and values in another number,
 * count as silence.
 * @param checks of nodes 0..n-1.
 * @param options.most f, as the terms have it.
 * @throws RenewError for another number of checks or a larger f.
 */
export function judgeChecks(
  policy: Policy,
  checks: readonly (Check | undefined)[],
  { contributors, beacon, most }: judgeChecks.Options,
): Verdict[] {
  const count = maskCount(policy)
  const counted = checks.map((check) => (check && equal(check.beacon, beacon) ? check : undefined))
  return contributors.map((share, c) => {
    const said = counted.map((check) => {
      const values = check?.values[c]
      return values?.length === count ? values : undefined
    })
    return { share, off: judgeContribution(policy, said, most) }
  })
}
export declare namespace judgeChecks {
  type Options = {
    readonly contributors: readonly number[]
    readonly beacon: Uint8Array
    readonly most: number
  }
}

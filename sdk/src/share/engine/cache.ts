import type { Policy } from '../policy.ts'
import type { Plan } from './plan.ts'

/** A plan and what it is for. Plans of encoding have no shares. */
type Kept = { readonly policy: Policy; readonly shares: readonly number[]; readonly plan: Plan }

/** Keeps the plans used last, few enough and small enough. Keys are compared number by number: no text is built. */
export function createPlanCache(limits: {
  readonly plans: number
  readonly bytes: number
}): createPlanCache.ReturnType {
  let kept: Kept[] = []
  return {
    get(policy, shares, create) {
      const found = kept.find((one) => samePolicy(one.policy, policy) && sameNumbers(one.shares, shares))
      if (found && found === kept.at(-1)) return found.plan
      const latest = found ?? { policy, shares, plan: create() }
      kept = [...kept.filter((one) => one !== latest), latest]
      while (kept.length > limits.plans || (kept.length > 1 && weight(kept) > limits.bytes)) kept = kept.slice(1)
      return latest.plan
    },
    length: () => kept.length,
  }
}
export declare namespace createPlanCache {
  type ReturnType = {
    /** The plan for a policy and shares, made by `create` where none is kept. */
    get(policy: Policy, shares: readonly number[], create: () => Plan): Plan
    /** Plans kept now. */
    length(): number
  }
}

const samePolicy = (a: Policy, b: Policy): boolean => a.n === b.n && a.t === b.t && a.r === b.r

const sameNumbers = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i])

/** Bytes of the images, and of the share numbers they were made for. */
const weight = (kept: readonly Kept[]): number =>
  kept.reduce((sum, { plan, shares }) => sum + plan.image.length + 8 * shares.length, 0)

import { mostRehearsed } from '@sharewell/sdk/flow'
import {
  adviseOn,
  type Policy,
  type ProfileName,
  type Prospects,
  profileNames,
  profileOf,
  prospectsOf,
  type Warning,
} from '@sharewell/sdk/share'

/** Most nodes of the page's sliders: as many as a browser rehearses. */
export const mostNodes = mostRehearsed

/** How often a node is up, in the steps of the slider. */
export const availabilities: readonly number[] = [
  0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999, 0.9999,
]

/** What somebody is trying out. */
export type PolicyDraft = Policy & {
  readonly availability: number
  readonly yearlyLoss: number
  /** 0 for never. */
  readonly repairDays: number
}

export const firstDraft: PolicyDraft = { ...profileOf('standard'), availability: 0.99, yearlyLoss: 0.05, repairDays: 0 }

/** The draft with another n, t or r; the others follow, so that it stays a policy: r < t <= n. */
export function withNumber(draft: PolicyDraft, name: 'n' | 't' | 'r', value: number): PolicyDraft {
  const within = (least: number, most: number): number => Math.min(most, Math.max(least, Math.round(value) || 0))
  if (name === 'n') {
    const n = within(1, mostNodes)
    const t = Math.min(draft.t, n)
    return { ...draft, n, t, r: Math.min(draft.r, t - 1) }
  }
  if (name === 'r') return { ...draft, r: within(0, draft.t - 1) }
  const t = within(1, draft.n)
  return { ...draft, t, r: Math.min(draft.r, t - 1) }
}

/** The draft under the numbers of a profile; the paper's keeps n and t. */
export function withProfile(draft: PolicyDraft, name: ProfileName): PolicyDraft {
  return { ...draft, ...profileOf(name, draft) }
}

/** The profile whose numbers these are. */
export function profileIn({ n, t, r }: Policy): ProfileName | undefined {
  return profileNames.find((name) => {
    const one = profileOf(name, { n, t })
    return one.n === n && one.t === t && one.r === r
  })
}

/** Everything that follows from a draft. */
export function outcomeOf(
  draft: PolicyDraft,
  operators: readonly number[] | undefined,
): { prospects: Prospects; warnings: readonly Warning[] } {
  const { n, t, r, availability, yearlyLoss, repairDays } = draft
  const policy = { n, t, r }
  const prospects = prospectsOf(policy, {
    availability,
    yearlyLoss,
    ...(repairDays > 0 && { repairDays }),
  })
  return { prospects, warnings: adviseOn({ policy, prospects, availability, operators }) }
}

export const samePolicy = (one: Policy, other: Policy | undefined): boolean =>
  one.n === other?.n && one.t === other.t && one.r === other.r

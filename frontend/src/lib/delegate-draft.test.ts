import type { Delegation } from '@sharewell/sdk/chain'
import { describe, expect, it } from 'vitest'
import { accountIn, type DelegateDraft, delegateDraft, delegateProblem, delegationTerms } from './delegate-draft.ts'

const now = 1_800_000_000
const account = `0x${'ab'.repeat(20)}` as const
const draft: DelegateDraft = { ...delegateDraft(undefined), account, categories: [3] }
const check = (change: Partial<DelegateDraft>, own: readonly `0x${string}`[] = []) =>
  delegateProblem({ ...draft, ...change }, { own, now })

describe('somebody who is to act for a patient', () => {
  it('is named by the account, as text or as a wallet shows it', () => {
    const upper = `0x${'AB'.repeat(20)}`
    for (const text of [account, ` ${upper}\n`, `ethereum:${account}`, `ethereum:${account}@31337`])
      expect(accountIn(text)).toBe(account)
    for (const text of ['', '0x12', `${account}00`, `0x${'00'.repeat(20)}`, 'sharewell-patient1:abc', `pay ${account}`])
      expect(accountIn(text)).toBeUndefined()
  })

  it('is not reviewed before an account, a task, a kind and a time are named', () => {
    expect(check({})).toBeUndefined()
    expect(check({ account: 'my mother' })).toMatch(/account/)
    expect(check({}, [`0x${'AB'.repeat(20)}`])).toMatch(/own/)
    expect(check({ tasks: [] })).toMatch(/may do/)
    expect(check({ categories: [] })).toMatch(/kind/)
    expect(check({ tasks: ['decide'], purposes: 0 })).toMatch(/read for/)
    expect(check({ span: 'date', day: '2001-01-01' })).toMatch(/future/)
  })

  it('may do what was chosen, and nothing beside it', () => {
    const terms = (change: Partial<DelegateDraft>) => delegationTerms({ ...draft, ...change }, { mask: 4, now })
    expect(terms({})).toEqual({ until: now + 30 * 86_400, reads: 64, grants: 0, categories: 4 })
    expect(terms({ tasks: ['decide'], purposes: 5 })).toMatchObject({ reads: 0, grants: 5 })
  })

  it('keeps limits that are not changed', () => {
    const delegation = { account, reads: 64, grants: 3, until: now + 5_000 } as Delegation
    const kept = delegationTerms(delegateDraft({ delegation, categories: [3] }), { mask: 4, now })
    expect(kept).toEqual({ until: now + 5_000, reads: 64, grants: 3, categories: 4 })
  })
})

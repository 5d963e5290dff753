import { granteeOf, personId } from '@sharewell/sdk/chain'
import { describe, expect, it } from 'vitest'
import { type GrantDraft, permissionsOf, problemOf, termsOf } from './grant-draft.ts'
import { askedFor, noteWith } from './note.ts'
import { saltAmong } from './salts.ts'

const now = 1_800_000_000
const doctor = { kind: 'person', account: `0x${'01'.repeat(20)}` } as const
const team = { kind: 'organization', organization: `0x${'02'.repeat(16)}` } as const
const draft: GrantDraft = { grantees: [doctor], categories: [3], purpose: 0, span: 'week', day: '', hidden: false }

describe('a grant that is being filled in', () => {
  it('lasts as long as was chosen, and starts at once also by a slow clock', () => {
    expect(termsOf(draft, { mask: 4, now })).toEqual({
      from: now - 60,
      until: now + 604_800,
      purposes: 1,
      categories: 4,
    })
  })

  it('ends with the last second of a chosen day', () => {
    const { until } = termsOf({ ...draft, span: 'date', day: '2027-03-01' }, { mask: 4, now })
    expect(new Date(until * 1000).getSeconds()).toBe(59)
    expect(new Date(until * 1000).getDate()).toBe(1)
  })

  it('is not reviewed before somebody, something and a time are named', () => {
    const check = (change: Partial<GrantDraft>, oneRecord = false) =>
      problemOf({ ...draft, ...change }, { oneRecord, now })
    expect(check({})).toBeUndefined()
    expect(check({ grantees: [] })).toMatch(/who/)
    expect(check({ categories: [] })).toMatch(/kind/)
    expect(check({ categories: [] }, true)).toBeUndefined()
    expect(check({ span: 'date', day: '2001-01-01' })).toMatch(/future/)
    expect(check({ span: 'date', day: '' })).toMatch(/future/)
  })
})

describe('the permissions that a draft means', () => {
  const terms = termsOf(draft, { mask: 4, now })
  const permissions = (change: Partial<GrantDraft>) =>
    permissionsOf({ ...draft, ...change }, { terms, recordId: undefined, saltFor: saltAmong([]) })

  it('name each of those chosen, in the open', () => {
    const ids = permissions({ grantees: [doctor, team] }).map(({ consent }) => consent.granteeId)
    expect(ids).toEqual([personId(doctor.account), granteeOf(team)])
  })

  it('name each under a number of its own where they stay hidden', () => {
    const hidden = permissions({ grantees: [doctor, team], hidden: true })
    expect(new Set(hidden.map(({ salt }) => salt)).size).toBe(2)
    for (const { grantee, salt, consent } of hidden) expect(consent.granteeId).toBe(granteeOf(grantee, salt))
    expect(hidden[0]?.consent.granteeId).not.toBe(personId(doctor.account))
  })

  it('go on under the number of an earlier receipt', () => {
    const [first] = permissions({ hidden: true })
    const salt = first?.salt ?? '0x'
    expect(saltAmong([{ grantee: doctor, salt } as never])(doctor)).toBe(salt)
    expect(saltAmong([{ grantee: doctor, salt } as never])(team)).not.toBe(salt)
  })
})

describe('a note with what is asked for', () => {
  it('is read back as it was written', () => {
    expect(askedFor(noteWith('Before your operation.', [3, 2]))).toEqual([2, 3])
  })

  it('never chooses for the patient what is sensitive', () => {
    const note = noteWith('Before your operation.', [2, 19, 27])
    expect(note).toMatch(/Mental health/)
    expect(askedFor(note)).toEqual([2])
  })

  it('asks for nothing in particular when it names nothing', () => {
    expect(noteWith(' Hello ', [])).toBe('Hello')
    expect(askedFor('Asked for: the moon')).toEqual([])
    expect(askedFor(undefined)).toEqual([])
  })
})

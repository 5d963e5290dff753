import { type Consent, granteeOf, personId } from '@sharewell/sdk/chain'
import { describe, expect, it } from 'vitest'
import { draftOf, type GrantDraft, permissionsOf, problemOf, termsAgain, termsOf } from './grant-draft.ts'
import { askedFor, noteWith } from './note.ts'
import { saltAmong } from './salts.ts'
import { leftText } from './uses.ts'

const now = 1_800_000_000
const doctor = { kind: 'person', account: `0x${'01'.repeat(20)}` } as const
const team = { kind: 'organization', organization: `0x${'02'.repeat(16)}` } as const
const draft: GrantDraft = {
  grantees: [doctor],
  categories: [3],
  purposes: 1,
  span: 'week',
  day: '',
  often: 'any',
  times: '',
  hidden: false,
}

describe('a grant that is being filled in', () => {
  it('lasts as long as was chosen, and starts at once also by a slow clock', () => {
    expect(termsOf(draft, { mask: 4, now })).toEqual({
      from: now - 60,
      until: now + 604_800,
      purposes: 1,
      categories: 4,
      useLimit: 0,
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

  it('says how often, in whole numbers', () => {
    const limit = (change: Partial<GrantDraft>) => termsOf({ ...draft, ...change }, { mask: 4, now }).useLimit
    expect([limit({ often: 'once' }), limit({ often: 'times', times: ' 12 ' })]).toEqual([1, 12])
    for (const times of ['', '0', '-1', '1.5', 'two', '65536', '1e3'])
      expect(problemOf({ ...draft, often: 'times', times }, { oneRecord: false, now })).toMatch(/how often/)
    expect(problemOf({ ...draft, often: 'times', times: '65535' }, { oneRecord: false, now })).toBeUndefined()
  })
})

describe('a permission that stands', () => {
  const consent = {
    state: 'permit',
    from: now - 1_000,
    until: now + 5_000,
    purposes: 0b10_0001,
    categories: 4,
    useLimit: 5,
    used: 2,
  } as unknown as Consent
  const change = (of: Consent, part: Partial<GrantDraft> = {}) =>
    termsOf({ ...draftOf(of, { grantee: doctor, hidden: false, categories: [3] }), ...part }, { mask: 4, now })

  it('stays as it is where nothing is changed: no longer, and no oftener than is left', () => {
    expect(change(consent)).toEqual({
      from: consent.from,
      until: consent.until,
      purposes: consent.purposes,
      categories: 4,
      useLimit: 3,
    })
    expect(change({ ...consent, useLimit: 0, used: 0 }).useLimit).toBe(0)
    expect(change({ ...consent, used: 5 }).useLimit).toBe(1)
  })

  it('ends when the patient says so from now on', () => {
    expect(change(consent, { span: 'week' }).until).toBe(now + 604_800)
    const over = draftOf({ ...consent, until: now - 1 }, { grantee: doctor, hidden: false, categories: [3] })
    expect(problemOf(over, { oneRecord: false, now })).toMatch(/future/)
  })

  it('is given again, after it was stopped, for what was left of it and no more', () => {
    expect(termsAgain(consent, now)).toMatchObject({ until: consent.until, useLimit: 3, from: now - 60 })
    expect(termsAgain({ ...consent, useLimit: 0, used: 0 }, now)?.useLimit).toBe(0)
    expect(termsAgain({ ...consent, used: 5 }, now)).toBeUndefined()
  })

  it('tells how often it may still be opened', () => {
    expect(leftText(consent)).toBe('may be opened 3 times more')
    expect(leftText({ useLimit: 2, used: 1 })).toBe('may be opened once more')
    expect(leftText({ useLimit: 2, used: 2 })).toBe('opened as often as allowed')
    expect(leftText({ useLimit: 0, used: 0 })).toBeUndefined()
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

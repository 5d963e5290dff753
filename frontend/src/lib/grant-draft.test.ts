import { describe, expect, it } from 'vitest'
import { type GrantDraft, problemOf, termsOf } from './grant-draft.ts'
import { askedFor, noteWith } from './note.ts'

const now = 1_800_000_000
const draft: GrantDraft = { grantee: '0x01', categories: [3], purpose: 0, span: 'week', day: '' }

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
    expect(check({ grantee: undefined })).toMatch(/who/)
    expect(check({ categories: [] })).toMatch(/kind/)
    expect(check({ categories: [] }, true)).toBeUndefined()
    expect(check({ span: 'date', day: '2001-01-01' })).toMatch(/future/)
    expect(check({ span: 'date', day: '' })).toMatch(/future/)
  })
})

describe('a note with what is asked for', () => {
  it('is read back as it was written', () => {
    expect(askedFor(noteWith('Before your operation.', [3, 2]))).toEqual([2, 3])
  })

  it('asks for nothing in particular when it names nothing', () => {
    expect(noteWith(' Hello ', [])).toBe('Hello')
    expect(askedFor('Asked for: the moon')).toEqual([])
    expect(askedFor(undefined)).toEqual([])
  })
})

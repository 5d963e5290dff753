import type { Accounting } from '@sharewell/sdk/flow/book'
import { describe, expect, it } from 'vitest'
import { names } from './names.ts'
import { filterSeen, seenAsCsv, seenAsFhir, seenIn } from './seen.ts'

const id = (name: string, bytes = 32) =>
  `0x${Buffer.from(name)
    .toString('hex')
    .padEnd(2 * bytes, '0')}` as const
const [doctor, nurse] = [id('doctor', 20), id('nurse', 20)]
const [lab, imaging] = [id('lab'), id('imaging')]
// A Monday.
const noon = Date.parse('2027-03-01T12:00Z') / 1_000
const opening = (name: string, change: object = {}): Accounting['disclosures'][number] => ({
  requestHash: id(name),
  pseudonym: id('me'),
  recordId: lab,
  version: 1,
  reader: doctor,
  purpose: 0,
  consentKey: id('consent'),
  at: noon,
  logged: { transaction: id('tx'), sender: doctor },
  released: [],
  shownBy: [],
  ...change,
})
const accounting: Accounting = {
  disclosures: [
    opening('third', { at: noon + 100, reader: nurse, recordId: imaging, logged: undefined }),
    opening('second', { at: noon + 50 }),
    opening('first', { at: noon - 13 * 3_600 }),
  ],
  unexplained: [
    {
      requestHash: id('dark'),
      pseudonym: id('me'),
      consentKey: id('consent'),
      at: noon + 70,
      transaction: id('tx'),
      released: [],
    },
  ],
  emergencies: [],
  faults: [],
  silent: [],
  asked: 3,
}
const namesOf = (list: readonly { readonly id: string }[]) =>
  list.map((one) => Buffer.from(one.id.slice(2), 'hex').toString().replaceAll('\0', ''))

describe('who saw what', () => {
  const all = seenIn(accounting, 'UTC')

  it('lists openings and what nobody explains, newest first, with what is unusual about each', () => {
    expect(namesOf(all)).toEqual(['third', 'dark', 'second', 'first'])
    expect(all.map(({ unusual }) => unusual)).toEqual([['new-reader'], [], [], ['hours', 'new-reader']])
    expect(all.map(({ announced }) => announced)).toEqual([false, true, true, true])
  })

  it('lists an emergency that was declared, whether or not anything was opened in it', () => {
    const emergency = {
      windowId: id('window'),
      pseudonym: id('me'),
      recordId: id(''),
      clinician: nurse,
      credentialId: id('credential'),
      guardian: doctor,
      reasonCommit: id('reason'),
      institution: id('hospital', 16),
      openedAt: noon + 10,
      until: noon + 86_400,
      closedAt: undefined,
      reviewBy: noon + 7 * 86_400,
      review: undefined,
    }
    const [only] = seenIn({ ...accounting, disclosures: [], unexplained: [], emergencies: [emergency] }, 'UTC')
    expect(only).toMatchObject({
      at: noon + 10,
      reader: nurse,
      until: noon + 86_400,
      unusual: ['new-reader', 'break-glass'],
    })
    const closed = { ...emergency, closedAt: noon + 60 }
    expect(seenIn({ ...accounting, disclosures: [], unexplained: [], emergencies: [closed] }, 'UTC')[0]?.until).toBe(
      noon + 60,
    )
  })

  it('is narrowed by reader, record and days; the unexplained may be anybody’s', () => {
    const left = (filter: object) => namesOf(filterSeen(all, filter, noon + 100))
    expect(left({})).toHaveLength(4)
    expect(left({ reader: nurse })).toEqual(['third', 'dark'])
    expect(left({ recordId: lab })).toEqual(['dark', 'second', 'first'])
    expect(left({ reader: nurse, recordId: lab })).toEqual(['dark'])
    expect(left({ days: 0.5 })).toEqual(['third', 'dark', 'second'])
    expect(filterSeen(all, { days: 1 }, noon + 86_450)).toHaveLength(2)
  })

  it('is saved with the names that verify, and with no other', async () => {
    names.accounts.set(doctor, { text: 'Dr. "A", B', verified: true })
    names.accounts.set(nurse, { text: 'Nobody', verified: false })
    const csv = await seenAsCsv(accounting).text()
    expect(csv.split('\r\n')).toHaveLength(6)
    expect(csv).toContain(`${doctor},"Dr. ""A"", B",`)
    expect(csv).not.toContain('Nobody')
    const bundle = JSON.parse(await seenAsFhir(accounting, id('network')).text()) as { entry: unknown[] }
    expect(bundle.entry).toHaveLength(3)
    names.accounts.set(doctor, { text: '=1+1', verified: true })
    expect(await seenAsCsv(accounting).text()).toContain(`${doctor},'=1+1,`)
  })
})

import type { Hex } from '@sharewell/sdk/bytes'
import { purposes } from '@sharewell/sdk/chain'
import {
  type Access,
  type AlertRule,
  AlertRulesError,
  defaultAlertRules,
  evaluateAlerts,
  parseAlertRules,
} from '@sharewell/sdk/flow/book'
import { expect } from 'chai'
import fc from 'fast-check'

const id = (name: string, bytes = 32): Hex =>
  `0x${Buffer.from(name)
    .toString('hex')
    .padEnd(2 * bytes, '0')}`
const doctor = id('doctor', 20)
const nurse = id('nurse', 20)
const clinic = id('clinic', 16)
const night = id('night', 16)
let made = 0
const access = (at: number | string, change: Partial<Access> = {}): Access => ({
  at: typeof at === 'number' ? at : Date.parse(at) / 1_000,
  reader: doctor,
  requestHash: id(`request ${made++}`),
  pseudonym: id('patient'),
  recordId: id('record'),
  organization: clinic,
  purpose: 0,
  ...change,
})
const rulesOf = (...rules: unknown[]) => parseAlertRules({ v: 1, rules })
const timesOf = (rules: readonly AlertRule[], accesses: readonly Access[], timeZone?: string) =>
  evaluateAlerts(rules, accesses, { timeZone }).map(({ access: { at } }) =>
    new Date(at * 1_000).toISOString().slice(0, 16),
  )

describe('alerts', () => {
  describe('outside hours', () => {
    const office = {
      id: 'office',
      kind: 'hours',
      days: ['mon', 'tue', 'wed', 'thu', 'fri'],
      from: '08:00',
      until: '18:00',
    }

    it('begin with the first minute after, and end with the first inside', () => {
      // A Monday.
      const at = ['2027-03-01T07:59', '2027-03-01T08:00', '2027-03-01T17:59', '2027-03-01T18:00']
      expect(
        timesOf(
          rulesOf(office),
          at.map((one) => access(`${one}Z`)),
        ),
      ).to.deep.equal([at[3], at[0]])
    })

    it('are the whole of a day that is not named', () => {
      expect(timesOf(rulesOf(office), [access('2027-02-28T12:00Z'), access('2027-03-06T12:00Z')])).to.have.length(2)
      expect(timesOf(rulesOf({ ...office, days: undefined }), [access('2027-02-28T12:00Z')])).to.deep.equal([])
    })

    it('past midnight belong to the day on which they began', () => {
      const shift = { ...office, id: 'shift', days: ['mon'], from: '22:00', until: '06:00' }
      const at = ['2027-03-01T05:59', '2027-03-01T21:59', '2027-03-01T22:00', '2027-03-02T05:59', '2027-03-02T06:00']
      const alerts = timesOf(
        rulesOf(shift),
        at.map((one) => access(`${one}Z`)),
      )
      expect(alerts).to.deep.equal([at[4], at[1], at[0]])
    })

    it('follow the zone of the rule, else of whoever looks, also where clocks change', () => {
      const zoned = rulesOf({ ...office, days: undefined, timeZone: 'Europe/Zurich' })
      // Winter, then summer: 08:00 there is 07:00 and 06:00 here.
      expect(timesOf(zoned, [access('2027-03-01T06:59Z'), access('2027-03-01T07:00Z')])).to.deep.equal([
        '2027-03-01T06:59',
      ])
      expect(timesOf(zoned, [access('2027-04-01T05:59Z'), access('2027-04-01T06:00Z')])).to.deep.equal([
        '2027-04-01T05:59',
      ])
      const own = rulesOf({ ...office, days: undefined })
      expect(
        timesOf(own, [access('2027-03-01T06:59Z'), access('2027-03-01T12:00Z')], 'America/New_York'),
      ).to.deep.equal(['2027-03-01T12:00', '2027-03-01T06:59'])
    })

    it('of an affiliation take the place of everybody’s', () => {
      const rules = rulesOf(office, {
        ...office,
        id: 'late',
        organization: night,
        days: undefined,
        from: '20:00',
        until: '08:00',
      })
      const accesses = [
        access('2027-03-01T12:00Z'),
        access('2027-03-01T12:01Z', { organization: night }),
        access('2027-03-01T23:00Z'),
        access('2027-03-01T23:01Z', { organization: night }),
        access('2027-03-01T23:02Z', { organization: undefined }),
      ]
      expect(evaluateAlerts(rules, accesses).map(({ rule, access: { at } }) => [rule, at])).to.deep.equal([
        ['office', accesses[4]?.at],
        ['office', accesses[2]?.at],
        ['late', accesses[1]?.at],
      ])
    })
  })

  describe('of a rush', () => {
    const rush = { id: 'many', kind: 'rush', of: 'patients', most: 3 }
    const visits = (count: number, { every = 60, from = 0 } = {}) =>
      Array.from({ length: count }, (_, at) => access(from + at * every, { pseudonym: id(`patient ${at}`) }))

    it('begin with one patient more than the limit, and name how many', () => {
      expect(evaluateAlerts(rulesOf(rush), visits(3))).to.deep.equal([])
      const five = visits(5)
      expect(evaluateAlerts(rulesOf(rush), five)).to.deep.equal([
        { rule: 'many', kind: 'rush', access: five[4], count: 5 },
        { rule: 'many', kind: 'rush', access: five[3], count: 4 },
      ])
    })

    it('count each patient once, each reader alone, and one hour only', () => {
      const same = Array.from({ length: 9 }, (_, at) => access(at))
      expect(evaluateAlerts(rulesOf(rush), same)).to.deep.equal([])
      const two = visits(4).map((one, at) => ({ ...one, reader: at % 2 ? doctor : nurse }))
      expect(evaluateAlerts(rulesOf(rush), two)).to.deep.equal([])
      // Who is opened again is no further patient.
      const again = [...visits(4), access(300, { pseudonym: id('patient 0') })]
      expect(evaluateAlerts(rulesOf(rush), again)).to.have.length(1)
      // The fourth comes exactly an hour after the first, then a second earlier.
      expect(evaluateAlerts(rulesOf(rush), visits(4, { every: 1_200 }))).to.deep.equal([])
      expect(evaluateAlerts(rulesOf(rush), visits(4, { every: 1_199 }))).to.have.length(1)
    })

    it('count records or requests where the rule says so, and nothing that is not known', () => {
      const one = (at: number) => access(at, { recordId: id(`record ${at}`) })
      const four = [0, 1, 2, 3].map(one)
      expect(evaluateAlerts(rulesOf({ ...rush, of: 'records' }), four)).to.have.length(1)
      expect(evaluateAlerts(rulesOf({ ...rush, of: 'requests' }), four)).to.have.length(1)
      expect(evaluateAlerts(rulesOf(rush), four)).to.deep.equal([])
      const dark = four.map((each) => ({ ...each, pseudonym: undefined, recordId: undefined }))
      expect(evaluateAlerts(rulesOf(rush, { ...rush, id: 'records', of: 'records' }), dark)).to.deep.equal([])
      expect(evaluateAlerts(rulesOf({ ...rush, of: 'requests' }), dark)).to.have.length(1)
    })
  })

  describe('of a reader new to a patient', () => {
    it('come once for each reader and patient', () => {
      const [first, second] = [access(1), access(3, { pseudonym: id('other') })]
      const third = access(5, { reader: nurse })
      const alerts = evaluateAlerts(rulesOf({ id: 'new', kind: 'new-reader' }), [
        first,
        access(2),
        second,
        access(4),
        third,
      ])
      expect(alerts.map((one) => one.access)).to.deep.equal([third, second, first])
      const dark = { ...first, pseudonym: undefined }
      expect(evaluateAlerts(rulesOf({ id: 'new', kind: 'new-reader' }), [dark])).to.deep.equal([])
    })

    it('come again after the days that the rule names, and not on the last of them', () => {
      const rules = rulesOf({ id: 'new', kind: 'new-reader', days: 30 })
      const month = 30 * 86_400
      expect(evaluateAlerts(rules, [access(0), access(month)])).to.have.length(1)
      expect(evaluateAlerts(rules, [access(0), access(month + 1)])).to.have.length(2)
    })
  })

  it('come of every break-glass, and of no other purpose', () => {
    const all = purposes.map((_, purpose) => access(purpose, { purpose }))
    const alerts = evaluateAlerts(rulesOf({ id: 'glass', kind: 'break-glass' }), [
      ...all,
      access(9, { purpose: undefined }),
    ])
    expect(alerts.map((one) => one.access.purpose)).to.deep.equal([purposes.indexOf('BTG')])
  })

  it('follow the default rules where nobody wrote others', () => {
    expect(defaultAlertRules.map(({ id: name }) => name)).to.deep.equal([
      'night',
      'many-patients',
      'many-records',
      'new-reader',
      'break-glass',
    ])
    const alerts = evaluateAlerts(defaultAlertRules, [access('2027-03-01T12:00Z'), access('2027-03-01T22:00Z')])
    expect(alerts.map(({ rule }) => rule)).to.deep.equal(['night', 'new-reader'])
  })

  it('do not depend on the order in which accesses are told', () => {
    const some = fc.array(fc.record({ at: fc.nat(20_000), who: fc.nat(2), whose: fc.nat(4), purpose: fc.nat(7) }))
    const rules = [...rulesOf({ id: 'many', kind: 'rush', of: 'patients', most: 2 }), ...defaultAlertRules]
    fc.assert(
      fc.property(some, fc.infiniteStream(fc.nat()), (all, keys) => {
        const accesses = all.map(({ at, who, whose, purpose }) =>
          access(at, { reader: id(`reader ${who}`, 20), pseudonym: id(`patient ${whose}`), purpose }),
        )
        const shuffled = accesses
          .map((one) => ({ one, key: keys.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one)
        const told = (list: readonly Access[]) =>
          evaluateAlerts(rules, list)
            .map(({ rule, access: { requestHash } }) => `${rule} ${requestHash}`)
            .sort()
        expect(told(shuffled)).to.deep.equal(told(accesses))
      }),
      { numRuns: 50 },
    )
  })

  it('refuse a file that says anything else, and name the field', () => {
    const hours = { id: 'a', kind: 'hours', from: '08:00', until: '18:00' }
    const wrong: readonly [unknown, string][] = [
      [[], 'file'],
      [{ v: 2, rules: [] }, 'v'],
      [{ v: 1 }, 'rules'],
      [{ v: 1, rules: [], more: 1 }, 'file.more'],
      [{ v: 1, rules: [{ id: 'a' }] }, 'rules[0].kind'],
      [{ v: 1, rules: ['hours'] }, 'rules[0].kind'],
      [{ v: 1, rules: [{ ...hours, id: 'A b' }] }, 'rules[0].id'],
      [{ v: 1, rules: [hours, hours] }, 'rules[1].id'],
      [{ v: 1, rules: [{ ...hours, from: '8:00' }] }, 'rules[0].from'],
      [{ v: 1, rules: [{ ...hours, until: '24:01' }] }, 'rules[0].until'],
      [{ v: 1, rules: [{ ...hours, days: ['monday'] }] }, 'rules[0].days'],
      [{ v: 1, rules: [{ ...hours, days: [] }] }, 'rules[0].days'],
      [{ v: 1, rules: [{ ...hours, timeZone: 'Mars/Base' }] }, 'rules[0].timeZone'],
      [{ v: 1, rules: [{ ...hours, organization: '0x12' }] }, 'rules[0].organization'],
      [{ v: 1, rules: [{ ...hours, untill: '18:00' }] }, 'rules[0].untill'],
      [{ v: 1, rules: [{ id: 'a', kind: 'rush', of: 'people', most: 1 }] }, 'rules[0].of'],
      [{ v: 1, rules: [{ id: 'a', kind: 'rush', of: 'patients', most: 0 }] }, 'rules[0].most'],
      [{ v: 1, rules: [{ id: 'a', kind: 'rush', of: 'patients', most: 1.5 }] }, 'rules[0].most'],
      [{ v: 1, rules: [{ id: 'a', kind: 'new-reader', days: 0 }] }, 'rules[0].days'],
      [{ v: 1, rules: [{ id: 'a', kind: 'break-glass', days: 1 }] }, 'rules[0].days'],
    ]
    for (const [file, field] of wrong) {
      expect(() => parseAlertRules(file), field)
        .to.throw(AlertRulesError)
        .with.property('message')
        .that.includes(`refused at ${field}:`)
    }
    expect(
      rulesOf({ ...hours, until: '24:00', timeZone: 'UTC', organization: clinic.toUpperCase().replace('X', 'x') }),
    ).to.deep.equal([
      {
        id: 'a',
        kind: 'hours',
        days: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
        from: 480,
        until: 1_440,
        organization: clinic,
        timeZone: 'UTC',
      },
    ])
  })
})

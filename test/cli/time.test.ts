import { expect } from 'chai'
import { formatLocal, formatMoment, parseMoment } from '../../cli/src/time.ts'

describe('times on the command line', () => {
  const now = 1_800_000_000

  it('are a span from now, or a date in UTC whatever the zone of the machine', () => {
    const zone = process.env.TZ
    for (const place of ['UTC', 'Pacific/Auckland', 'America/Los_Angeles']) {
      process.env.TZ = place
      expect(parseMoment('90m', now)).to.equal(now + 5400)
      expect(parseMoment('2w', now)).to.equal(now + 1_209_600)
      expect(formatMoment(parseMoment('2027-01-31', now))).to.equal('2027-01-31 00:00 UTC')
      expect(formatMoment(parseMoment('2027-01-31T09:30', now))).to.equal('2027-01-31 09:30 UTC')
      expect(parseMoment('2027-01-31T09:30:15Z', now)).to.equal(parseMoment('2027-01-31T09:30', now) + 15)
    }
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  })

  it('are said on the clock of who reads them where a day is not to be missed', () => {
    for (const [place, said] of [
      ['Europe/Berlin', 'Fri, 15 Jan 2027, 09:00 CET'],
      ['UTC', 'Fri, 15 Jan 2027, 08:00 UTC'],
    ] as const)
      expect(formatLocal(now, place)).to.equal(said)
    expect(formatLocal(now)).to.equal(formatLocal(now, Intl.DateTimeFormat().resolvedOptions().timeZone))
  })

  it('exist, and end in 9999', () => {
    const wrong = [
      '',
      '30',
      '1.5d',
      '-1d',
      '2027-02-29',
      '2027-13-01',
      '2027-01-31T25:00',
      '31.1.2027',
      '999999y',
      'NaN',
    ]
    for (const text of wrong) expect(() => parseMoment(text, now), text).to.throw('is no time')
    expect(formatMoment(parseMoment('9999-12-31T23:59:59Z', now))).to.equal('9999-12-31 23:59 UTC')
  })
})

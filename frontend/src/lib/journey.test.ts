import { describe, expect, it } from 'vitest'
import { advance, broken, type Journey, paths, spoken } from './journey.ts'

const start: Journey = {}

describe('the progress of a journey', () => {
  it('counts what is done, and keeps the total of an earlier event', () => {
    const journey = [
      { step: 'gather', status: 'start', of: 3 } as const,
      { step: 'gather', status: 'progress', done: 2 } as const,
    ].reduce(advance, start)
    expect(journey.gather).toMatchObject({ status: 'progress', done: 2, of: 3 })
    expect(spoken(journey, paths.reader)).toBe('Gather: 2 of 3 shares')
  })

  it('does not fail a step because one operator failed', () => {
    const journey = [
      { step: 'release', status: 'start', of: 3 } as const,
      { step: 'release', status: 'failed', who: '0x01', problem: 'REVOKED' } as const,
    ].reduce(advance, start)
    expect(journey.release?.status).toBe('start')
    expect(journey.release?.parts).toEqual([{ who: '0x01', status: 'failed', problem: 'REVOKED' }])
  })

  it('keeps one place for each operator', () => {
    const journey = [
      { step: 'place', status: 'start', who: '0x01' } as const,
      { step: 'place', status: 'start', who: '0x02' } as const,
      { step: 'place', status: 'progress', who: '0x01', done: 1, of: 5 } as const,
    ].reduce(advance, start)
    expect(journey.place?.parts.map(({ who, status }) => [who, status])).toEqual([
      ['0x01', 'done'],
      ['0x02', 'start'],
    ])
  })

  it('marks what was running when it broke, and leaves what was done', () => {
    const journey = broken(
      [{ step: 'release', status: 'done' } as const, { step: 'gather', status: 'progress' } as const].reduce(
        advance,
        start,
      ),
    )
    expect([journey.release?.status, journey.gather?.status]).toEqual(['done', 'failed'])
    expect(spoken(journey, paths.reader)).toBe('Gather failed')
  })

  it('says that it is done only at the last step', () => {
    const released = advance(start, { step: 'release', status: 'done' })
    expect(spoken(released, paths.reader)).toBe('Release done')
    expect(spoken(advance(released, { step: 'open', status: 'done' }), paths.reader)).toBe('Done')
  })
})

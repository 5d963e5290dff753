import type { Chain, ReaderSession } from '@sharewell/sdk/chain'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createShifts, type ShiftActs } from './shifts.ts'

const account = { address: `0x${'1'.repeat(40)}` }
const now = 1_800_000_000
const chain = { wallet: { account }, clock: () => now } as unknown as Chain

describe('the shift of a tab', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const setUp = (acts: Partial<ShiftActs> = {}) => {
    const closed: ReaderSession[] = []
    const close: ShiftActs['close'] = async (_, session) => void closed.push(session)
    return { closed, shifts: createShifts({ open: async () => undefined, close, ...acts }) }
  }

  it('keeps its key in memory only, and another one for each shift', async () => {
    const { shifts } = setUp()
    await shifts.begin(chain, { purposes: 1, hours: 8 })
    const first = shifts.current().running
    expect(first).toMatchObject({ reader: account.address, purposes: 1, until: now + 8 * 3_600 - 60 })
    await shifts.begin(chain, { purposes: 1, hours: 8 })
    expect(shifts.current().running?.key.address).not.toBe(first?.key.address)
    expect(localStorage).toHaveLength(0)
    expect(sessionStorage).toHaveLength(0)
  })

  it('is none where the chain refuses it', async () => {
    const { shifts } = setUp({ open: async () => Promise.reject(new Error('no')) })
    await expect(shifts.begin(chain, { purposes: 1, hours: 8 })).rejects.toThrow('no')
    expect(shifts.current().running).toBeUndefined()
  })

  it('forgets the key before the chain hears of the end, and also where it does not', async () => {
    const seen: unknown[] = []
    const close: ShiftActs['close'] = async () => {
      seen.push(shifts.current().running)
      throw new Error('no relayer')
    }
    const { shifts } = setUp({ close })
    await shifts.begin(chain, { purposes: 1, hours: 8 })
    await expect(shifts.end(chain)).rejects.toThrow('no relayer')
    expect(seen).toEqual([undefined])
    expect(shifts.current()).toEqual({ locked: false })
  })

  it('says that it was locked, and tells the chain', async () => {
    const { shifts, closed } = setUp()
    await shifts.begin(chain, { purposes: 1, hours: 8 })
    const { running } = shifts.current()
    shifts.lock(chain)
    expect(shifts.current()).toEqual({ locked: true })
    expect(closed).toEqual([running])
    shifts.lock(chain)
    expect(closed).toHaveLength(1)
  })

  it('ends with its time', async () => {
    const { shifts, closed } = setUp()
    await shifts.begin(chain, { purposes: 1, hours: 2 })
    vi.advanceTimersByTime((2 * 3_600 - 61) * 1_000)
    expect(shifts.current().running).toBeDefined()
    vi.advanceTimersByTime(2_000)
    expect(shifts.current()).toEqual({ locked: false })
    expect(closed).toHaveLength(0)
  })
})

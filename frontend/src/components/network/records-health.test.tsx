import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import type { NodeState } from '@/hooks/useNodes.ts'
import { RecordsHealth } from './records-health.tsx'
import { ShareRing } from './share-ring.tsx'

const now = 1_800_000_000
const nodeWith = (health: unknown, more: Partial<NodeState> = {}): NodeState => ({
  id: '0x0123456789abcdef0123456789abcdef',
  kind: 'reconstructor',
  organization: '0x00000000000000000000000000000001',
  account: '0x0000000000000000000000000000000000000001',
  endpoint: 'http://127.0.0.1:1',
  hpkeKeyHash: `0x${'00'.repeat(32)}`,
  active: true,
  alive: true,
  delay: 1,
  status: { health },
  ...more,
})
const report = {
  organization: `0x${'ab'.repeat(16)}`,
  checkedAt: now - 60,
  interval: 3600,
  healthy: 7,
  weakened: 0,
  endangered: 0,
  lost: 0,
  unknown: 0,
}
const labelOf = (health: unknown) => {
  render(<RecordsHealth nodes={[nodeWith(health)]} now={now} />)
  return screen.getByRole('img').getAttribute('aria-label')
}

describe('the picture of records’ health', () => {
  afterEach(cleanup)

  it('is good only while every record has every share', () => {
    expect(labelOf(report)).toBe('All 7 records healthy.')
    cleanup()
    expect(labelOf({ ...report, weakened: 1 })).toBe('1 record weakened.')
    cleanup()
    expect(labelOf({ ...report, weakened: 3, unknown: 1 })).toBe('1 record could not be looked at.')
    cleanup()
    expect(labelOf({ ...report, endangered: 2 })).toBe('2 records endangered.')
    cleanup()
    expect(labelOf({ ...report, endangered: 2, lost: 1 })).toBe('1 record cannot be rebuilt now.')
  })

  it('says in words what the colours mean, and gives each level its length', () => {
    render(<RecordsHealth nodes={[nodeWith({ ...report, weakened: 3 })]} now={now} />)
    expect(screen.getByText(/7 healthy: every share is there/)).toBeTruthy()
    expect(screen.getByText(/3 weakened: shares are missing/)).toBeTruthy()
    const lengths = [...document.querySelectorAll('g rect')].map((rect) => rect.getAttribute('width'))
    expect(lengths).toEqual(['418', '178'])
  })

  it('says how often shares are made anew, where they are', () => {
    const words = (refresh: unknown) => {
      cleanup()
      render(<RecordsHealth nodes={[nodeWith({ ...report, refresh })]} now={now} />)
      return screen.queryByText(/made anew/)?.textContent
    }
    expect(words({ every: 90 * 86_400, due: 0 })).toBe(
      'Shares that hide something are made anew every 90 days: none due',
    )
    expect(words({ every: 86_400, due: 1 })).toBe('Shares that hide something are made anew every day: 1 record due')
    for (const strange of [undefined, null, 7, {}, { every: -1, due: 0 }, { every: '<b>', due: 1 }])
      expect(words(strange)).toBe(undefined)
  })

  it('does not believe what was seen three rounds ago', () => {
    expect(labelOf({ ...report, checkedAt: now - 3 * 3600 - 1 })).toBe('Nobody has looked since.')
    expect(document.querySelector('g')?.getAttribute('opacity')).toBe('0.35')
  })

  it('shows nothing of a node that is silent, switched off, looks after nobody, or answers in another form', () => {
    const strange = [undefined, null, 7, {}, { ...report, lost: -1 }, { ...report, organization: '<b>' }]
    const nodes = [
      nodeWith(report, { alive: false }),
      nodeWith(report, { active: false }),
      ...strange.map((one) => nodeWith(one)),
    ]
    const { container } = render(<RecordsHealth nodes={nodes} now={now} />)
    expect(container.innerHTML).toBe('')
  })

  it('draws one record’s shares in green only while all are there', () => {
    const shares = [0, 1, 2].map((index) => ({ index, operator: `0x0${index}` as const, alive: true }))
    const middleOf = (level: 'healthy' | 'weakened' | 'endangered' | 'lost') => {
      const { container } = render(<ShareRing nodes={[]} where={{ n: 3, t: 2, r: 0, level, shares }} />)
      return container.querySelector('circle')?.getAttribute('class')
    }
    expect(middleOf('healthy')).toBe('fill-accent')
    expect(middleOf('weakened')).toBe('fill-gold')
    expect(middleOf('endangered')).toBe('fill-danger')
    expect(middleOf('lost')).toBe('fill-danger')
  })
})

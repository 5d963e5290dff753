import type { GlassWindow } from '@sharewell/sdk/chain'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { account, hour, openedAt, window } from '@/components/emergency/sample-window.ts'
import { BrokenGlass } from './glass-notice.tsx'

// Names come from the directory of a network, and none is here.
vi.mock('@/hooks/useDirectory.ts', () => ({
  useDirectory: () => ({ organizations: [], practitioners: [], isLoading: false, error: undefined }),
}))

afterEach(cleanup)

const show = (change: Partial<GlassWindow>, after: number, onClose = () => undefined) =>
  render(
    <BrokenGlass
      name="Harbor General"
      window={{ ...window, ...change }}
      now={openedAt + after}
      busy={false}
      onClose={onClose}
    />,
  )

describe('An emergency', () => {
  it('is told at once, and can be closed while it is open', () => {
    const onClose = vi.fn()
    show({}, hour, onClose)
    expect(screen.getByRole('alert').textContent).toContain('An emergency was declared for you at Harbor General')
    fireEvent.click(screen.getByRole('button', { name: 'Close it now' }))
    expect(onClose).toHaveBeenCalledOnce()
  })

  it('says that a review is owed, and that it is overdue', () => {
    show({ closedAt: openedAt + hour }, 2 * hour)
    expect(screen.getByRole('status').textContent).toContain('Not reviewed yet')
    expect(screen.queryByRole('button')).toBeNull()
    cleanup()
    show({}, 73 * hour)
    expect(screen.getByRole('alert').textContent).toContain('Nobody has reviewed it')
  })

  it('says what the review found', () => {
    const review = { reviewer: account('c'), reviewedAt: openedAt + 30 * hour }
    show({ review: { ...review, verdict: 'justified' } }, 31 * hour)
    expect(screen.getByRole('status').textContent).toContain('Reviewed: justified.')
    cleanup()
    show({ review: { ...review, verdict: 'unjustified' } }, 31 * hour)
    expect(screen.getByRole('alert').textContent).toContain('Reviewed: not justified.')
  })
})

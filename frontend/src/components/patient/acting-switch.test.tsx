import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ActingFor } from '@/hooks/useDelegates.ts'
import { ActingSwitch } from './acting-switch.tsx'

let all: readonly ActingFor[] = []
vi.mock('@/hooks/useDelegates.ts', () => ({ useActingFor: () => all }))
vi.mock('./acting-view.tsx', () => ({ ActingView: () => <p>their records</p> }))

const acting = {
  pseudonym: `0x${'12'.repeat(32)}`,
  account: `0x${'ab'.repeat(20)}`,
  until: 1_800_000_000,
} as ActingFor
const draw = () => (
  <ActingSwitch>
    <p>my own page</p>
  </ActingSwitch>
)

describe('acting for somebody else', () => {
  afterEach(cleanup)

  it('is offered to those whom somebody lets act, and to nobody else', () => {
    all = []
    render(draw())
    expect(screen.getByText('my own page')).toBeTruthy()
    expect(screen.queryByLabelText('I act for')).toBeNull()
  })

  it('says so all the time, shows nothing of one’s own meanwhile, and ends with one press or with the permission', () => {
    all = [acting]
    const { rerender } = render(draw())
    expect(screen.getByText('my own page')).toBeTruthy()
    const choose = () =>
      fireEvent.change(screen.getByLabelText('I act for'), {
        target: { value: `${acting.pseudonym}${acting.account}` },
      })
    choose()
    expect(screen.getByRole('status').textContent).toMatch(/^You act for the patient 0x1212.*not for yourself/)
    expect(screen.getByText('their records')).toBeTruthy()
    expect(screen.queryByText('my own page')).toBeNull()
    fireEvent.click(screen.getByRole('button', { name: 'Act for myself again' }))
    expect(screen.getByText('my own page')).toBeTruthy()
    choose()
    all = []
    rerender(draw())
    expect(screen.getByText('my own page')).toBeTruthy()
    expect(screen.queryByText('their records')).toBeNull()
  })
})

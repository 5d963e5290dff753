import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ShiftForm } from './shift-form.tsx'
import { ShiftMark } from './shift-mark.tsx'

describe('a shift on the screen', () => {
  afterEach(cleanup)

  it('is for treatment and eight hours until somebody chooses otherwise', () => {
    const onBegin = vi.fn()
    render(<ShiftForm busy={false} onBegin={onBegin} />)
    fireEvent.click(screen.getByRole('button', { name: 'Begin my shift' }))
    expect(onBegin).toHaveBeenLastCalledWith({ purposes: 1, hours: 8 })
    fireEvent.click(screen.getByRole('checkbox', { name: /^Emergency treatment/ }))
    fireEvent.change(screen.getByLabelText('For the next'), { target: { value: '12' } })
    fireEvent.click(screen.getByRole('button', { name: 'Begin my shift' }))
    expect(onBegin).toHaveBeenLastCalledWith({ purposes: 3, hours: 12 })
  })

  it('is for something, and never for the patient’s own request', () => {
    render(<ShiftForm busy={false} onBegin={vi.fn()} />)
    expect(screen.queryByRole('checkbox', { name: /^At my request/ })).toBeNull()
    fireEvent.click(screen.getByRole('checkbox', { name: /^Treatment/ }))
    expect(screen.getByRole('button', { name: 'Begin my shift' }).hasAttribute('disabled')).toBe(true)
  })

  it('says until when and for what while it runs, and ends by one tap', () => {
    const onEnd = vi.fn()
    const until = new Date(2030, 0, 1, 16, 5).getTime() / 1000
    render(<ShiftMark shift={{ purposes: 0b11, until }} busy={false} onEnd={onEnd} />)
    const said = screen.getByRole('status').textContent
    expect(said).toContain('until 16:05')
    expect(said).toContain('treatment and emergency treatment')
    fireEvent.click(screen.getByRole('button', { name: 'End my shift' }))
    expect(onEnd).toHaveBeenCalledOnce()
  })
})

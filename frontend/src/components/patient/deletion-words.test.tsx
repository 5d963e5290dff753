import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { DeletionWords } from './deletion-words.tsx'

describe('what nodes said of old copies', () => {
  afterEach(cleanup)

  it('is good where all have signed, and then there is nothing to ask', () => {
    render(<DeletionWords title="The record has a new key" words={{ records: 1, confirmed: 14, missing: [] }} />)
    expect(screen.getByRole('status').textContent).toContain('All 14 nodes')
    expect(screen.queryByRole('button')).toBeNull()
  })

  it('counts those that have not, and asks them again', () => {
    const again = vi.fn()
    const words = { records: 2, confirmed: 12, missing: ['0x01', '0x02'] }
    render(<DeletionWords title="2 records have a new key" words={words} onAgain={again} />)
    expect(screen.getByRole('status').textContent).toContain('2 of 14 nodes have not confirmed')
    fireEvent.click(screen.getByRole('button', { name: 'Ask them again' }))
    expect(again).toHaveBeenCalledOnce()
  })
})

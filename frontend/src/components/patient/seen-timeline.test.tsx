import type { Accounting } from '@sharewell/sdk/flow/book'
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { names } from '@/lib/names.ts'
import { SeenTimeline } from './seen-timeline.tsx'

const nothing: Accounting = { disclosures: [], unexplained: [], emergencies: [], faults: [], silent: [], asked: 3 }
const [harbor, riverside] = ['0x0a', '0x0b'] as const

describe('who saw what, on the screen', () => {
  afterEach(cleanup)

  it('says so where nobody has opened anything, and offers nothing to narrow or save', () => {
    render(<SeenTimeline accounting={nothing} />)
    expect(screen.getByText('Nobody has opened your records')).toBeTruthy()
    expect(screen.queryByRole('combobox')).toBeNull()
    expect(screen.queryByRole('button')).toBeNull()
  })

  it('names each hospital once that kept something back, made it up, or released it in secret', () => {
    names.operators.set(harbor, { text: 'Harbor General', verified: true })
    names.operators.set(riverside, { text: 'Riverside', verified: true })
    const fault = (operator: typeof harbor | typeof riverside, code: Accounting['faults'][number]['code']) => ({
      operator,
      code,
    })
    const faults = [
      fault(harbor, 'WITHHELD'),
      fault(riverside, 'WITHHELD'),
      fault(harbor, 'WITHHELD'),
      fault(riverside, 'UNLOGGED'),
      fault(riverside, 'UNREQUESTED'),
      fault(harbor, 'NOT_SIGNED'),
    ]
    const silent = [{ operator: riverside, code: 'UNREACHABLE' }]
    render(<SeenTimeline accounting={{ ...nothing, faults, silent, asked: 4 }} />)
    const said = document.body.textContent
    expect(said).toContain('Harbor General and Riverside gave out a key and did not show it to you')
    expect(said).toContain('Riverside gave out a key without saying so in public')
    expect(said).toContain('Harbor General showed something that nobody signed')
    expect(said).toContain('1 hospital of 5 that keep the keys did not answer: Riverside')
  })
})

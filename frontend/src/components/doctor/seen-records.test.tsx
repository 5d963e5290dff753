import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { SeenRecord } from '@/hooks/useFoundPatient.ts'
import { SeenRecords } from './seen-records.tsx'

const record = (uses: SeenRecord['uses'], digit: number, decision = 'PERMIT') =>
  ({ recordId: `0x${`${digit}`.repeat(64)}`, n: 5, t: 3, depositedAt: 1_800_000_000, decision, uses }) as SeenRecord

describe('the records that a doctor sees', () => {
  afterEach(cleanup)

  it('say how often each may still be opened, where the patient limits it', () => {
    const counted = (used: number) => ({ useLimit: 3, used, counted: used })
    const unlimited = { useLimit: 0, used: 0, counted: 0 }
    render(
      <SeenRecords
        records={[record(counted(1), 1), record(counted(2), 2), record(unlimited, 3), record(undefined, 4, 'USED_UP')]}
        onOpen={vi.fn()}
      />,
    )
    expect(screen.getByText('may be opened 2 times more')).toBeTruthy()
    expect(screen.getByText('may be opened once more')).toBeTruthy()
    expect(screen.getAllByText(/may be opened/)).toHaveLength(2)
    expect(screen.getAllByRole('button', { name: /^Open / })).toHaveLength(3)
  })
})

import { categoriesOf, categoryMask } from '@sharewell/sdk/record'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { categoryNames, plainKinds } from '@/lib/categories.ts'
import { SensitiveParts } from './sensitive-parts.tsx'

const key = new Uint8Array(32).fill(7)

describe('sensitive parts', () => {
  afterEach(cleanup)

  it('are off, each for itself, and whole when turned on', () => {
    const onChange = vi.fn()
    render(<SensitiveParts chosen={[]} onChange={onChange} />)
    const boxes = screen.getAllByRole('checkbox', { hidden: true })
    expect(boxes).toHaveLength(6)
    expect(boxes.filter((box) => (box as HTMLInputElement).checked)).toHaveLength(0)
    fireEvent.click(screen.getByLabelText(/^Mental health/))
    expect(onChange).toHaveBeenCalledWith([19, 20])
  })

  it('are told by name once they are on', () => {
    render(<SensitiveParts chosen={[19, 20, 27]} onChange={vi.fn()} />)
    expect(screen.getByText('Also the sensitive parts: Mental health, Especially confidential')).toBeTruthy()
  })

  it('stand in a permission by their own names, and in no kind of record', () => {
    const { ofMask } = categoryNames(key)
    const kinds = plainKinds.map(({ id }) => id)
    expect(kinds).toEqual(categoriesOf('general'))
    expect(ofMask(categoryMask(key, kinds))).toEqual(['Every kind of record'])
    expect(ofMask(categoryMask(key, [3, 19, 20, 24]))).toEqual([
      'Laboratory',
      'Mental health',
      'Genetics: visits and notes',
    ])
  })
})

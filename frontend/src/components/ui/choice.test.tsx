import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { CheckCards, RadioCards } from './choice.tsx'

const options = [
  { value: 1, label: 'Conditions' },
  { value: 3, label: 'Laboratory', hint: 'Blood and urine' },
]

describe('choices', () => {
  afterEach(cleanup)

  it('adds and takes away one of many', () => {
    const onChange = vi.fn()
    render(<CheckCards legend="What" name="what" options={options} values={[1]} onChange={onChange} />)
    fireEvent.click(screen.getByRole('checkbox', { name: /Laboratory/ }))
    fireEvent.click(screen.getByRole('checkbox', { name: 'Conditions' }))
    expect(onChange.mock.calls).toEqual([[[1, 3]], [[]]])
    expect(screen.getByRole('group', { name: 'What' })).toBeTruthy()
  })

  it('chooses one of a few by its label', () => {
    const onChange = vi.fn()
    render(<RadioCards legend="Why" name="why" options={options} value={1} onChange={onChange} />)
    fireEvent.click(screen.getByLabelText(/Blood and urine/))
    expect(onChange).toHaveBeenCalledWith(3)
  })
})

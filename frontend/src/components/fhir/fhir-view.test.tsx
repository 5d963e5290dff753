import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { readBundle } from '@/lib/fhir.ts'
import { FhirView } from './fhir-view.tsx'
import synthea from './fixtures/synthea.json' with { type: 'json' }

const bundle = readBundle(JSON.stringify(synthea))
if (!bundle) throw new Error('the fixture is no bundle')

describe('FHIR view', () => {
  afterEach(cleanup)

  it('warns of the allergies before anything else', () => {
    render(<FhirView bundle={bundle} />)
    const panel = screen.getByRole('tabpanel', { name: 'Summary' })
    expect(panel.textContent).toMatch(/^Allergies: /)
  })

  it('names the active conditions without the classifier of SNOMED', () => {
    render(<FhirView bundle={bundle} />)
    const heading = screen.getByRole('heading', { name: 'Active conditions' })
    const section = heading.parentElement
    expect(section?.textContent).not.toContain('(disorder)')
    expect(within(section as HTMLElement).getAllByRole('listitem').length).toBeGreaterThan(3)
  })

  it('moves between the sheets by arrow keys and keeps one tab stop', () => {
    render(<FhirView bundle={bundle} />)
    const first = screen.getByRole('tab', { name: 'Summary' })
    fireEvent.keyDown(first, { key: 'ArrowRight' })
    const second = screen.getByRole('tab', { name: /^Conditions/ })
    expect(second.getAttribute('aria-selected')).toBe('true')
    expect(document.activeElement).toBe(second)
    expect(screen.getAllByRole('tab').filter((tab) => tab.tabIndex === 0)).toEqual([second])
  })

  it('shows the last laboratory value with where its bounds come from, and every value in a table', () => {
    render(<FhirView bundle={bundle} />)
    fireEvent.click(screen.getByRole('tab', { name: /^Values/ }))
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'A1c' } })
    fireEvent.click(screen.getByRole('button', { name: /Hemoglobin A1c/ }))
    const panel = screen.getByRole('tabpanel')
    expect(within(panel).getByText(/typical for adults, not from this record/)).toBeTruthy()
    expect(
      within(panel)
        .getByRole('table', { name: /Hemoglobin A1c/ })
        .querySelectorAll('tbody tr'),
    ).toHaveLength(8)
  })

  it('reads the notes as text', () => {
    render(<FhirView bundle={bundle} />)
    fireEvent.click(screen.getByRole('tab', { name: /^Notes/ }))
    expect(screen.getByText(/# Chief Complaint/)).toBeTruthy()
  })

  it('keeps no sheet for what is not there', () => {
    render(<FhirView bundle={{ resourceType: 'Bundle', type: 'collection' }} />)
    expect(screen.getAllByRole('tab').map((tab) => tab.textContent)).toEqual(['Summary', 'Raw'])
  })
})

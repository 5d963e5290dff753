import { describe, expect, it } from 'vitest'
import synthea from '@/components/fhir/fixtures/synthea.json' with { type: 'json' }
import { medicationsOf, readBundle, seriesOf, shortName } from './fhir.ts'
import { referenceFor, standing } from './lab-references.ts'

const bundle = readBundle(JSON.stringify(synthea)) ?? { resourceType: 'Bundle', type: 'collection' }

describe('reading FHIR', () => {
  it('takes no file for a bundle that is none', () => {
    expect(readBundle('MSH|^~\\&|')).toBeUndefined()
    expect(readBundle('[1]')).toBeUndefined()
    expect(readBundle('"text"')).toBeUndefined()
  })

  it('reads a single resource as a bundle of one', () => {
    expect(readBundle('{"resourceType":"Observation"}')?.entry).toHaveLength(1)
  })

  it('splits a blood pressure panel into its two values', () => {
    const names = seriesOf(bundle).map(({ code }) => code)
    expect(names).toContain('8480-6')
    expect(names).toContain('8462-4')
  })

  it('keeps of a long name what tells one measurement from another', () => {
    expect(shortName('Cholesterol [Mass/volume] in Serum or Plasma')).toBe('Cholesterol')
    expect(shortName('Leukocytes [#/volume] in Blood by Automated count')).toBe('Leukocytes in Blood')
    expect(shortName('Glucose [Mass/volume] in Urine by Test strip')).toBe('Glucose in Urine')
  })

  it('orders the values of a series by time', () => {
    for (const { points } of seriesOf(bundle)) {
      expect(points.map(({ date }) => date)).toEqual(points.map(({ date }) => date).toSorted())
    }
  })

  it('finds the name of a medicine that is only referred to', () => {
    expect(medicationsOf(bundle).map(({ title }) => title)).not.toContain('Medicine named elsewhere')
  })

  it("prefers the laboratory's own bounds to the typical ones", () => {
    const quantity = { value: 7, unit: '%' }
    const code = { coding: [{ code: '4548-4' }] }
    const referenceRange = [{ low: { value: 3 }, high: { value: 8 } }]
    const resource = {
      resourceType: 'Observation',
      status: 'final',
      code,
      valueQuantity: quantity,
      referenceRange,
      effectiveDateTime: '2026-01-01',
    }
    const [series] = seriesOf({ resourceType: 'Bundle', type: 'collection', entry: [{ resource: resource as never }] })
    expect(series?.reference).toEqual({ low: 3, high: 8, source: 'record' })
  })

  it('says nothing about a value in another unit', () => {
    expect(referenceFor('2339-0', 'mmol/L')).toBeUndefined()
    expect(standing(5.4, undefined)).toBeUndefined()
  })

  it('calls the bounds themselves usual', () => {
    const reference = { low: 4, high: 5.6, source: 'record' } as const
    expect([3.9, 4, 5.6, 5.7].map((value) => standing(value, reference))).toEqual(['low', 'usual', 'usual', 'high'])
  })
})

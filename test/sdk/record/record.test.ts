import { readFileSync } from 'node:fs'
import {
  agreedCategoryKey,
  categories,
  categoryBit,
  categoryBits,
  categoryMask,
  categoryOf,
  categoryOfResource,
  recordFromFile,
  recordId,
} from '@sharewell/sdk/record'
import { expect } from 'chai'
import type { FhirResource, Observation } from 'fhir/r4.js'
import { encodeAbiParameters, keccak256, toBytes, toHex } from 'viem'

const bytes = (fill: number, length = 32) => new Uint8Array(length).fill(fill)

describe('record', () => {
  it('has the id that the contract computes', () => {
    const parts = { networkId: bytes(1), pseudonym: bytes(2), salt: bytes(3) }
    const words = [
      keccak256(toBytes('sharewell/record/1 id')),
      toHex(parts.networkId),
      toHex(parts.pseudonym),
      toHex(parts.salt),
    ] as const
    const types = [{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'bytes32' }, { type: 'bytes32' }] as const
    expect(toHex(recordId(parts))).to.equal(keccak256(encodeAbiParameters(types, words)))
    expect(() => recordId({ ...parts, salt: bytes(3, 31) }))
      .to.throw()
      .with.property('code', 'RECORD_ID')
  })

  it('knows no category key where a hospital sent two, because a bit would mean two things', () => {
    expect(agreedCategoryKey([])).to.equal(undefined)
    expect(agreedCategoryKey([bytes(7), bytes(7)])).to.deep.equal(bytes(7))
    expect(agreedCategoryKey([bytes(7), bytes(8)])).to.equal(undefined)
    expect(agreedCategoryKey([bytes(7, 31)])).to.equal(undefined)
  })

  it('gives every category one bit, in an order that only the key tells', () => {
    const bits = categoryBits(bytes(7))
    expect([...bits].sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 32 }, (_, i) => i))
    expect(bits).to.not.deep.equal(categoryBits(bytes(8)))
    expect(categoryBit(bytes(7), 3)).to.equal(bits[3])
    expect(() => categoryBit(bytes(7), 32))
      .to.throw()
      .with.property('code', 'RECORD_ID')
    expect(() => categoryBit(bytes(7, 16), 3))
      .to.throw()
      .with.property('code', 'RECORD_ID')
  })

  it('makes a mask of 32 bits without a sign', () => {
    expect(
      categoryMask(
        bytes(7),
        Array.from({ length: 32 }, (_, i) => i),
      ),
    ).to.equal(0xffff_ffff)
    expect(categoryMask(bytes(7), [3])).to.equal((1 << categoryBit(bytes(7), 3)) >>> 0)
    expect(categoryMask(bytes(7), [])).to.equal(0)
  })

  it('names categories once, within 32', () => {
    expect(new Set(categories.map(({ id }) => id)).size).to.equal(categories.length)
    expect(categories.every(({ id }) => id >= 0 && id < 32)).to.equal(true)
    expect(categoryOf('laboratory').id).to.equal(3)
    expect(categoryOf(25).name).to.equal('sexual-health')
    expect(categoryOf(32).name).to.equal('other')
  })

  const observation = (changes: Partial<Observation>): Observation => ({
    resourceType: 'Observation',
    status: 'final',
    code: {},
    ...changes,
  })
  const coded = (code: string) => [{ coding: [{ code }] }]

  it('sorts observations by category, then by vital sign, and reports with their results', () => {
    expect(categoryOfResource(observation({ category: coded('laboratory') }))).to.equal('laboratory')
    expect(categoryOfResource(observation({ category: coded('survey') }))).to.equal('social-history')
    expect(categoryOfResource(observation({ code: { coding: [{ code: '85354-9' }] } }))).to.equal('vital-signs')
    expect(categoryOfResource(observation({ specimen: { reference: 'Specimen/1' } }))).to.equal('laboratory')
    expect(categoryOfResource(observation({}))).to.equal('other')
    const report = {
      resourceType: 'DiagnosticReport',
      status: 'final',
      code: {},
      result: [{ reference: 'o' }],
    } as const
    expect(categoryOfResource({ ...report, category: coded('RAD'), result: [] })).to.equal('imaging')
    const resolve = () => observation({ category: coded('survey') })
    expect(categoryOfResource({ ...report, result: [...report.result] }, resolve)).to.equal('social-history')
    expect(categoryOfResource({ ...report, result: [] })).to.equal('documents')
    expect(categoryOfResource({ resourceType: 'Basic', code: {} })).to.equal('other')
  })

  it('sorts by the table that is published', () => {
    const page = readFileSync(new URL('../../../docs/spec/record.md', import.meta.url), 'utf8')
    const rows = [...page.matchAll(/^\| (\d+) \| ([a-z-]+) \| ([^|]*) \|/gmu)].map(([, id, name, types = '']) => {
      return {
        id: Number(id),
        name,
        types: types
          .split(', ')
          .map((type) => type.trim())
          .filter(Boolean),
      }
    })
    expect(rows.map(({ id, name }) => ({ id, name }))).to.deep.equal(categories.map(({ id, name }) => ({ id, name })))
    for (const { name, types } of rows)
      for (const resourceType of types)
        expect(categoryOfResource({ resourceType } as FhirResource), resourceType).to.equal(name)
  })

  it('takes any other file as one record, byte for byte', () => {
    const content = bytes(1, 10)
    expect(recordFromFile(content, 'application/dicom')).to.deep.equal({
      category: 8,
      mime: 'application/dicom',
      bytes: content,
    })
    expect(recordFromFile(content, 'application/pdf').category).to.equal(10)
    expect(recordFromFile(content, 'text/xml; charset=utf-8').category).to.equal(10)
    expect(recordFromFile(content, 'application/zip').category).to.equal(31)
  })
})

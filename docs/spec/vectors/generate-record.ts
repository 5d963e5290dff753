import { type Bundle, categoryBits, categoryMask, recordFromFile, recordId, splitBundle } from '@sharewell/sdk/record'
import { seeded, toVectors } from './scenarios.ts'
import { whenRun, writeVectors } from './vector.ts'

const random = seeded('record')
const ids = { networkId: random(32), pseudonym: random(32), salt: random(32) }
const categoryKey = random(32)

const patient = {
  resourceType: 'Patient',
  id: '6c1f0a5e-3b0e-4d5e-9c1a-2f7f3f1f9d10',
  gender: 'female',
  birthDate: '1980-05-17',
  name: [{ family: 'Ma\u00f1ana', given: ['Rose'] }],
  address: [{ line: ['12 Elm Street Apt 4'], city: 'Boston' }],
  telecom: [{ system: 'phone', value: '555-010-4477' }],
  identifier: [{ value: '999-12-3456' }],
}
const subject = { reference: `urn:uuid:${patient.id}`, display: 'Ms. Rose Ma\u00f1ana' }
const base64 = (text: string) => Buffer.from(text).toString('base64')
const note = 'Rose MA\u00d1ANA, born 1980-05-17, of 12 Elm Street, calls from 555-010-4477. Roseola.'
const resources = [
  patient,
  { resourceType: 'Encounter', id: 'e1', status: 'finished', class: { code: 'AMB' }, subject },
  {
    resourceType: 'Observation',
    id: 'o1',
    status: 'final',
    category: [{ coding: [{ code: 'laboratory' }] }],
    code: {},
    subject,
    valueString: 'seen by Rose',
  },
  {
    resourceType: 'DiagnosticReport',
    id: 'd1',
    status: 'final',
    code: {},
    result: [{ reference: 'urn:uuid:o1' }],
    subject,
  },
  {
    resourceType: 'DocumentReference',
    id: 'n1',
    status: 'current',
    content: [{ attachment: { contentType: 'text/plain', data: base64(note) } }],
  },
  { resourceType: 'Media', id: 'm1', status: 'completed', content: { contentType: 'image/png', data: 'iVBORw0KGgo=' } },
  { resourceType: 'Basic', id: 'b1', code: {} },
]
const bundleOf = (of: readonly { resourceType: string; id?: string }[]) =>
  ({
    resourceType: 'Bundle',
    type: 'collection',
    entry: of.map((resource) => ({ fullUrl: `urn:uuid:${resource.id}`, resource })),
  }) as unknown as Bundle
const bundle = bundleOf(resources)
const refused = (name: string, comment: string, of: unknown) => ({
  name,
  comment,
  operation: 'split',
  expect: 'BUNDLE',
  input: { bundle: of },
})
const file = (mime: string) => ({
  name: `file-${mime.replace(/[^a-z]+/gu, '-')}`,
  comment: `the category of ${mime}`,
  operation: 'file',
  expect: 'success',
  input: { mime },
  output: { category: recordFromFile(new Uint8Array(0), mime).category },
})

/** Every scenario of docs/spec/record.md. */
export const recordVectors = toVectors([
  {
    name: 'id',
    comment: 'the id of a record',
    operation: 'id',
    expect: 'success',
    input: ids,
    output: { recordId: recordId(ids) },
  },
  {
    name: 'id-short',
    comment: 'a salt of 31 bytes',
    operation: 'id',
    expect: 'RECORD_ID',
    input: { ...ids, salt: ids.salt.slice(1) },
  },
  {
    name: 'bits',
    comment: 'all categories in one permutation, and the mask of 3 and 10',
    operation: 'bits',
    expect: 'success',
    input: { categoryKey, categories: [3, 10] },
    output: { bits: categoryBits(categoryKey), mask: categoryMask(categoryKey, [3, 10]) },
  },
  {
    name: 'bits-no-category',
    comment: 'a category that is none',
    operation: 'bits',
    expect: 'RECORD_ID',
    input: { categoryKey, categories: [32] },
  },
  {
    name: 'split',
    comment: 'persona and parts of a small bundle',
    operation: 'split',
    expect: 'success',
    input: { bundle },
    output: splitBundle(bundle),
  },
  refused('split-no-patient', 'a bundle without patient', bundleOf(resources.slice(1))),
  refused('split-two-patients', 'a bundle of two patients', bundleOf([patient, patient])),
  refused('split-no-bundle', 'a resource alone', patient),
  refused('split-empty-entry', 'an entry without resource', { ...bundle, entry: [...(bundle.entry ?? []), {}] }),
  file('application/dicom'),
  file('application/pdf'),
  file('text/xml; charset=utf-8'),
  file('application/zip'),
])

whenRun(import.meta.url, () => writeVectors('record', recordVectors))

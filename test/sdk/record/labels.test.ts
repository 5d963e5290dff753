import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import {
  type Bundle,
  categories,
  categoriesOf,
  categoryLabel,
  joinBundle,
  type Label,
  labelOfPart,
  labels,
  splitBundle,
} from '@sharewell/sdk/record'
import { expect } from 'chai'
import fc from 'fast-check'
import type { Coding, FhirResource } from 'fhir/r4.js'
import { drugNames, securityCodes, systems, valueSets } from '../../../sdk/src/record/value-sets.ts'

const page = readFileSync(new URL('../../../docs/spec/labels.md', import.meta.url), 'utf8')
const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
const level = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality'
const sct = 'http://snomed.info/sct'
const icd = 'http://hl7.org/fhir/sid/icd-10-cm'

const depression = { system: sct, code: '370143000', display: 'Major depression disorder' }
const drinking = { system: sct, code: '10939881000119105', display: 'Unhealthy alcohol drinking behavior (finding)' }
const cold = { system: sct, code: '82272006', display: 'Common cold' }

type Loose = { readonly resourceType: string; readonly [field: string]: unknown }
const condition = (coding: object, more: object = {}): Loose => ({
  resourceType: 'Condition',
  id: 'c1',
  subject: { reference: 'Patient/p' },
  code: { coding: [coding] },
  ...more,
})
const marked = (...security: readonly Partial<Coding>[]): Loose => condition(cold, { meta: { security } })

function bundleOf(resources: readonly Loose[], meta?: object): Bundle {
  const entry = [{ resourceType: 'Patient', id: 'p' }, ...resources].map((resource) => ({
    fullUrl: `urn:uuid:${'id' in resource ? resource.id : ''}`,
    resource: resource as unknown as FhirResource,
  }))
  return { resourceType: 'Bundle', type: 'collection', entry, ...(meta && { meta }) }
}

/** Names of the categories of the resources, in their order. */
function sorted(resources: readonly Loose[], meta?: object): string[] {
  const { persona } = splitBundle(bundleOf(resources, meta))
  return persona.order.slice(1).map((id) => categories.find((one) => one.id === id)?.name ?? `${id}`)
}
const labelsOf = (resources: readonly Loose[], meta?: object): Label[] =>
  splitBundle(bundleOf(resources, meta)).persona.order.slice(1).map(categoryLabel)
const labelOf = (resource: Loose) => labelsOf([resource])[0]

describe('labels', () => {
  describe('tables', () => {
    it('are those that are published', () => {
      const rows = [...page.matchAll(/^\| ([a-z-]+) \| ([^|]+) \| ([^|]*`[^|]*) \| ([^|]+) \|$/gmu)].map(
        ([, label, system, codes = '', source]) => ({ label, system, codes: codesIn(codes), source }),
      )
      expect(rows.map(({ label, system, codes }) => ({ label, system, codes }))).to.deep.equal(valueSets)
      for (const { source } of rows) expect(source).to.match(/^(?:ICD|SLS|Syn|R4|HL7|CT)(?:, (?:SLS|Syn|R4|HL7|CT))*$/u)
      const drugs = [...page.matchAll(/^\| ([a-z-]+) \| (`[^|]*) \| ([A-Z][^|]*) \|$/gmu)]
      expect(drugs.map(([, label, names = '']) => ({ label, names: codesIn(names) }))).to.deep.equal(drugNames)
    })

    it('give every security code of the page its reason', () => {
      const rows = [...page.matchAll(/^\| ([A-Z0-9][A-Za-z0-9]+(?:, [A-Z0-9]\w+)*) \| ([a-z-]+) \|$/gmu)]
      const published = rows.flatMap(([, codes = '', label]) => codes.split(', ').map((code) => [code, label]))
      expect([...securityCodes]).to.deep.equal(published)
    })

    it('name categories as the page does, general ones never', () => {
      const cells = [...page.matchAll(/^\| ([a-z-]+) \| (\d+) `([a-z-]+)` \| (\d+)(?: `([a-z-]+)`)? \|$/gmu)]
      expect(cells).to.have.length(6)
      for (const [, label, first, name, second, other] of cells) {
        const ids = [...new Set([Number(first), Number(second)])]
        expect(categoriesOf(label as Label)).to.deep.equal(ids)
        expect(categories.filter(({ id }) => ids.includes(id)).map((one) => one.name)).to.deep.equal(
          [name, other].filter(Boolean),
        )
      }
      expect(labels.flatMap(({ name }) => categoriesOf(name)).sort((a, b) => a - b)).to.deep.equal(
        Array.from({ length: 32 }, (_, id) => id),
      )
      // Bits that stood on chain before there were labels.
      expect(categoriesOf('general')).to.deep.equal([...Array.from({ length: 19 }, (_, id) => id), 29, 30, 31])
    })
  })

  describe('codes', () => {
    for (const { label, system, codes } of valueSets)
      it(`finds each code of ${system} for ${label}, in whatever field`, () => {
        for (const url of systems[system])
          for (const row of codes) {
            const [first = ''] = row.split('-')
            const code = /^[A-Z]\d+-[A-Z]\d+$/u.test(row) ? `${first}.1` : row
            const coding = { system: url, code }
            expect(labelOf(condition(coding)), code).to.equal(label)
            expect(
              labelOf(condition(cold, { contained: [{ resourceType: 'Basic', code: { coding: [coding] } }] })),
            ).to.equal(label)
          }
      })

    it('takes ICD-10-CM with what is below a code and within a range, and no further', () => {
      const ofCode = (code: string) => labelOf(condition({ system: icd, code }))
      expect(ofCode('F32.1')).to.equal('mental-health')
      expect(ofCode('F321')).to.equal('mental-health')
      expect(ofCode('f51')).to.equal('mental-health')
      expect(ofCode('F52.0')).to.equal('sexual-health')
      expect(ofCode('F53')).to.equal('mental-health')
      expect(ofCode('F64.0')).to.equal('sexual-health')
      expect(ofCode('F16.20')).to.equal('substance-use')
      expect(ofCode('F17.210')).to.equal('general')
      expect(ofCode('F19')).to.equal('substance-use')
      expect(ofCode('A49.9')).to.equal('general')
      expect(ofCode('A64')).to.equal('sexual-health')
      expect(ofCode('A65')).to.equal('general')
      expect(ofCode('Z33.1')).to.equal('general')
      expect(ofCode('Z33.2')).to.equal('sexual-health')
    })

    it('leaves general what no table knows, also a known code in another system', () => {
      expect(labelOf(condition(cold))).to.equal('general')
      expect(labelOf(condition({ system: 'http://example.org', code: '370143000' }))).to.equal('general')
      expect(labelOf(condition({ code: '370143000' }))).to.equal('general')
    })

    it('finds drugs by name in medications alone', () => {
      const drug = (text: string) => ({
        resourceType: 'MedicationRequest',
        id: 'm',
        medicationCodeableConcept: { text },
      })
      for (const { label, names } of drugNames)
        for (const name of names) expect(labelOf(drug(`24 HR ${name.toUpperCase()} 5 MG`)), name).to.equal(label)
      expect(labelOf(drug('Fluoxetines'))).to.equal('general')
      expect(labelOf(condition(cold, { note: [{ text: 'no fluoxetine' }] }))).to.equal('general')
    })

    it('takes every sequence of genes for genetic', () => {
      expect(sorted([{ resourceType: 'MolecularSequence', id: 's', coordinateSystem: 0 }])).to.deep.equal(['genetic'])
    })
  })

  describe('security labels', () => {
    it('count, each by its reason, where a system or an older one is named, or none', () => {
      for (const [code, label] of securityCodes)
        for (const system of [actCode, 'http://hl7.org/fhir/v3/ActCode', undefined])
          expect(labelOf(marked({ ...(system && { system }), code })), code).to.equal(label)
    })

    it('restrict what is confidential and nobody says why', () => {
      expect(labelOf(marked({ system: level, code: 'R' }))).to.equal('restricted')
      expect(labelOf(marked({ system: level, code: 'R' }, { system: actCode, code: 'PSY' }))).to.equal('mental-health')
      expect(labelOf(condition(depression, { meta: { security: [{ system: level, code: 'R' }] } }))).to.equal(
        'mental-health',
      )
    })

    it('let V win over every reason', () => {
      expect(sorted([marked({ system: level, code: 'V' })])).to.deep.equal(['very-restricted'])
      expect(labelOf(marked({ system: level, code: 'V' }, { system: actCode, code: 'PSY' }))).to.equal(
        'very-restricted',
      )
    })

    it('never make anything less sensitive', () => {
      for (const code of ['U', 'L', 'M', 'N'])
        expect(labelOf(condition(depression, { meta: { security: [{ system: level, code }] } }))).to.equal(
          'mental-health',
        )
      expect(labelOf(marked({ system: actCode, code: 'NOAUTH' }))).to.equal('general')
      expect(labelOf(marked({ system: 'http://example.org', code: 'R' }))).to.equal('general')
    })

    it('read behavioral health as whichever of the two is found, and restrict it where none is', () => {
      const bh = { system: actCode, code: 'BH' }
      expect(labelOf(marked(bh))).to.equal('restricted')
      expect(labelOf(condition(depression, { meta: { security: [bh] } }))).to.equal('mental-health')
      expect(labelOf(marked(bh, { system: actCode, code: 'GDIS' }))).to.equal('restricted')
    })

    it('are found where documents, compositions and single elements carry them', () => {
      const document = { resourceType: 'DocumentReference', id: 'd', status: 'current', content: [{ attachment: {} }] }
      expect(labelOf({ ...document, securityLabel: [{ coding: [{ system: level, code: 'R' }] }] })).to.equal(
        'restricted',
      )
      expect(labelOf({ resourceType: 'Composition', id: 'd', confidentiality: 'V' })).to.equal('very-restricted')
      const url = 'http://hl7.org/fhir/uv/security-label-ds4p/StructureDefinition/extension-inline-sec-label'
      const inline = { extension: [{ url, valueCoding: { system: actCode, code: 'HIV' } }] }
      expect(labelOf(condition(cold, { severity: inline }))).to.equal('sexual-health')
    })

    it('of the bundle reach every entry where no entry explains them', () => {
      const psy = { security: [{ system: actCode, code: 'PSY' }] }
      const r = { security: [{ system: level, code: 'R' }] }
      expect(labelsOf([condition(cold), condition(cold)], psy)).to.deep.equal(['mental-health', 'mental-health'])
      expect(labelsOf([condition(cold), condition(depression)], psy)).to.deep.equal(['general', 'mental-health'])
      expect(labelsOf([condition(cold)], r)).to.deep.equal(['restricted'])
      expect(labelsOf([condition(cold), condition(depression)], r)).to.deep.equal(['general', 'mental-health'])
    })
  })

  describe('a bundle', () => {
    it('keeps two reasons apart from each, because a reader of one must not see the other', () => {
      const both = condition(depression, { evidence: [{ code: [{ coding: [drinking] }] }] })
      expect(sorted([both])).to.deep.equal(['restricted'])
    })

    it('puts what is sensitive into two parts: findings, and what is written', () => {
      const reason = { reasonReference: [{ reference: 'urn:uuid:c1' }] }
      const resources = [
        condition(depression),
        condition(cold, { id: 'c2' }),
        { resourceType: 'MedicationRequest', id: 'm', ...reason },
        { resourceType: 'Encounter', id: 'e', diagnosis: [{ condition: { reference: 'Condition/c1' } }] },
        { resourceType: 'Claim', id: 'x', prescription: { reference: 'urn:uuid:m' } },
        {
          resourceType: 'DocumentReference',
          id: 'n',
          status: 'current',
          context: { encounter: [{ reference: 'urn:uuid:e' }] },
        },
        { resourceType: 'Observation', id: 'o', code: {}, encounter: { reference: 'urn:uuid:e' } },
      ]
      const [health, notes] = ['mental-health', 'mental-health-notes']
      expect(sorted(resources)).to.deep.equal([health, 'conditions', health, notes, notes, notes, 'other'])
      expect(sorted(resources.toReversed()).toReversed()).to.deep.equal(sorted(resources))
      const { parts } = splitBundle(bundleOf(resources))
      const part = parts.find(({ name }) => name === health)
      expect(part?.category).to.equal(19)
      expect(part?.bundle.meta?.security).to.deep.equal([
        { system: actCode, code: 'PSY' },
        { system: level, code: 'R' },
      ])
      expect(parts.find(({ name }) => name === 'conditions')?.bundle).to.not.have.property('meta')
      expect(parts.map(({ bundle, category }) => [labelOfPart(bundle), category])).to.deep.equal(
        parts.map(({ category }) => [categoryLabel(category), category]),
      )
    })

    it('reads no label from what a stranger wrote there instead', () => {
      for (const meta of [null, 1, { security: 'PSY' }, { security: [null] }, { security: { code: 'R' } }])
        expect(labelOfPart({ resourceType: 'Bundle', type: 'collection', meta } as unknown as Bundle)).to.equal(
          'general',
        )
    })

    it('finds in notes, also encoded, what its sensitive codes are called', () => {
      const note = (text: string) => ({
        resourceType: 'DocumentReference',
        id: 'n',
        status: 'current',
        content: [{ attachment: { contentType: 'text/plain', data: Buffer.from(text).toString('base64') } }],
      })
      const told = (text: string) => labelsOf([condition(depression), note(text)])[1]
      expect(told('History of MAJOR depression disorder.')).to.equal('mental-health')
      expect(told('History of a minor depression.')).to.equal('general')
      const div = { resourceType: 'CarePlan', id: 'p1', text: { div: '<p>Major depression disorder</p>' } }
      expect(labelsOf([condition(depression), div])[1]).to.equal('mental-health')
    })

    it('never moves the patient out of the persona', () => {
      const relative = { resourceType: 'RelatedPerson', id: 'r', meta: { security: [{ system: level, code: 'V' }] } }
      expect(sorted([relative])).to.deep.equal(['persona'])
    })

    it('is never less sensitive for one code more', () => {
      const rank = (label: Label | undefined) =>
        label === 'general' ? 0 : label === 'restricted' ? 2 : label === 'very-restricted' ? 3 : 1
      const known = valueSets.flatMap(({ system, codes }) =>
        codes.filter((code) => !/^[A-Z]\d+-/u.test(code)).map((code) => ({ system: systems[system][0], code })),
      )
      const coding = fc.oneof(
        fc.constantFrom(...known),
        fc.record({ system: fc.constantFrom(sct, icd, level, 'urn:x'), code: fc.string({ maxLength: 8 }) }),
      )
      const security = fc.record({
        system: fc.constantFrom(actCode, level),
        code: fc.constantFrom('U', 'L', 'M', 'N', 'R', 'V', 'BH', ...securityCodes.keys(), 'X'),
      })
      const both = fc.tuple(fc.array(coding, { maxLength: 3 }), fc.array(security, { maxLength: 3 }))
      const labelFor = (codes: readonly object[], security: readonly object[]) =>
        labelOf(condition(cold, { meta: { security }, category: codes.map((one) => ({ coding: [one] })) }))
      fc.assert(
        fc.property(both, both, ([codes, marks], [more, others]) => {
          const [before, after] = [labelFor(codes, marks), labelFor([...codes, ...more], [...marks, ...others])]
          expect(rank(after)).to.be.at.least(before === 'restricted' && after !== 'general' ? 1 : rank(before))
          // A reason may explain R or BH; nothing else takes a label away.
          if (rank(before) === 1 && rank(after) === 1) expect(after).to.equal(before)
        }),
      )
    })
  })

  it('lose nothing of a real bundle and put nothing into two parts', () => {
    const file = gunzipSync(readFileSync(new URL('../../data/fhir/jonnie.json.gz', import.meta.url)))
    const bundle: Bundle = JSON.parse(file.toString('utf8'))
    const { persona, parts } = splitBundle(bundle)
    const joined = joinBundle(persona, parts).entry ?? []
    expect(joined.map(({ resource }) => resource)).to.deep.equal(bundle.entry?.map(({ resource }) => resource))
    const counts = new Map(parts.map(({ name, bundle: part }) => [name, (part.entry ?? []).length - 1]))
    const inParts = [...counts.values()].reduce((sum, one) => sum + one, 0)
    expect(inParts + persona.entries.length).to.equal(bundle.entry?.length)
    const sensitive = parts.filter(({ category }) => categoryLabel(category) !== 'general')
    expect(Object.fromEntries(sensitive.map(({ name }) => [name, counts.get(name)]))).to.deep.equal({
      'mental-health': 7,
      'mental-health-notes': 6,
      'substance-use': 2,
      'sexual-health': 13,
      'sexual-health-notes': 55,
      restricted: 6,
    })
    // Nothing that is left says what was taken out.
    const rest = JSON.stringify(parts.filter(({ category }) => categoryLabel(category) === 'general'))
    for (const word of ['Contraception care', 'Unhealthy alcohol', 'PHQ-9']) expect(rest).to.not.include(word)
  })
})

const codesIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/gu)].map(([, code = '']) => code)

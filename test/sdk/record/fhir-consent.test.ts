import { readdirSync, readFileSync } from 'node:fs'
import { purposes } from '@sharewell/sdk/chain'
import {
  type ConsentDraft,
  type ConsentGrantee,
  categoriesOf,
  categoryMask,
  consentFromFhir,
  consentPurposes,
  consentToFhir,
  draftOfSlot,
  type FhirConsentError,
  forever,
  type Known,
  purposeMask,
} from '@sharewell/sdk/record'
import { expect } from 'chai'
import fc from 'fast-check'
import type { Consent, ConsentProvision } from 'fhir/r4.js'

const folder = new URL('../../data/consent/', import.meta.url)
const hex = (fill: number, length: number): `0x${string}` => `0x${fill.toString(16).padStart(2, '0').repeat(length)}`

const provider = hex(0xb0, 16)
const frame = { networkId: hex(1, 32), pseudonym: hex(2, 32), provider, key: hex(3, 32), decidedAt: 1_800_000_000 }
const own: Known = { networkId: frame.networkId, pseudonym: frame.pseudonym, provider }

const doctor: ConsentGrantee = { kind: 'person', account: hex(0xa1, 20) }
const hospital: ConsentGrantee = { kind: 'organization', organization: provider }
const researcher: ConsentGrantee = { kind: 'organization', organization: hex(0xb1, 16) }

/** The people of the examples, as somebody explains them. */
const people: Readonly<Record<string, ConsentGrantee | 'patient'>> = {
  'Patient/ex-patient': 'patient',
  'Patient/f001': 'patient',
  'Patient/example': 'patient',
  'Patient/72': 'patient',
  'Patient/xcda': 'patient',
  'Organization/ex-organization': hospital,
  'Organization/f001': hospital,
  'Organization/ex-org-researcher': researcher,
  'Practitioner/ex-practitioner': doctor,
  'Practitioner/13': doctor,
}
const explained: Known = {
  ...own,
  means: (name) => people[name],
  everyone: [hospital],
  policies: [
    'http://example.org/policies/basePrivacyConsentPolicy.txt',
    'http://example.org/policies/researchPrivacyConsentPolicy.txt',
    'https://profiles.ihe.net/ITI/PCF/Policy-basic-normal',
    'https://profiles.ihe.net/ITI/PCF/Policy-break-glass-only',
  ],
  startOfDay: (day) => Date.parse(`${day}T00:00:00Z`) / 1000,
}

const general = categoriesOf('general')
const restricted = Array.from({ length: 9 }, (_, at) => 19 + at)
const all = Array.from({ length: 32 }, (_, id) => id)
const ascending = (ids: readonly number[]) => [...ids].sort((a, b) => a - b)

const permit = (grantee: ConsentGrantee, categories: readonly number[], more: object = {}): ConsentDraft => ({
  kind: 'permit',
  grantee,
  categories: ascending(categories),
  purposes: ['TREAT', 'HPAYMT', 'HOPERAT'],
  from: 0,
  until: forever,
  useLimit: 0,
  ...more,
})

/** What becomes of every file: the consents, or the elements in the way. */
const expected: Readonly<Record<string, readonly ConsentDraft[] | readonly string[]>> = {
  'hl7-Out': ['policyRule', 'provision.type'],
  'hl7-basic': ['policyRule', 'provision.type'],
  'hl7-grantor': ['policyRule', 'provision.type'],
  'hl7-notAuthor': ['policyRule', 'provision.type'],
  'hl7-notOrg': ['policyRule', 'provision.action[1]', 'provision.actor[0]'],
  'hl7-notThis': ['policyRule', 'provision.type'],
  'hl7-pkb': ['policyRule', 'provision.type'],
  'hl7-signature': ['category[0]', 'policyRule', 'provision.type'],
  'hl7-smartonfhir': ['performer[0]', 'policyRule', 'provision.type'],
  'ihe-consent-advanced-normal': [permit(hospital, general)],
  'ihe-consent-advanced-normal-break-glass-restricted': [
    'provision.provision[0].actor[0].reference',
    'provision.provision[0].purpose[0]',
  ],
  'ihe-consent-advanced-normal-focused-psy': [permit(hospital, general), permit(doctor, [19, 20])],
  'ihe-consent-advanced-normal-focused-psy-or-sdv': ['provision.provision[0].securityLabel[1]'],
  'ihe-consent-advanced-normal-focused-restricted': [permit(hospital, general), permit(doctor, restricted)],
  'ihe-consent-advanced-normal-not-restricted': [permit(hospital, general)],
  'ihe-consent-advanced-normal-restricted': [permit(hospital, [...general, ...restricted])],
  'ihe-consent-basic-ink': [permit(hospital, all)],
  'ihe-consent-basic-reject': ['provision.purpose', 'provision.actor'],
  'ihe-consent-basic-research': [permit(hospital, all, { purposes: ['HRESCH'] })],
  'ihe-consent-basic-treat': [permit(hospital, all)],
  'ihe-consent-basic-treat-infant': ['performer[0]'],
  'ihe-consent-expired-treat': [permit(hospital, all, { until: Date.UTC(2023, 0, 1) / 1000 })],
  'ihe-consent-intermediate-authoredby': ['provision.data[0].meaning'],
  'ihe-consent-intermediate-data': [0, 1, 2, 3, 4, 5].map((at) => `provision.data[${at}].reference`),
  'ihe-consent-intermediate-encounter': ['provision.data[0].meaning'],
  'ihe-consent-intermediate-not-authoredby': ['provision.provision[0].data'],
  'ihe-consent-intermediate-not-data': ['provision.provision[0].data'],
  'ihe-consent-intermediate-not-encounter': ['provision.provision[0].data'],
  'ihe-consent-intermediate-not-timeframe': [
    'provision.provision[0].dataPeriod',
    'provision.provision[0].securityLabel',
  ],
  'ihe-consent-intermediate-purpose': ['provision.purpose[0]'],
  'ihe-consent-intermediate-timeframe': ['provision.dataPeriod'],
  'ihe-dissent-intermediate-break-glass': ['provision.provision', 'provision.actor'],
}

const read = (name: string): Consent => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'))

/** The consents of a resource, or the elements in the way without the first word. */
function outcome(resource: unknown, known: Known): readonly ConsentDraft[] | readonly string[] {
  try {
    return consentFromFhir(resource, known)
  } catch (error) {
    expect(error).to.have.property('code', 'FHIR_CONSENT')
    return (error as FhirConsentError).refused.map(({ element }) => element.replace('Consent.', ''))
  }
}

const grantees: fc.Arbitrary<ConsentGrantee> = fc.oneof(
  fc.record({ kind: fc.constant('person' as const), account: hexes(20) }),
  fc.record({ kind: fc.constant('organization' as const), organization: hexes(16) }),
  fc.record({ kind: fc.constant('role' as const), organization: hexes(16), role: fc.integer({ min: 0, max: 31 }) }),
)
function hexes(length: number): fc.Arbitrary<`0x${string}`> {
  return fc
    .uint8Array({ minLength: length, maxLength: length })
    .map((bytes) => `0x${Buffer.from(bytes).toString('hex')}` as const)
}
const lastSecond = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000
const times = fc
  .tuple(
    fc.integer({ min: 0, max: lastSecond }),
    fc.oneof(fc.constant(forever), fc.integer({ min: 1, max: lastSecond + 1 })),
  )
  .filter(([from, until]) => from < until)
const permits: fc.Arbitrary<ConsentDraft> = fc
  .tuple(
    grantees,
    fc.oneof(
      fc.record({ recordId: hexes(32), categories: fc.constant([]) }),
      fc.record({ categories: fc.subarray(all, { minLength: 1 }) }),
    ),
    fc.subarray([...consentPurposes], { minLength: 1 }),
    times,
    fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 65_535 })),
  )
  .map(([grantee, scope, purposes, [from, until], useLimit]) => ({
    kind: 'permit',
    grantee,
    ...scope,
    purposes,
    from,
    until,
    useLimit,
  }))
const denials: fc.Arbitrary<ConsentDraft> = fc.record({
  kind: fc.constant('deny' as const),
  grantee: fc.record({ kind: fc.constant('person' as const), account: hexes(20) }),
  recordId: fc.option(hexes(32), { nil: undefined }),
})

const treat = {
  kind: 'permit',
  grantee: doctor,
  categories: [3],
  purposes: ['TREAT'],
  from: 0,
  until: forever,
  useLimit: 0,
} as const
/** A consent of ours with another provision. */
const provided = (change: Partial<ConsentProvision>, base: ConsentDraft = treat) => {
  const consent = consentToFhir(base, frame)
  return { ...consent, provision: { ...consent.provision, ...change } }
}

describe('FHIR Consent', () => {
  describe('in', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
    it('has an expected outcome for every example', () => {
      expect(files.map((name) => name.replace('.json', '')).sort()).to.deep.equal(Object.keys(expected).sort())
    })
    for (const [name, result] of Object.entries(expected))
      it(`${name}: ${typeof result[0] === 'string' ? `refused at ${result.join(', ')}` : 'means exactly this'}`, () => {
        expect(outcome(read(name), explained)).to.deep.equal(result)
      })

    it('refuses by name whoever and whatever nobody explained', () => {
      const strict = (change: Partial<Known>) =>
        outcome(read('ihe-consent-advanced-normal-focused-psy'), { ...explained, ...change })
      const means = (missing: string) => ({ means: (name: string) => (name === missing ? undefined : people[name]) })
      expect(strict(means('Patient/ex-patient'))).to.deep.equal(['patient', 'performer[0]'])
      expect(strict(means('Organization/ex-organization'))).to.deep.equal(['organization[0]'])
      expect(strict(means('Practitioner/ex-practitioner'))).to.deep.equal(['provision.provision[0].actor[0].reference'])
      expect(strict({ everyone: undefined })).to.deep.equal(['provision.actor'])
      expect(strict({ policies: [] })).to.deep.equal(['policy[0].uri'])
      const expired = read('ihe-consent-expired-treat')
      expect(outcome(expired, { ...explained, startOfDay: undefined })).to.deep.equal(['provision.period.end'])
    })

    it('names every other element that could change what is meant', () => {
      const good = provided({})
      expect(outcome(good, own)).to.deep.equal([treat])
      const odd: readonly (readonly [object, string])[] = [
        [{ status: 'inactive' }, 'status'],
        [{ status: undefined }, 'status'],
        [{ verification: [{ verified: true }] }, 'verification'],
        [{ implicitRules: 'http://example.org' }, 'implicitRules'],
        [{ extension: [{ url: 'urn:x', valueBoolean: true }] }, 'extension'],
        [{ modifierExtension: [{ url: 'urn:x', valueBoolean: true }] }, 'modifierExtension'],
        [{ _status: { extension: [] } }, '_status'],
        [
          { scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'research' }] } },
          'scope',
        ],
        [{ scope: { text: 'privacy' } }, 'scope'],
        [{ policy: [{ uri: 'urn:sharewell:policy:1', authority: 'http://example.org' }] }, 'policy[0].authority'],
        [{ policy: undefined }, 'policy'],
        [{ provision: undefined }, 'provision'],
        [{ identifier: [{ system: 'urn:sharewell:network', value: hex(9, 32) }] }, 'identifier[0]'],
        [{ patient: { identifier: { system: 'urn:sharewell:pseudonym', value: hex(9, 32) } } }, 'patient'],
        [
          { organization: [{ identifier: { system: 'urn:sharewell:organization', value: hex(9, 16) } }] },
          'organization[0]',
        ],
      ]
      for (const [change, element] of odd) expect(outcome({ ...good, ...change }, own), element).to.include(element)
    })

    it('refuses in a provision what no slot can hold', () => {
      const label = (code: string) => [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code }]
      const odd: readonly (readonly [Partial<ConsentProvision> | object, string])[] = [
        [{ code: [{ coding: [{ system: 'http://loinc.org', code: '34133-9' }] }] }, 'provision.code'],
        [{ class: [{ system: 'http://hl7.org/fhir/resource-types', code: 'Observation' }] }, 'provision.class'],
        [{ dataPeriod: { start: '2022-01-01' } }, 'provision.dataPeriod'],
        [{ extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/consent-location' }] }, 'provision.extension'],
        [{ modifierExtension: [{ url: 'urn:x', valuePositiveInt: 1 }] }, 'provision.modifierExtension[0]'],
        [
          { modifierExtension: [{ url: 'urn:sharewell:use-limit', valuePositiveInt: 65_536 }] },
          'provision.modifierExtension[0]',
        ],
        [{ securityLabel: label('HIV') }, 'provision.securityLabel[0]'],
        [{ securityLabel: label('ETHUD') }, 'provision.securityLabel[0]'],
        [{ securityLabel: [] }, 'provision.securityLabel'],
        [{ purpose: undefined }, 'provision.purpose'],
        [
          { purpose: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'BTG' }] },
          'provision.purpose[0]',
        ],
        [{ type: 'maybe' }, 'provision.type'],
        [{ data: [{ meaning: 'instance', reference: { reference: 'Observation/1' } }] }, 'provision.data[0].reference'],
        [
          {
            actor: [
              {
                ...provided({}).provision.actor?.[0],
                role: {
                  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'AUT' }],
                },
              },
            ],
          },
          'provision.actor[0].role',
        ],
        [{ period: { start: '2026-01-02T00:00:00Z', end: '2026-01-01T00:00:00Z' } }, 'provision.period'],
        [{ period: { end: '2026-02-30T00:00:00Z' } }, 'provision.period.end'],
        [{ period: { end: '2026-02-01T10:00:00' } }, 'provision.period.end'],
      ]
      for (const [change, element] of odd) expect(outcome(provided(change), own), element).to.include(element)
    })

    it('refuses exceptions that would widen, contradict or share a slot', () => {
      const N = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'N' }]
      const R = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }]
      const psy = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'PSY' }]
      const research = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'HRESCH' }]
      const other = consentToFhir({ ...treat, grantee: researcher }, frame).provision?.actor
      const nested = (...provision: ConsentProvision[]) => outcome(provided({ securityLabel: N, provision }), own)
      expect(nested({ type: 'permit', securityLabel: psy })).to.deep.equal([
        { ...treat, categories: ascending([...general, 19, 20]) },
      ])
      expect(nested({ type: 'permit', securityLabel: psy, actor: other ?? [] })).to.deep.equal([
        'provision.provision[0].actor',
      ])
      expect(nested({ type: 'permit', securityLabel: psy, purpose: research })).to.include(
        'provision.provision[0].purpose',
      )
      expect(nested({ type: 'permit', securityLabel: psy, provision: [{}] })).to.deep.equal([
        'provision.provision[0].provision',
      ])
      expect(nested({ type: 'permit', securityLabel: psy }, { type: 'deny', securityLabel: R })).to.deep.equal([
        'provision.provision[0].securityLabel',
      ])
      expect(nested({ type: 'deny', securityLabel: N })).to.deep.equal(['provision'])
      expect(nested({ type: 'deny', securityLabel: R, actor: other ?? [] })).to.deep.equal([
        'provision.provision[0].actor',
      ])
      const twice = { ...treat, purposes: ['TREAT', 'HRESCH'] } as const
      const fewer = provided(
        { securityLabel: N, provision: [{ type: 'permit', securityLabel: psy, purpose: research }] },
        twice,
      )
      expect(outcome(fewer, own)).to.deep.equal(['provision.provision'])
    })

    it('denies a person, and nothing else to nobody else', () => {
      const denial: ConsentDraft = { kind: 'deny', grantee: doctor, recordId: undefined }
      expect(outcome(consentToFhir(denial, frame), own)).to.deep.equal([denial])
      expect(outcome(consentToFhir({ ...denial, grantee: hospital }, frame), own)).to.deep.equal(['provision.actor[0]'])
      expect(outcome(provided({ period: { end: '2026-01-01T00:00:00Z' } }, denial), own)).to.deep.equal([
        'provision.period',
      ])
    })

    it('reads the bounds of a time as FHIR means them, the end included', () => {
      const bounds = (period: object) => {
        const [first] = consentFromFhir(provided({ period }), explained)
        return first?.kind === 'permit' ? [first.from, first.until] : []
      }
      const at = (text: string) => Date.parse(text) / 1000
      expect(bounds({ start: '2026-05-01T10:00:00+02:00', end: '2026-05-01T10:00:00Z' })).to.deep.equal([
        at('2026-05-01T08:00:00Z'),
        at('2026-05-01T10:00:01Z'),
      ])
      expect(bounds({ start: '2026-05-01T10:00:00.2Z', end: '2026-05-01T11:00:00.9Z' })).to.deep.equal([
        at('2026-05-01T10:00:01Z'),
        at('2026-05-01T11:00:01Z'),
      ])
      expect(bounds({ start: '2024', end: '2024' })).to.deep.equal([at('2024-01-01'), at('2025-01-01')])
      expect(bounds({ start: '2024-02', end: '2024-02' })).to.deep.equal([at('2024-02-01'), at('2024-03-01')])
      expect(bounds({ end: '2024-12' })).to.deep.equal([0, at('2025-01-01')])
      expect(bounds({ end: '2024-02-28' })).to.deep.equal([0, at('2024-02-29')])
      expect(bounds({ start: '1964-01-01', end: '2030-12-31' })).to.deep.equal([0, at('2031-01-01')])
    })

    it('answers anything with consents or a refusal', () => {
      const names = ['provision', 'actor', 'purpose', 'securityLabel', 'data', 'period', 'policy', 'patient', 'scope']
      fc.assert(
        fc.property(fc.constantFrom(...names), fc.jsonValue(), (name, value) => {
          const consent = provided({})
          const outer = name in consent
          const changed = outer ? { ...consent, [name]: value } : provided({ [name]: value } as object)
          expect(outcome(changed, explained)).to.be.an('array')
        }),
      )
      for (const value of [null, 1, 'Consent', [], {}, { resourceType: 'Bundle' }])
        expect(outcome(value, own)).to.deep.equal(['Consent'])
    })
  })

  describe('out', () => {
    it('and in again is the same consent', () => {
      fc.assert(
        fc.property(fc.oneof(permits, denials), (draft) => {
          const consent = JSON.parse(JSON.stringify(consentToFhir(draft, frame, { display: 'Dr. Ada Berg' })))
          expect(consentFromFhir(consent, own)).to.deep.equal([draft])
        }),
        { numRuns: 500 },
      )
    })

    it('is always the same text', () => {
      const text = () => JSON.stringify(consentToFhir(treat, frame))
      expect(text()).to.equal(text())
      expect(text()).to.not.include('undefined')
    })

    it('keeps to IHE PCF: what it asks for is there, what it forbids is not', () => {
      fc.assert(
        fc.property(fc.oneof(permits, denials), (draft) => {
          const consent = consentToFhir(draft, frame)
          const { scope, category, patient, dateTime, performer, organization, sourceReference, policy, provision } =
            consent
          for (const one of [scope, category, patient, dateTime, performer, organization, sourceReference, policy])
            expect(one).to.not.equal(undefined)
          expect(consent.status).to.equal('active')
          expect(policy?.[0]?.uri).to.match(/^urn:/u)
          expect(consent).to.not.have.any.keys('verification', 'policyRule')
          expect(provision).to.not.have.any.keys('action', 'class', 'code', 'dataPeriod', 'provision')
          expect(provision?.actor?.[0]?.role?.coding?.[0]?.code).to.equal('IRCP')
          const advanced = consent.meta?.profile?.[0]?.endsWith('Advanced')
          expect(provision?.securityLabel !== undefined).to.equal(advanced)
          expect(consent.id).to.match(/^[A-Za-z0-9.-]{1,64}$/u)
        }),
      )
    })

    it('uses the words of HL7 where they say just that, and its own else', () => {
      const codes = (categories: readonly number[]) =>
        consentToFhir({ ...treat, categories }, frame).provision?.securityLabel?.map(({ code }) => code)
      expect(codes(all)).to.deep.equal(['N', 'R', 'V'])
      expect(codes(general)).to.deep.equal(['N'])
      expect(codes([...general, 19, 20, 23])).to.deep.equal(['N', 'PSY', 'genetic'])
      expect(codes([1, 3, 25, 26])).to.deep.equal(['SEX', 'conditions', 'laboratory'])
    })

    it('starts from what a slot says, bits of purposes and categories included', () => {
      const key = new Uint8Array(32).fill(7)
      const permitted = { state: 'permit', recordId: hex(0, 32), from: 5, until: 9, purposes: 0b1000_1001, useLimit: 2 }
      const slot = { ...permitted, categories: categoryMask(key, [3, 19]) }
      const draft = {
        ...treat,
        categories: [3, 19],
        purposes: ['TREAT', 'HPAYMT', 'PUBHLTH'],
        from: 5,
        until: 9,
        useLimit: 2,
      }
      const of = { grantee: doctor, categoryKey: key }
      expect(draftOfSlot(slot, of)).to.deep.equal({ ...draft, recordId: undefined })
      expect(draftOfSlot(slot, { ...of, categoryKey: undefined })).to.equal(undefined)
      expect(draftOfSlot({ ...slot, categories: 0xffff_ffff }, { ...of, categoryKey: undefined }))
        .to.have.property('categories')
        .with.length(32)
      expect(draftOfSlot({ ...slot, recordId: hex(4, 32), categories: 0 }, of)).to.deep.include({
        recordId: hex(4, 32),
        categories: [],
      })
      expect(draftOfSlot({ ...slot, state: 'denied' }, of)).to.deep.equal({
        kind: 'deny',
        grantee: doctor,
        recordId: undefined,
      })
      for (const purpose of consentPurposes) expect(purposeMask([purpose])).to.equal(1 << purposes.indexOf(purpose))
    })

    it('refuses by name a time that FHIR cannot write', () => {
      expect(() => consentToFhir({ ...treat, until: lastSecond + 2 }, frame))
        .to.throw()
        .with.nested.property('refused[0].element', 'Consent.provision.period.end')
      expect(() => consentToFhir({ ...treat, until: lastSecond + 1 }, frame)).to.not.throw()
    })
  })
})

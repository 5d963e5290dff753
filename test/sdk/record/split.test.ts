import { readFileSync } from 'node:fs'
import {
  type Bundle,
  bundleFromBytes,
  joinBundle,
  patientStub,
  personaFromBytes,
  recordFromPart,
  recordFromPersona,
  splitBundle,
} from '@sharewell/sdk/record'
import { expect } from 'chai'
import type { Patient } from 'fhir/r4.js'

const read = (name: string): Bundle =>
  JSON.parse(readFileSync(new URL(`../../data/fhir/${name}.json`, import.meta.url), 'utf8'))

/** Everything a person could read in a record: its bytes, and its base64 texts decoded. */
function readable(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes)
  const decoded: string[] = []
  JSON.parse(text, (key, value) => {
    if (key === 'data' && typeof value === 'string') decoded.push(Buffer.from(value, 'base64').toString())
    return value
  })
  return [text, ...decoded].join('\n')
}

/** Names, addresses, telephones and identifiers of a patient as they stand in the patient's own resource. */
function identifiersOf(patient: Patient): string[] {
  const names = (patient.name ?? []).flatMap(({ family, given = [] }) => [family, ...given])
  const addresses = (patient.address ?? []).flatMap(({ line = [], extension = [] }) => [
    ...line,
    ...extension.flatMap((one) => (one.extension ?? []).map(({ valueDecimal }) => valueDecimal?.toString())),
  ])
  const others = [...(patient.identifier ?? []), ...(patient.telecom ?? [])].map(({ value }) => value)
  const maiden = (patient.extension ?? [])
    .filter(({ url }) => url.endsWith('MaidenName'))
    .flatMap(({ valueString }) => valueString?.split(' '))
  return [...names, ...addresses, ...others, ...maiden, patient.id].filter((one) => one !== undefined)
}

describe('split', () => {
  for (const name of ['lance', 'linette']) {
    const bundle = read(name)
    const { persona, parts } = splitBundle(bundle)
    const patient = bundle.entry?.[0]?.resource as Patient

    it(`leaves nothing that names ${name} in any part, notes in base64 included`, () => {
      const identifiers = identifiersOf(patient)
      expect(identifiers.length).to.be.greaterThan(8)
      const original = readable(new TextEncoder().encode(JSON.stringify(bundle)))
      for (const part of parts) {
        const text = readable(recordFromPart(part).bytes)
        for (const identifier of identifiers) {
          expect(original).to.include(identifier)
          expect(text, part.name).to.not.include(identifier)
        }
        expect(text, part.name).to.not.include('seed')
      }
    })

    it(`gives the bundle of ${name} back, resource by resource, from persona and parts`, () => {
      const again = personaFromBytes(recordFromPersona(persona).bytes)
      const opened = parts.map((part) => ({ ...part, bundle: bundleFromBytes(recordFromPart(part).bytes) }))
      const resources = (from: Bundle) => from.entry?.map(({ fullUrl, resource }) => ({ fullUrl, resource }))
      expect(resources(joinBundle(again, opened.reverse()))).to.deep.equal(resources(bundle))
    })

    it(`makes one part per category of ${name}, each about the same nameless patient`, () => {
      const ids = parts.map(({ category }) => category)
      expect(ids).to.deep.equal([...new Set(ids)].sort((a, b) => a - b))
      expect(parts.map((part) => part.name)).to.include.members([
        'conditions',
        'laboratory',
        'vital-signs',
        'documents',
        'claims',
      ])
      for (const { bundle: part } of parts) {
        expect(part.entry?.[0]?.resource).to.deep.equal({
          resourceType: 'Patient',
          id: '00000000-0000-4000-8000-000000000000',
          gender: patient.gender,
          birthDate: patient.birthDate?.slice(0, 4),
        })
      }
      const resources = parts.reduce((sum, part) => sum + (part.bundle.entry?.length ?? 0) - 1, 0)
      expect(resources + persona.entries.length).to.equal(bundle.entry?.length)
    })
  }

  it('joins what a reader may see, and leaves the rest out', () => {
    const { persona, parts } = splitBundle(read('lance'))
    const some = parts.filter(({ name }) => name === 'laboratory')
    const joined = joinBundle(persona, some)
    expect(joined.entry?.[0]?.resource?.resourceType).to.equal('Patient')
    const types = new Set(joined.entry?.slice(1).map(({ resource }) => resource?.resourceType))
    expect([...types]).to.have.members(['Observation', 'DiagnosticReport'])
  })

  it('refuses to join a part of another patient', () => {
    const [one, two] = [splitBundle(read('lance')), splitBundle(read('linette'))]
    expect(() => joinBundle(one.persona, two.parts))
      .to.throw()
      .with.property('code', 'BUNDLE')
  })

  const patient: Patient = {
    resourceType: 'Patient',
    id: 'p1',
    gender: 'female',
    birthDate: '1980-05-17',
    name: [{ family: 'Ma\u00f1ana', given: ['Rose', 'Li'] }],
    address: [{ line: ['12 Elm Street Apt 4'], city: 'Boston' }],
    identifier: [{ value: '999-12-3456' }],
  }
  const noteOf = (text: string) => Buffer.from(text).toString('base64')
  const split = (...others: NonNullable<NonNullable<Bundle['entry']>[number]['resource']>[]) =>
    splitBundle({
      resourceType: 'Bundle',
      type: 'collection',
      entry: [patient, ...others].map((resource) => ({ resource })),
    })

  it('takes whole names out of what people read, and leaves words that only contain them', () => {
    const note =
      'Rose MA\u00d1ANA, born 1980-05-17, of 12 Elm Street, lives in Boston. Roseola, rose-coloured; lives alone.'
    const { persona, parts } = split({
      resourceType: 'DocumentReference',
      status: 'current',
      subject: { reference: 'Patient/p1', display: 'Ms. Rose Ma\u00f1ana' },
      content: [{ attachment: { contentType: 'text/plain; charset=utf-8', data: noteOf(note) } }],
    })
    const text = readable(recordFromPart(parts[0] as (typeof parts)[number]).bytes)
    expect(text).to.include('lives in Boston. Roseola, rose-coloured; lives alone.')
    expect(text).to.not.match(/Rose[ "]|Ma\u00f1ana|MA\u00d1ANA|1980-05-17|Elm Street|Patient\/p1/u)
    expect(JSON.stringify(joinBundle(persona, parts))).to.include(noteOf(note))
  })

  it('finds names in scripts without capitals or spaces', () => {
    const cases = [
      { family: '\u738b', given: '\u4f1f\u660e', note: '\u60a3\u8005\u738b\u4f1f\u660e\u53d1\u70ed' },
      {
        family: '\u0936\u0930\u094d\u092e\u093e',
        given: '\u0905\u0928\u093f\u0932',
        note: '\u0905\u0928\u093f\u0932 \u0915\u094b',
      },
    ]
    for (const { family, given, note } of cases) {
      const entry: NonNullable<Bundle['entry']> = [
        { resource: { resourceType: 'Patient', name: [{ family, given: [given], text: `${family}${given}` }] } },
        { resource: { resourceType: 'Communication', status: 'completed', note: [{ text: note }] } },
      ]
      const { persona, parts } = splitBundle({ resourceType: 'Bundle', type: 'collection', entry })
      expect(JSON.stringify(parts)).to.not.include(given)
      expect(joinBundle(persona, parts).entry?.[1]?.resource).to.deep.equal(entry[1]?.resource)
    }
  })

  it('moves what cannot be read as text to the persona, and says that it is masked', () => {
    const photo = Buffer.from([0xff, 0xd8, 0, 1, 2]).toString('base64')
    const { persona, parts } = split({
      resourceType: 'Media',
      status: 'completed',
      content: { contentType: 'image/jpeg', data: photo },
    })
    expect(persona.attachments).to.deep.equal([{ id: 'persona-1', data: photo }])
    const [media] = parts
    expect(JSON.stringify(media)).to.include('"valueCode":"masked"').and.not.include(photo)
    expect(joinBundle(persona, parts).entry?.[1]?.resource).to.have.nested.property('content.data', photo)
  })

  it('takes the address out of a questionnaire that repeats it', () => {
    const { parts } = split({
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'Address' },
      component: [{ code: { coding: [{ system: 'http://loinc.org', code: '56799-0' }] }, valueString: '12 Elm St' }],
    })
    expect(JSON.stringify(parts)).to.not.include('12 Elm St')
  })

  it('keeps codes and measured data as they are, also where they look like a name', () => {
    const sampled = { origin: { value: 0 }, period: 10, dimensions: 1, data: '1 2 3 E' }
    const { parts } = split({
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: 'Rose' }] },
      valueSampledData: sampled,
    })
    const observation = parts[0]?.bundle.entry?.[1]?.resource
    expect(observation).to.have.nested.property('code.coding[0].code', 'Rose')
    expect(observation).to.have.nested.property('valueSampledData.data', '1 2 3 E')
  })

  it('keeps text apart from its own placeholders', () => {
    const { persona, parts } = split({
      resourceType: 'Communication',
      status: 'completed',
      note: [{ text: 'see [patient:1] and Rose' }],
    })
    expect(JSON.stringify(joinBundle(persona, parts))).to.include('see [patient:1] and Rose')
    expect(JSON.stringify(parts)).to.include('see [patient:1] and [patient+:1]')
  })

  it('refuses a patient whose fields are of another kind, because a name that is no name would not be taken out', () => {
    const patientWith = (fields: object) =>
      ({
        resourceType: 'Bundle',
        type: 'collection',
        entry: [
          { fullUrl: 'urn:uuid:1', resource: { resourceType: 'Patient', id: 'p', ...fields } },
          {
            resource: {
              resourceType: 'Observation',
              status: 'final',
              code: {},
              note: [{ text: 'Ada Carter is well' }],
            },
          },
        ],
      }) as unknown as Bundle
    const good = splitBundle(patientWith({ name: [{ family: 'Carter', given: [null, 'Ada'] }] }))
    expect(JSON.stringify(good.parts)).not.to.contain('Ada').and.not.to.contain('Carter')
    for (const fields of [
      { name: 'Ada Carter' },
      { name: [{ given: 'Ada' }] },
      { name: [{ family: ['Carter'] }] },
      { birthDate: 1980 },
      { telecom: [null] },
      { contact: [{ name: 'Carter' }] },
    ])
      expect(() => splitBundle(patientWith(fields)), JSON.stringify(fields))
        .to.throw()
        .with.property('code', 'BUNDLE')
    expect(() => splitBundle({ resourceType: 'Bundle', type: 'collection', entry: [null] } as unknown as Bundle))
      .to.throw()
      .with.property('code', 'BUNDLE')
  })

  it('refuses to join what is no persona, or no part', () => {
    const { persona, parts } = splitBundle(read('lance'))
    for (const changed of [
      { ...persona, replacements: [{ placeholder: '[patient:1]' }] },
      { ...persona, order: ['1'] },
      { ...persona, entries: [null] },
      { ...persona, attachments: [{ id: 1 }] },
    ])
      expect(() => joinBundle(changed as unknown as typeof persona, parts))
        .to.throw()
        .with.property('code', 'BUNDLE')
    const [part] = parts
    const broken = { ...part, bundle: { ...part?.bundle, entry: {} } } as unknown as NonNullable<typeof part>
    expect(() => joinBundle(persona, [broken]))
      .to.throw()
      .with.property('code', 'BUNDLE')
  })

  it('refuses what is no bundle of one patient', () => {
    const bundle = (...resources: unknown[]) =>
      ({
        resourceType: 'Bundle',
        type: 'collection',
        entry: resources.map((resource) => ({ resource })),
      }) as unknown as Bundle
    const refused = [
      bundle(),
      bundle({ resourceType: 'Observation' }),
      bundle(patient, patient),
      bundle(patient, {}),
      {} as Bundle,
    ]
    for (const one of refused)
      expect(() => splitBundle(one))
        .to.throw()
        .with.property('code', 'BUNDLE')
    let deep: unknown = 'x'
    for (let i = 0; i < 300; i++) deep = { deep }
    expect(() => splitBundle(bundle(patient, { resourceType: 'Basic', deep })))
      .to.throw()
      .with.property('code', 'BUNDLE')
    expect(() => bundleFromBytes(new TextEncoder().encode('{}')))
      .to.throw()
      .with.property('code', 'BUNDLE')
    expect(() => personaFromBytes(new TextEncoder().encode('nonsense')))
      .to.throw()
      .with.property('code', 'BUNDLE')
  })

  it('shows sex and year of birth of the patient, and no more', () => {
    expect(patientStub(patient)).to.deep.equal({
      resourceType: 'Patient',
      id: '00000000-0000-4000-8000-000000000000',
      gender: 'female',
      birthDate: '1980',
    })
  })
})

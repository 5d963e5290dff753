import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { purposes } from '@sharewell/sdk/chain'
import { type AuditedDisclosure, auditBundle } from '@sharewell/sdk/record'
import { expect } from 'chai'
import { patientReadFaults, structureFaults } from '../../helpers/audit-event.ts'
import { randomHex } from '../../helpers/ids.ts'

const folder = path.join(import.meta.dirname, '../../data/audit-event')
type Json = Record<string, unknown>

const disclosure = (change: Partial<AuditedDisclosure> = {}): AuditedDisclosure => ({
  requestHash: randomHex(32),
  pseudonym: randomHex(32),
  recordId: randomHex(32),
  reader: randomHex(20),
  purpose: 'TREAT',
  consentKey: randomHex(32),
  organization: randomHex(16),
  at: 1_800_000_000,
  released: [randomHex(16), randomHex(16)],
  ...change,
})
const networkId = randomHex(32)
const eventOf = (change?: Partial<AuditedDisclosure>): Json => {
  const [entry] = auditBundle([disclosure(change)], { networkId }).entry ?? []
  return JSON.parse(JSON.stringify(entry?.resource)) as Json
}
const faultsOf = (event: Json) => [...structureFaults(event), ...patientReadFaults(event)]

describe('disclosures as FHIR AuditEvents', () => {
  it('are checked by rules that the examples of HL7 R4 pass', async () => {
    const files = (await readdir(folder)).filter((file) => file.endsWith('.json'))
    expect(files).to.have.length(6)
    for (const file of files)
      expect(structureFaults(JSON.parse(await readFile(path.join(folder, file), 'utf8'))), file).to.deep.equal([])
  })

  it('pass them and the profile PatientRead of IHE BALP, for every purpose, with and without an organization', () => {
    for (const purpose of purposes) expect(faultsOf(eventOf({ purpose }))).to.deep.equal([])
    expect(faultsOf(eventOf({ organization: undefined }))).to.deep.equal([])
    expect(faultsOf(eventOf({ released: [] }))).to.deep.equal([])
  })

  it('fail them when a part is taken out or changed', () => {
    const planted: readonly [string, (event: Json) => unknown][] = [
      ['meta.profile', (event) => delete event.meta],
      ['type is missing', (event) => delete event.type],
      ['subtype', (event) => delete event.subtype],
      ['recorded is no instant', (event) => Object.assign(event, { recorded: '2027-01-15' })],
      ['outcome', (event) => Object.assign(event, { outcome: '8' })],
      ['action', (event) => Object.assign(event, { action: 'E' })],
      ['source.observer is missing', (event) => delete (event.source as Json).observer],
      ['entity:patient', (event) => (event.entity as Json[]).shift()],
      ['entity:data', (event) => (event.entity as Json[]).splice(1, 1)],
      ['agent:user.requestor', (event) => Object.assign((event.agent as Json[])[0] ?? {}, { requestor: false })],
      ['agent:client', (event) => (event.agent as Json[]).splice(1, 1)],
      ['agent:client.network', (event) => delete (event.agent as Json[])[1]?.network],
      ['agent:server', (event) => (event.agent as Json[]).splice(2, 1)],
      ['agent.requestor is missing', (event) => delete (event.agent as Json[])[3]?.requestor],
      ['agent.network is empty', (event) => Object.assign((event.agent as Json[])[1] ?? {}, { network: {} })],
      ['severity is unknown', (event) => Object.assign(event, { severity: '1' })],
    ]
    for (const [fault, plant] of planted) {
      const event = eventOf()
      plant(event)
      expect(faultsOf(event)).to.include(fault)
    }
  })

  it('say who, for which organization, which record, when and under which consent, and name nobody unknown', () => {
    const one = disclosure()
    const names = {
      reader: (account: string) => (account === one.reader ? 'Dr. A' : undefined),
      record: (id: string) => (id === one.recordId ? 'Laboratory' : undefined),
    }
    const { entry = [], ...bundle } = auditBundle([one, disclosure()], { networkId, names })
    expect(bundle).to.deep.equal({ resourceType: 'Bundle', type: 'collection' })
    const [first, second] = entry
    expect(first?.fullUrl).to.equal(`urn:sharewell:request:${one.requestHash}`)
    expect(first?.resource).to.deep.include({ id: one.requestHash.slice(2), recorded: '2027-01-15T08:00:00Z' })
    const text = JSON.stringify(first)
    for (const known of [one.pseudonym, one.recordId, one.reader, one.organization, one.consentKey, ...one.released])
      expect(text).to.include(known)
    expect(text).to.include('Dr. A').and.to.include('Laboratory')
    expect(JSON.stringify(second)).to.not.include('Dr. A').and.to.not.include('Laboratory')
    expect(JSON.stringify(auditBundle([one], { networkId }))).to.equal(
      JSON.stringify(auditBundle([one], { networkId })),
    )
  })
})

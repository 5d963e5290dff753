import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { bundleFromBytes, categoryOf, recordFromPart, splitBundle } from '@sharewell/sdk/record'
import { expect } from 'chai'
import { emergencySummary } from '../../scripts/network/emergencies.ts'
import { demoPeople, drawKeys } from '../../scripts/network/people.ts'
import type { State } from '../../scripts/network/state.ts'
import { randomHex } from '../helpers/ids.ts'

/** The records of a demo patient, without the identity. */
async function recordsOf(file: string) {
  const bytes = await readFile(new URL(`../../demo/patients/${file}.json.gz`, import.meta.url))
  return splitBundle(bundleFromBytes(new Uint8Array(gunzipSync(bytes)))).parts.map(recordFromPart)
}

describe('emergencies of the local network', () => {
  it('has a summary of what helps, and of nothing sensitive', async () => {
    const records = await recordsOf('royal-purdy')
    const [summary, ...more] = emergencySummary(records)
    expect(more).to.deep.equal([])
    expect(summary?.category).to.equal(categoryOf('summary').id)
    const text = new TextDecoder().decode(summary?.bytes)
    const { entry = [] } = bundleFromBytes(summary?.bytes ?? new Uint8Array())
    expect(new Set(entry.map(({ resource }) => resource?.resourceType))).to.deep.equal(
      new Set(['Condition', 'MedicationRequest', 'AllergyIntolerance']),
    )
    expect(text).to.include('Clopidogrel').and.to.include('Ischemic heart disease')
    expect(text).not.to.match(/Purdy|resolved|Full-time employment|Housing/)
    expect(summary?.bytes.length).to.be.below(20_000)
  })

  it('has none where nothing would stand in it', async () => {
    expect(emergencySummary(await recordsOf('marcy-dubuque'))).to.deep.equal([])
  })

  it('gives a key to its officers and to nobody else', () => {
    const state: State = { networkId: randomHex(32), ports: {}, keys: {}, ids: {} }
    drawKeys(state)
    const people = demoPeople(state).filter(({ role }) => role === 'practitioner')
    const named = people.map((one) => [one.name, 'officerSeed' in one])
    expect(named).to.deep.equal([
      ['Dr. Amara Okafor', false],
      ['Dr. Jonas Lindqvist', false],
      ['Dr. Sofia Marin, emergency medicine', false],
      ['Helen Voss, emergency officer', true],
      ['Sami Haddad, emergency officer', true],
      ['Ana Reyes, review of emergencies', false],
    ])
    expect(people).to.deep.equal(demoPeople(state).filter(({ role }) => role === 'practitioner'))
  })
})

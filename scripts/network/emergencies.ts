import { fromHex, toHex } from '@sharewell/sdk/bytes'
import { type Chain, emergencyKeyOf, nameOfficers, officersKeyIdOf, withAccount } from '@sharewell/sdk/chain'
import { publicKeyOf } from '@sharewell/sdk/envelope'
import { generateEmergencyKey } from '@sharewell/sdk/flow'
import { bundleFromBytes, categoryOf, type RecordContent } from '@sharewell/sdk/record'
import { officersKeyId } from '@sharewell/sdk/release'
import type { AllergyIntolerance, Condition, FhirResource } from 'fhir/r4.js'
import { officersOf, staffedHospitals } from './layout.ts'
import { accountOf, asKeyNode, idOf } from './parties.ts'
import { officerSeedOf } from './people.ts'
import type { State } from './state.ts'

/** Has the key nodes make their key for emergencies, and the hospitals name their officers, where that is not done yet. */
export async function prepareEmergencies(
  chain: Chain,
  state: State,
  { say, signal }: { say: (what: string, text: string) => void; signal: AbortSignal },
): Promise<void> {
  if (!(await emergencyKeyOf(chain, {}, { signal }))) {
    const { k, members } = await generateEmergencyKey({ chain: asKeyNode(chain, state) }, { signal })
    say('keys', `${k} of ${members.length} key nodes and an officer open summaries in an emergency`)
  }
  for (const hospital of staffedHospitals) {
    const institution = idOf(state, `hospital-${hospital + 1}`)
    const keys = officersOf(hospital).map(({ id }) => publicKeyOf(fromHex(officerSeedOf(state, id), 32)))
    if ((await officersKeyIdOf(chain, { institution }, { signal })) === toHex(officersKeyId(keys))) continue
    const officers = officersOf(hospital).map(({ id }, at) => ({
      account: accountOf(state, id).address,
      publicKey: toHex(keys[at] ?? new Uint8Array()),
    }))
    await nameOfficers(withAccount(chain, accountOf(state, `hospital-${hospital + 1}`)), { institution, officers })
  }
}

/**
 * A patient's emergency summary, taken from the records of the other kinds: allergies, what is active of conditions and
 * medications. As little as helps, because it can be opened without the patient; none where nothing would stand in it.
 */
export function emergencySummary(contents: readonly RecordContent[]): readonly RecordContent[] {
  const entry = contents
    .filter(({ category }) => summarized.includes(category))
    .flatMap(({ bytes }) => bundleFromBytes(bytes).entry ?? [])
    .filter(({ resource }) => resource && helps(resource as FhirResource))
  if (entry.length === 0) return []
  const text = JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry })
  return [{ category: categoryOf('summary').id, mime: 'application/fhir+json', bytes: new TextEncoder().encode(text) }]
}

const summarized: readonly number[] = (['allergies', 'conditions', 'medications'] as const).map(
  (name) => categoryOf(name).id,
)

/** Work, housing, schooling and the like: Synthea has them among the conditions. */
const circumstance = /\((?:finding|person)\)$/

function helps(resource: FhirResource): boolean {
  switch (resource.resourceType) {
    case 'AllergyIntolerance':
      return isActive(resource)
    case 'Condition':
      return isActive(resource) && !circumstance.test(resource.code?.text ?? '')
    case 'MedicationRequest':
      return resource.status === 'active'
    default:
      return false
  }
}

const isActive = ({ clinicalStatus }: AllergyIntolerance | Condition): boolean =>
  (clinicalStatus?.coding ?? []).some(({ code }) => code === 'active')

import { randomBytes } from 'node:crypto'
import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { type PlaceKeys, placeKeys, type Vault } from '@sharewell/sdk/person'
import { hospitals, officersOf, patients, type StaffMember, staff, staffedHospitals } from './layout.ts'
import { accountOf, idOf, keyOf, nodeParties, organizationParties } from './parties.ts'
import type { State } from './state.ts'

/** One patient of the demo: the vault, and the account and keys at each hospital that has staff. */
export type DemoPatient = {
  readonly id: string
  readonly name: string
  readonly file: string
  readonly vault: Vault
  /** Index of the hospital that deposits the record. */
  readonly hospital: number
  readonly places: ReadonlyMap<number, PlaceKeys>
}

/** A random secret of the demo, kept with the keys. */
function secretOf(state: State, name: string): Hex {
  state.keys[name] ??= toHex(new Uint8Array(randomBytes(32)))
  return state.keys[name]
}

/** Draws all keys and ids that a network needs and does not have yet. */
export function drawKeys(state: State): void {
  for (const { name } of [...organizationParties, ...nodeParties]) {
    idOf(state, name)
    keyOf(state, name)
  }
  keyOf(state, 'relayer')
  for (const { name } of nodeParties.filter(({ kind }) => kind === 'key')) secretOf(state, `${name}-secret`)
  for (const { id } of staff) keyOf(state, id)
  for (const hospital of staffedHospitals) for (const { id } of officersOf(hospital)) officerSeedOf(state, id)
  for (const { id, hospital } of demoPatients(state)) categoryKeyOf(state, id, hospital)
}

/** The secret that permutes a patient's categories at a hospital. */
export const categoryKeyOf = (state: State, patient: string, hospital: number): Hex =>
  secretOf(state, `categories-${patient}-${hospital + 1}`)

/** The secret that opens an emergency officer's part of a summary. */
export const officerSeedOf = (state: State, officer: string): Hex => secretOf(state, `officer-${officer}`)

export function demoPatients(state: State): readonly DemoPatient[] {
  return patients.map(({ id, name, file, hospital }) => {
    const networkId = fromHex(state.networkId, 32)
    const vault: Vault = { networkId, seed: fromHex(secretOf(state, `vault-${id}`), 32), profiles: [] }
    const places = staffedHospitals.map((index) => {
      const providerId = fromHex(idOf(state, `hospital-${index + 1}`), 16)
      return [index, placeKeys(vault, { providerId }, accountOf(state, `${id}-${index + 1}`).address)] as const
    })
    return { id, name, file, hospital, vault, places: new Map(places) }
  })
}

/** Everyone that the demo wallet can be, with keys that are public because the chain is local. */
export function demoPeople(state: State): readonly { readonly name: string; readonly role: string }[] {
  const account = (name: string, label: string, providerId?: Hex) => ({
    address: accountOf(state, name).address,
    privateKey: keyOf(state, name),
    label,
    ...(providerId && { providerId }),
  })
  const all = demoPatients(state)
  return [
    ...all.map(({ id, name, vault }) => ({
      id,
      name,
      role: 'patient',
      vaultSeed: toHex(vault.seed),
      accounts: staffedHospitals.map((index) =>
        account(`${id}-${index + 1}`, `For ${hospitals[index]}`, idOf(state, `hospital-${index + 1}`)),
      ),
    })),
    ...staff.map((member) => ({
      id: member.id,
      name: nameOf(member),
      role: 'practitioner',
      organizationId: idOf(state, `hospital-${member.hospital + 1}`),
      accounts: [account(member.id, `At ${hospitals[member.hospital]}`)],
      ...(officersOf(member.hospital).includes(member) && { officerSeed: officerSeedOf(state, member.id) }),
    })),
    ...hospitals.map((title, index) => ({
      id: `hospital-${index + 1}`,
      // Those without staff to try have a voice in the council all the same.
      name: `${title}, ${isStaffed(index) ? 'records office' : 'council'}`,
      role: 'organization',
      organizationId: idOf(state, `hospital-${index + 1}`),
      accounts: [account(`hospital-${index + 1}`, title)],
      patients: all
        .filter(({ hospital }) => hospital === index)
        .map(({ id, name, places }) => ({
          ...known(places.get(index)),
          categoryKey: categoryKeyOf(state, id, index),
          label: name,
        })),
    })),
  ]
}

/** Doctors by their names; of the others also what they do. */
const nameOf = ({ prefix, given, family, specialty, roles }: StaffMember): string =>
  [[prefix, given, family].filter(Boolean).join(' '), ...(roles === 1 ? [] : [specialty.toLowerCase()])].join(', ')

const isStaffed = (hospital: number): boolean => staffedHospitals.some((index) => index === hospital)

const known = (place: PlaceKeys | undefined) =>
  place && { pseudonym: toHex(place.pseudonym), selfPublicKey: toHex(place.self.publicKey) }

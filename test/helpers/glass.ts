import { type Bytes, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { anchor, attest, type Chain, credentialId, nameOfficers, recordIdOf } from '@sharewell/sdk/chain'
import { publicKeyOf } from '@sharewell/sdk/envelope'
import {
  askForGlass,
  breakGlass,
  type GlassAsk,
  type GlassParts,
  handOnParts,
  openGlassPart,
} from '@sharewell/sdk/flow'
import { keyNodesOf, putHeader } from '@sharewell/sdk/flow/key-nodes'
import { randomBytes, sha256 } from '@sharewell/sdk/primitives'
import { type EmergencyRecipients, emergencyOf, encodeKeyHeader, wrapDek } from '@sharewell/sdk/release'
import { signObject } from '@sharewell/sdk/signed'
import type { LocalAccount } from 'viem'
import type { Hospital, Patient, TestRecord } from './committee.ts'
import { randomHex } from './ids.ts'
import type { TestNetwork } from './network.ts'
import { newAccount } from './parties.ts'

/** Role masks of docs/spec/actors.md. */
export const roles = { physician: 1, officer: 1 << 5, clinician: 1 << 8, reviewer: 1 << 9 } as const

/** Somebody whom a hospital attests in a role. */
export type Staff = { readonly account: LocalAccount; readonly chain: Chain; readonly credential: Hex }

/** An officer with the seed of the key that the hospital named. */
export type StaffOfficer = Staff & { readonly seed: Bytes; readonly publicKey: Hex }

/** Attests a new account in these roles. */
export async function newStaff(net: TestNetwork, hospital: Hospital, mask: number): Promise<Staff> {
  const account = newAccount()
  const until = Math.floor(Date.now() / 1000) + 100 * 86_400
  const entry = {
    account: account.address,
    organization: hospital.id,
    roles: mask,
    until,
    directoryHash: randomHex(32),
  }
  await attest(hospital.chain, entry)
  return { account, chain: await net.as(account), credential: credentialId(account.address, hospital.id) }
}

/** New officers, named with their keys in place of those before. */
export async function newOfficers(net: TestNetwork, hospital: Hospital, count: number): Promise<StaffOfficer[]> {
  const officers: StaffOfficer[] = []
  for (let i = 0; i < count; i++) {
    const seed = randomBytes(32)
    officers.push({ ...(await newStaff(net, hospital, roles.officer)), seed, publicKey: toHex(publicKeyOf(seed)) })
  }
  const named = officers.map(({ account, publicKey }) => ({ account: account.address, publicKey }))
  await nameOfficers(hospital.chain, { institution: hospital.id, officers: named })
  return officers
}

/** A window that is open, with what its clinician has of it. */
export type Broken = { readonly windowId: Hex; readonly ask: GlassAsk; readonly partSeed: Bytes }

/** Clinician and officer break the glass. */
export async function breakFor(
  { clinician, officer, pseudonym, recordId }: { clinician: Staff; officer: Staff; pseudonym: Hex; recordId?: Hex },
  reason = 'unconscious, allergies unknown',
): Promise<Broken> {
  const { chain, credential } = clinician
  const guardian = officer.account.address
  const asked = { chain, pseudonym, recordId, credentialId: credential, guardian, reason }
  const { ask, partSeed } = await askForGlass(asked)
  const { windowId } = await breakGlass({ chain: officer.chain, ask })
  return { windowId, ask, partSeed }
}

/** What the officer hands on of one record, opened by the clinician. */
export async function partFrom(officer: StaffOfficer, { ask, partSeed }: Broken, recordId: Hex): Promise<Bytes> {
  const parts: GlassParts = await handOnParts({ chain: officer.chain, ask, seed: officer.seed })
  return await openGlassPart(parts, { recordId, partSeed })
}

/** An anchored record with an emergency wrap, put to the key nodes; what the shares hold is not looked at. */
export async function anchorSummary(
  net: Pick<TestNetwork, 'network'>,
  { hospital, patient, groupKey, recipients }: anchorSummary.Args,
): Promise<TestSummary> {
  const networkId = fromHex(net.network.networkId, 32)
  const { pseudonym, selfPublicKey: patientKey } = patient
  const salt = randomHex(32)
  const recordId = recordIdOf(net.network.networkId, pseudonym, salt)
  const record = { networkId, recordId: fromHex(recordId, 32), version: 1, sealHash: randomBytes(32) }
  const dek = randomBytes(32)
  const made = await wrapDek({ record, dek, patientKey, groupKey: fromHex(groupKey, 32), emergency: recipients })
  const headerBytes = await signObject('key header', encodeKeyHeader(made), networkId, hospital.account)
  const manifestHash = randomHex(32)
  const hashes = { manifestHash, placementHash: randomHex(32), ptCommit: randomHex(32), n: 5, t: 3, r: 0 }
  await anchor(hospital.chain, { pseudonym, salt, category: 3, ...hashes })
  await putHeader(await keyNodesOf(hospital.chain), { header: headerBytes })
  const { hash, ct } = emergencyOf(made)
  return { recordId, manifestHash, headerHash: toHex(sha256(headerBytes)), ctHash: toHex(hash), header: made, ct, dek }
}
export declare namespace anchorSummary {
  type Args = {
    readonly hospital: Hospital
    readonly patient: Pick<Patient, 'pseudonym' | 'selfPublicKey'>
    readonly groupKey: Hex
    readonly recipients: EmergencyRecipients
  }
}

/** What a request names of a summary, and what a test compares. */
export type TestSummary = Pick<
  TestRecord,
  'recordId' | 'manifestHash' | 'headerHash' | 'ctHash' | 'header' | 'ct' | 'dek'
>

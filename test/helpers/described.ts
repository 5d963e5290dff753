import { type Bytes, type Hex, toHex } from '@sharewell/sdk/bytes'
import { createLeafLoader } from '@sharewell/sdk/place'
import { type Ciphertext, consentCiphertext, ctHash } from '@sharewell/sdk/release'
import { cidOf, leafAt, type Manifest } from '@sharewell/sdk/share'
import { watch } from '../../sdk/src/flow/progress.ts'
import { type DescribedRecord, describeRecord } from '../../sdk/src/flow/unlock.ts'
import { byPatient } from './journeys.ts'
import type { AskedRecord } from './requests.ts'
import type { WholePatient } from './whole-network.ts'

/** All that an attacker may know of a record: what describes it, and where each share-chunk lies. */
export type KnownRecord = AskedRecord & {
  readonly manifest: Manifest
  readonly placementHash: Hex
  readonly ct: Ciphertext
  readonly committee: DescribedRecord['committee']
  /** For each chunk the CIDs of its n share-chunks. */
  readonly shares: readonly (readonly string[])[]
}

/** Reads it as the patient, who may. */
export async function knownRecord(patient: WholePatient, recordId: Hex): Promise<KnownRecord> {
  const record = await describeRecord(byPatient(patient, recordId), { tell: watch() })
  const { manifest, manifestHash, headerHash, committee, nodes, header } = record
  const { ct } = consentCiphertext(header)
  const leaves = createLeafLoader(manifest, nodes)
  const lists = await Promise.all(manifest.T.map((_, index) => leaves(index)))
  const chunks = (lists[0]?.length ?? 0) / 32
  const shares = Array.from({ length: chunks }, (_, chunk) => lists.map((list) => cidOf(leafAt(list, chunk) as Bytes)))
  const { placementHash } = record.anchored
  return {
    recordId,
    manifest,
    manifestHash,
    placementHash,
    headerHash,
    ct,
    ctHash: toHex(ctHash(ct)),
    committee,
    shares,
  }
}

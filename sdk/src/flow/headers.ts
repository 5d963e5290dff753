import { sha256 } from '#primitives'
import { type Bytes, fromHex, type Hex } from '../bytes.ts'
import { type EmergencyRecipients, encodeKeyHeader, parseKeyHeader, wrapDek } from '../release/index.ts'
import type { Sealed } from '../seal/index.ts'
import { type ObjectSigner, signObject } from '../signed/index.ts'
import { type KeyNodes, memberKeysOf } from './key-nodes.ts'
import type { DepositOptions } from './types.ts'

/** A record version whose key is to be wrapped. */
export type HeaderJob = Pick<DepositOptions, 'patient' | 'postQuantum'> & {
  readonly signal?: AbortSignal | undefined
  readonly networkId: Hex
  readonly recordId: Hex
  readonly version: number
  readonly signer: ObjectSigner
  readonly sealed: Pick<Sealed, 'header' | 'dek'>
  readonly committee: KeyNodes
  /** Who opens it in an emergency; nobody when absent. */
  readonly recipients?: EmergencyRecipients | undefined
}

/** Wraps a record's key for the patient (W0) and for the key nodes (W1), and signs the header. Post-quantum, W1 needs a
 * second key, dealt among the nodes' X-Wing keys. */
export async function makeHeader(job: HeaderJob): Promise<Bytes> {
  const { networkId, recordId, version, sealed, patient, committee, signer, postQuantum = false, signal } = job
  const { recipients: emergency } = job
  const record = {
    networkId: fromHex(networkId, 32),
    recordId: fromHex(recordId, 32),
    version,
    sealHash: sha256(sealed.header),
  }
  const { dek } = sealed
  const { groupKey, k } = committee
  const second = postQuantum ? { k, publicKeys: await memberKeysOf(committee, { signal }) } : undefined
  const wrapped = await wrapDek({ record, dek, patientKey: patient.selfPublicKey, groupKey, second, emergency })
  return await signObject('key header', encodeKeyHeader(wrapped), record.networkId, signer)
}

/** Whether W1 of a signed key header needs a second key. */
export const isPostQuantum = (bytes: Bytes, networkId: Hex): boolean =>
  parseKeyHeader(bytes, { networkId: fromHex(networkId, 32) }).header.pq !== undefined

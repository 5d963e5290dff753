import { sha256 } from '#primitives'
import { type Bytes, fromHex, type Hex } from '../bytes.ts'
import { encodeKeyHeader, wrapDek } from '../release/index.ts'
import type { Sealed } from '../seal/index.ts'
import { type ObjectSigner, signObject } from '../signed/index.ts'
import type { KeyNodes } from './key-nodes.ts'
import type { DepositOptions } from './types.ts'

/** A record version whose key is to be wrapped. */
export type HeaderJob = Pick<DepositOptions, 'patient'> & {
  readonly networkId: Hex
  readonly recordId: Hex
  readonly version: number
  readonly signer: ObjectSigner
  readonly sealed: Pick<Sealed, 'header' | 'dek'>
  readonly committee: KeyNodes
}

/** Wraps a record's key for the patient (W0) and for the key nodes (W1), and signs the header. */
export async function makeHeader(job: HeaderJob): Promise<Bytes> {
  const { networkId, recordId, version, sealed, patient, committee, signer } = job
  const record = {
    networkId: fromHex(networkId, 32),
    recordId: fromHex(recordId, 32),
    version,
    sealHash: sha256(sealed.header),
  }
  const { dek } = sealed
  const wrapped = await wrapDek({ record, dek, patientKey: patient.selfPublicKey, groupKey: committee.groupKey })
  return await signObject('key header', encodeKeyHeader(wrapped), record.networkId, signer)
}

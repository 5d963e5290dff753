import { sha256 } from '#primitives'
import { type Bytes, fromHex, type Hex } from '../bytes.ts'
import { encodeKeyHeader, wrapDek } from '../release/index.ts'
import type { Sealed } from '../seal/index.ts'
import { type ObjectSigner, signObject } from '../signed/index.ts'
import { type KeyNodes, putHeader } from './key-nodes.ts'
import type { Journey } from './progress.ts'
import type { DepositOptions } from './types.ts'

/** A record version whose key is to be wrapped. */
export type HeaderJob = Pick<DepositOptions, 'patient'> & {
  readonly networkId: Hex
  readonly recordId: Hex
  readonly version: number
  /** True where the patient deposits, not the provider. */
  readonly own: boolean
  readonly signer: ObjectSigner
  readonly sealed: Pick<Sealed, 'header' | 'dek'>
  readonly committee: KeyNodes
}

/**
 * Wraps a record's key for the patient (W0) and for the key nodes (W1), and gives the key nodes the header: before the
 * anchor, so that no record stands on chain whose key is lost.
 */
export async function depositHeader(job: HeaderJob, { signal }: Journey): Promise<{ readonly hash: Bytes }> {
  const { networkId, recordId, version, own, sealed, patient, committee, signer } = job
  const record = {
    networkId: fromHex(networkId, 32),
    recordId: fromHex(recordId, 32),
    version,
    sealHash: sha256(sealed.header),
  }
  const { dek } = sealed
  const wrapped = await wrapDek({ record, dek, patientKey: patient.selfPublicKey, groupKey: committee.groupKey })
  const header = await signObject('key header', encodeKeyHeader(wrapped), record.networkId, signer)
  // A provider's key speaks for itself; the patient's own account must say for which pseudonym it deposits.
  const pseudonym = own ? patient.pseudonym : undefined
  await putHeader(committee, { header, pseudonym }, { signal })
  return { hash: sha256(header) }
}

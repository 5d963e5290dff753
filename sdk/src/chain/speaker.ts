import { type Address, type Hex, zeroAddress } from 'viem'
import { type SignedMessage, signerOf } from './messages.ts'

/** Who signed an operator's word on a share or a frame, by what of the network enters the signature and nothing else: for
 * whoever judges a fault proof without a chain. ECDSA alone. Errors: `SignatureError`.
 * @example
 * const account = await speakerOf({ chainId, recordRegistry }, { kind: 'Frame', ...proof.frame }) */
export async function speakerOf(
  { chainId, recordRegistry }: { readonly chainId: number; readonly recordRegistry: Hex },
  signed: SignedMessage<'ShareResponse' | 'Frame'>,
): Promise<Address> {
  return await signerOf({ chainId, contracts: { ...nowhere, recordRegistry } }, signed)
}

const nowhere = {
  accessManager: zeroAddress,
  actorRegistry: zeroAddress,
  patientRegistry: zeroAddress,
  consentRegistry: zeroAddress,
  delegations: zeroAddress,
  keyCommittee: zeroAddress,
  accessLog: zeroAddress,
  breakGlass: zeroAddress,
  faultReports: zeroAddress,
  audits: zeroAddress,
  council: zeroAddress,
}

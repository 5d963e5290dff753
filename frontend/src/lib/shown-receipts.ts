import { type ConsentReceipt, type Network, parseConsentReceipt } from '@sharewell/sdk/chain'
import type { Hex } from 'viem'
import { allKept, keep } from './device-store.ts'
import { lower } from './names.ts'

const none = '0x' as const

/** Whether a text looks like a consent receipt rather than a patient code. */
export const isReceipt = (text: string): boolean => text.trim().startsWith('sharewell-consent')

/** Reads a receipt that a patient handed over. Throws ConsentReceiptError, or NotYourReceiptError where it names another person. */
export function readReceipt(text: string, network: Pick<Network, 'networkId'>, account: Hex): ConsentReceipt {
  const receipt = parseConsentReceipt(text, network)
  const { grantee } = receipt
  if (grantee.kind === 'person' && lower(grantee.account) !== lower(account)) throw new NotYourReceiptError()
  return receipt
}

/** Keeps a receipt for the account that it was shown to, so that it need not be scanned at each visit. */
export async function keepShown(
  text: string,
  network: Pick<Network, 'networkId'>,
  account: Hex,
): Promise<ConsentReceipt> {
  const receipt = readReceipt(text, network, account)
  const { pseudonym, granteeId, recordId = none } = receipt
  await keep('shown', text.trim(), network.networkId, lower(account), pseudonym, granteeId, recordId)
  return receipt
}

/** Every receipt that this device keeps for an account. */
export async function shownTo(account: Hex, network: Pick<Network, 'networkId'>): Promise<readonly ConsentReceipt[]> {
  const texts = await allKept('shown', network.networkId, lower(account))
  return texts.map((text) => readReceipt(text, network, account))
}

/** Thrown for a receipt that was made out to somebody else. */
export class NotYourReceiptError extends Error {
  override readonly name = 'NotYourReceiptError'
  readonly code = 'NOT_YOUR_RECEIPT'

  constructor() {
    super('The consent receipt names another account.')
  }
}

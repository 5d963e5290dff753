import { fromHex, toHex } from '@sharewell/sdk/bytes'
import { type ConsentReceipt, encodeConsentReceipt, type Network, parseConsentReceipt } from '@sharewell/sdk/chain'
import { openCapsule, parseCapsule, sealCapsule } from '@sharewell/sdk/envelope'
import type { PlaceKeys } from '@sharewell/sdk/person'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { allKept, keep } from './device-store.ts'

/** Where a patient keeps what they gave: the code at one hospital, and the key to notes for themselves. */
type Shelf = { readonly network: Network; readonly keys: PlaceKeys }

/** A receipt of a private consent: for showing again, and for knowing whom its number stands for. */
export type GivenReceipt = ConsentReceipt & { readonly text: string }

const none = '0x' as const

/** Keeps a receipt on this device, sealed to the patient: nobody else who uses the device can read it. Returns its text. */
export async function keepGiven(
  { network, keys }: Shelf,
  receipt: Omit<encodeConsentReceipt.Receipt, 'networkId' | 'pseudonym'>,
): Promise<string> {
  const { networkId } = network
  const pseudonym = toHex(keys.pseudonym)
  const text = encodeConsentReceipt({ ...receipt, networkId, pseudonym })
  const { granteeId, recordId = none } = parseConsentReceipt(text)
  const content = {
    networkId: fromHex(networkId),
    pseudonym: keys.pseudonym,
    purpose: 'note' as const,
    publicKey: keys.self.publicKey,
    plaintext: new TextEncoder().encode(text),
  }
  // A note to oneself needs no name under it, so a key that is forgotten at once signs it.
  const sealed = await sealCapsule(content, privateKeyToAccount(generatePrivateKey()))
  await keep('given', sealed, networkId, pseudonym, granteeId, recordId)
  return text
}

/** Every receipt that this device keeps for a patient's code. What does not open is left out. */
export async function givenAt({ network, keys }: Shelf): Promise<readonly GivenReceipt[]> {
  const networkId = fromHex(network.networkId)
  const all = await allKept('given', network.networkId, toHex(keys.pseudonym))
  const read = all.map(async (sealed) => {
    const plain = await openCapsule(parseCapsule(sealed, { networkId }), keys.self.seed)
    const text = new TextDecoder().decode(plain)
    return { ...parseConsentReceipt(text, network), text }
  })
  const settled = await Promise.allSettled(read)
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
}

import { type Hex, toHex } from '@sharewell/sdk/bytes'
import { type Message, type MessageKind, type Network, parseNetwork, signerOf, typedData } from '@sharewell/sdk/chain'
import type { FaultFile, Verify } from '@sharewell/sdk/place'
import { randomBytes } from '@sharewell/sdk/primitives'
import type { LocalAccount } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'

/** An account of its own. */
export const newAccount = (): LocalAccount & { readonly key: Hex } => {
  const key = generatePrivateKey()
  return { ...privateKeyToAccount(key), key }
}

/** An operator with its account. */
export type Party = { readonly operator: Hex; readonly account: ReturnType<typeof newAccount> }

/** `count` operators. */
export const newParties = (count: number): Party[] =>
  Array.from({ length: count }, () => ({ operator: toHex(randomBytes(16)), account: newAccount() }))

/** A network without a chain: enough to sign and to check signatures. */
export function paperNetwork(): Network {
  const address = () => toHex(randomBytes(20))
  const names = [
    'accessManager',
    'actorRegistry',
    'patientRegistry',
    'recordRegistry',
    'consentRegistry',
    'delegations',
    'keyCommittee',
    'accessLog',
  ]
  return parseNetwork({
    networkId: toHex(randomBytes(32)),
    chainId: 31_337,
    genesisHash: toHex(randomBytes(32)),
    rpcUrls: ['http://127.0.0.1:1'],
    finality: { mode: 'head' },
    contracts: Object.fromEntries(names.map((name) => [name, address()])),
    directoryUrls: [],
  })
}

/** What of a network enters a fault file. */
export const signingFacts = ({ networkId, chainId, contracts }: Network): FaultFile['network'] => ({
  networkId,
  chainId,
  recordRegistry: contracts.recordRegistry,
})

/** Signs one kind of message as an account. */
export const signerFor =
  <kind extends MessageKind>(network: Network, kind: kind, account: LocalAccount) =>
  (message: Message<kind>): Promise<Hex> =>
    account.signTypedData(typedData(network, kind, message))

/** Whether the named operator's account signed. */
export const verifierFor =
  <kind extends MessageKind>(network: Network, kind: kind, parties: readonly Party[]): Verify<Message<kind>> =>
  async (operator, { message, signature }) => {
    const party = parties.find((one) => one.operator === operator)
    const signed = { kind, message, signature } as unknown as Parameters<typeof signerOf>[1]
    const signer = await signerOf(network, signed).catch(() => undefined)
    return party !== undefined && signer?.toLowerCase() === party.account.address.toLowerCase()
  }

import type { Address, Hex } from 'viem'
import { accessLogAbi, consentRegistryAbi } from './abi.ts'
import { type ContractCall, ContractRefusalError } from './call.ts'
import type { Chain } from './connect.ts'
import type { Carried } from './events.ts'
import { messageToJson } from './messages.ts'
import type { Network } from './network.ts'
import { carry, RelayerError, type relay } from './relay.ts'
import { signAsReader } from './sessions.ts'
import type { Message } from './typed-data.ts'
import { countedUsesOf, placeOf, type UsePlace, type UseScope, usesOf } from './uses.ts'
import type { WaitOptions } from './wait.ts'

/** One use that its reader, or a live session key of the reader, signed: anyone may carry it, once. */
export type SignedUse = {
  readonly message: Message<'Use'>
  readonly reader: Address
  /** Whose consent it is, and as whom the reader reads by it. */
  readonly place: UsePlace
  readonly signature: Hex
}

/** Seconds that a relayer has to count a use. */
const lifetime = 120
/** Attempts where others count under the same consent at the same time. */
const attempts = 3

/**
 * Lets a relayer log a release request under a consent that limits its uses, and count one: signed by the session key
 * where there is one for the purpose, without a prompt. A request that was counted already is not counted again. The relayer
 * learns what the chain then shows everybody: which reader uses which consent.
 * Errors: `ContractRefusalError` (`ConsentUsedUp`, `ConsentNothingToCount`), those of `relay`. Where no relayer does it,
 * send it with `logCountedRequest`.
 */
export async function relayCountedRequest(
  chain: Chain,
  { requestHash, purpose, ...scope }: UseScope & { readonly requestHash: Hex; readonly purpose: number },
  options: relay.Options = {},
): Promise<Carried> {
  const { reader, consentKey } = scope
  const place = await placeOf(chain, scope, options)
  for (let attempt = 1; ; attempt++) {
    const { counted: number } = await usesOf(chain, { key: consentKey }, options)
    const message = { requestHash, consentKey, number, deadline: chain.clock() + lifetime }
    const signature = await signAsReader(chain, 'Use', message, { purpose })
    try {
      return await carryUse(chain, { message, reader, place, signature }, options)
    } catch (error) {
      const taken = await isTaken(chain, { error, consentKey, number }, options)
      if (!taken || attempt === attempts) throw error
    }
  }
}

/** Whether another request has the number since: then the next one may still be free. */
async function isTaken(
  chain: Chain,
  { error, consentKey, number }: { error: unknown; consentKey: Hex; number: number },
  options: WaitOptions,
): Promise<boolean> {
  if (error instanceof ContractRefusalError) return error.reason === 'ConsentUseTaken'
  if (!(error instanceof RelayerError)) return false
  return (await usesOf(chain, { key: consentKey }, options)).counted > number
}

async function carryUse(chain: Chain, signed: SignedUse, options: relay.Options): Promise<Carried> {
  const { message, reader, place, signature } = signed
  const carried = () => carriedUse(chain, signed.message, options)
  return await carry(chain, options, {
    route: '/v1/uses',
    body: { message: messageToJson(message), reader, place, signature },
    call: useCall(chain.network, signed),
    done: async () => (await carried()) !== undefined,
    carried,
  })
}

/** The call that logs a request and counts its use. */
export function useCall(
  { contracts }: Pick<Network, 'contracts'>,
  { message, reader, place, signature }: SignedUse,
): ContractCall {
  const { requestHash, number, deadline } = message
  const args = [requestHash, { ...place, number }, reader, deadline, signature] as const
  return { address: contracts.accessLog, abi: countingAbi, functionName: 'logCountedRequestBySignature', args }
}

/** The transaction that counted a use for this request under this consent, if one did. */
export async function carriedUse(
  chain: Chain,
  { requestHash, consentKey, number }: Message<'Use'>,
  options: WaitOptions = {},
): Promise<Carried | undefined> {
  const counted = await countedUsesOf(chain, { requestHash, consentKey }, options)
  const same = counted.find((use) => use.number === number)
  return same && { transactionHash: same.transaction, blockNumber: same.block }
}

/** The log, with the words of the registry that counts for it. */
const countingAbi = [...accessLogAbi, ...consentRegistryAbi.filter((entry) => entry.type === 'error')] as const

import type { Address, Hex, TransactionReceipt } from 'viem'
import { delegationsAbi } from './abi.ts'
import { type ContractCall, write } from './call.ts'
import { transactionOf } from './carried-call.ts'
import type { Chain } from './connect.ts'
import { lifetime } from './consents-signed.ts'
import { timeAfter } from './consents-time.ts'
import { type DelegationTerms, delegationOf } from './delegations.ts'
import { type Carried, events } from './events.ts'
import { messageToJson, type SignedMessage, signMessage } from './messages.ts'
import type { Network } from './network.ts'
import { carry, type relay } from './relay.ts'
import { signingController } from './signing-controller.ts'
import type { WaitOptions } from './wait.ts'

/** What a patient decides about a delegate. */
export type DelegationAct = { readonly pseudonym: Hex; readonly account: Address } & (
  | { readonly kind: 'Delegate'; readonly terms: DelegationTerms }
  | { readonly kind: 'EndDelegation' }
)

/** It with the controller's signature: anyone may carry it to the chain, nobody can change it. */
export type SignedDelegation = SignedMessage<'Delegate' | 'EndDelegation'>

/**
 * Signs a delegation or its end as the account that decides for the pseudonym; nothing is sent. It holds for 15 minutes
 * and counts once. Carry it with {@link relayDelegation}, or yourself with {@link submitDelegation}.
 * Errors: `ContractRefusalError` (`DelegationNotController`), `SignerMissingError`, `WalletRefusedError`, `StaleHeadError`.
 * @example
 * const signed = await signDelegation(chain, { kind: 'Delegate', pseudonym, account, terms })
 * const { transactionHash } = await relayDelegation(chain, signed)
 */
export async function signDelegation(
  chain: Chain,
  act: DelegationAct,
  { signal }: WaitOptions = {},
): Promise<SignedDelegation> {
  const { kind, pseudonym, account } = act
  const [{ controller }, { changedAt }] = await Promise.all([
    signingController(chain, { pseudonym, refusal: 'DelegationNotController' }, { signal }),
    delegationOf(chain, { pseudonym, account }, { signal }),
  ])
  // An end may be signed in the second of what it ends, and wins.
  const signedAt = await timeAfter(chain, kind === 'Delegate' ? changedAt : 0, { signal })
  const [who, times] = [
    { pseudonym, controller, account },
    { signedAt, deadline: signedAt + lifetime },
  ]
  if (act.kind === 'EndDelegation') {
    const message = { ...who, ...times }
    return { kind: act.kind, message, signature: await signMessage(chain, act.kind, message) }
  }
  const { until, reads, grants, categories } = act.terms
  const message = { ...who, until, reads, grants, categories, ...times }
  return { kind: act.kind, message, signature: await signMessage(chain, act.kind, message) }
}

/** Carries it in a transaction of one's own, as anyone may: where no relayer does it. */
export async function submitDelegation(
  chain: Chain,
  signed: SignedDelegation,
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, delegationCall(chain.network, signed), options)
}

/** Lets a relayer carry it, as `relay` does a consent. Errors: those of `relay`. */
export async function relayDelegation(
  chain: Chain,
  signed: SignedDelegation,
  options: relay.Options = {},
): Promise<Carried> {
  const { kind, message, signature } = signed
  const carried = () => carriedDelegation(chain, signed, options)
  return await carry(chain, options, {
    route: '/v1/delegations',
    body: { kind, message: messageToJson(message), signature },
    call: delegationCall(chain.network, signed),
    done: async () => (await carried()) !== undefined,
    carried,
  })
}

/** The contract call that carries it. */
export function delegationCall({ contracts }: Pick<Network, 'contracts'>, signed: SignedDelegation): ContractCall {
  const { pseudonym, account, signedAt, deadline } = signed.message
  const by = { signedAt, deadline, signature: signed.signature }
  const contract = { address: contracts.delegations, abi: delegationsAbi }
  if (signed.kind === 'EndDelegation')
    return { ...contract, functionName: 'endDelegationBySignature', args: [pseudonym, account, by] }
  const { until, reads, grants, categories } = signed.message
  const terms = { until, reads, grants, categories }
  return { ...contract, functionName: 'delegateBySignature', args: [pseudonym, account, terms, by] }
}

/** The transaction that carried exactly this, whoever sent it; undefined while none did. */
export async function carriedDelegation(
  chain: Chain,
  signed: SignedDelegation,
  options: WaitOptions = {},
): Promise<Carried | undefined> {
  const { pseudonym, account } = signed.message
  const call = delegationCall(chain.network, signed)
  const eventName = signed.kind === 'Delegate' ? 'Delegated' : 'DelegationEnded'
  const trace = { address: call.address, abi: delegationsAbi, eventName, args: { pseudonym, account } } as const
  return await transactionOf(chain, { call, events: await events(chain, trace, options) }, options)
}

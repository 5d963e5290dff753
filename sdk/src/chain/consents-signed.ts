import { type ContractFunctionArgs, type ContractFunctionName, type Hex, type TransactionReceipt, zeroHash } from 'viem'
import { consentRegistryAbi } from './abi.ts'
import { type ContractCall, write } from './call.ts'
import type { Chain } from './connect.ts'
import {
  batchOf,
  type ConsentBatch,
  type ConsentScope,
  type DenialScope,
  structOf,
  type Terms,
  termsOf,
} from './consents.ts'
import { freeNonce } from './consents-nonce.ts'
import { timeToSign } from './consents-time.ts'
import type { consentMessages } from './consents-typed.ts'
import { personId } from './ids.ts'
import { type SignedMessage, signMessage } from './messages.ts'
import type { Network } from './network.ts'
import { signingController } from './signing-controller.ts'
import type { Message } from './typed-data.ts'
import type { WaitOptions } from './wait.ts'

/** The consents that can be signed. */
export type ConsentKind = keyof typeof consentMessages

/** A consent with its controller's signature: anyone may carry it to the chain, nobody can change it. */
export type SignedConsent = SignedMessage<ConsentKind>

/** What a patient decides. */
export type ConsentAct =
  | ({ readonly kind: 'Grant'; readonly terms: Terms } & ConsentScope)
  | ({ readonly kind: 'Revoke' } & ConsentScope)
  | ({ readonly kind: 'Deny' } & DenialScope)
  | { readonly kind: 'RevokeAll'; readonly pseudonym: Hex; readonly granteeId?: Hex | undefined }
  | ({ readonly kind: 'GrantMany' } & ConsentBatch)

/** Seconds after signing during which a decision may be carried; the contracts take no longer. */
export const lifetime = 900

/** What a delegate may decide too, within its limits. */
const delegable: ReadonlySet<ConsentKind> = new Set(['Grant', 'GrantMany', 'Revoke'])

/**
 * Signs a consent as the account that decides for the pseudonym, or as its delegate who may consent; nothing is sent. It
 * holds for 15 minutes, for this network and once. Carry it with `relay`, or yourself with {@link submitConsent}.
 * Errors: `ContractRefusalError` (`ConsentNotController`), `SignerMissingError`, `WalletRefusedError`, `StaleHeadError`.
 * @example
 * const signed = await signConsent(chain, { kind: 'Grant', pseudonym, granteeId, recordId, terms })
 * const { transactionHash } = await relay(chain, signed)
 */
export async function signConsent(chain: Chain, act: ConsentAct, { signal }: WaitOptions = {}): Promise<SignedConsent> {
  const { pseudonym } = act
  const [{ controller, since }, nonce] = await Promise.all([
    signingController(
      chain,
      { pseudonym, refusal: 'ConsentNotController', delegable: delegable.has(act.kind) },
      { signal },
    ),
    freeNonce(chain, { pseudonym }, { signal }),
  ])
  const signedAt = await timeToSign(chain, { pseudonym, grants: grantsOf(act), since }, { signal })
  const decider = { pseudonym, controller }
  const once = { nonce, signedAt, deadline: signedAt + lifetime }
  const sign = async <kind extends ConsentKind>(kind: kind, message: Message<kind>) =>
    ({ kind, message, signature: await signMessage(chain, kind, message) }) as unknown as SignedConsent
  switch (act.kind) {
    case 'Grant':
      return await sign('Grant', { ...decider, ...scopeOf(act), ...termsOf(act.terms), ...once })
    case 'Revoke':
      return await sign('Revoke', { ...decider, ...scopeOf(act), ...once })
    case 'Deny':
      return await sign('Deny', {
        ...decider,
        ...scopeOf({ ...act, granteeId: personId(act.account, act.salt) }),
        ...once,
      })
    case 'RevokeAll':
      return await sign('RevokeAll', { ...decider, granteeId: act.granteeId ?? zeroHash, ...once })
    case 'GrantMany':
      return await sign('GrantMany', { ...decider, consents: act.consents.map(structOf), ...once })
  }
}

/** Carries a signed consent in a transaction of one's own, as anyone may: where no relayer does it.
 * Errors: as of every transaction; `ContractRefusalError` says why the contract does not take it. */
export async function submitConsent(
  chain: Chain,
  signed: SignedConsent,
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, consentCall(chain.network, signed), options)
}

/** The contract call that carries a signed consent. */
export function consentCall({ contracts }: Pick<Network, 'contracts'>, signed: SignedConsent): ContractCall {
  const { message, signature } = signed
  const { pseudonym, nonce, signedAt, deadline } = message
  const authorization = { nonce, signedAt, deadline, signature }
  const call = <name extends Name>(functionName: name, args: ContractFunctionArgs<Registry, 'nonpayable', name>) =>
    ({ address: contracts.consentRegistry, abi: consentRegistryAbi, functionName, args }) as ContractCall
  switch (signed.kind) {
    case 'Grant': {
      const { granteeId, recordId, from, until, purposes, categories, useLimit } = signed.message
      const terms = { from, until, purposes, categories, useLimit }
      return call('grantBySignature', [pseudonym, granteeId, recordId, terms, authorization])
    }
    case 'Revoke':
      return call('revokeBySignature', [pseudonym, signed.message.granteeId, signed.message.recordId, authorization])
    case 'Deny':
      return call('denyBySignature', [pseudonym, signed.message.granteeId, signed.message.recordId, authorization])
    case 'RevokeAll':
      return call('revokeAllBySignature', [pseudonym, signed.message.granteeId, authorization])
    case 'GrantMany':
      return call('grantManyBySignature', [pseudonym, batchOf(signed.message.consents), authorization])
  }
}

type Registry = typeof consentRegistryAbi
type Name = ContractFunctionName<Registry, 'nonpayable'>

const grantsOf = (act: ConsentAct) => (act.kind === 'Grant' ? [act] : act.kind === 'GrantMany' ? act.consents : [])

const scopeOf = ({ granteeId, recordId = zeroHash }: ConsentScope) => ({ granteeId, recordId })

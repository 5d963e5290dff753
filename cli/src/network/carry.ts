/**
 * How a decision of the patient gets to the chain: signed and carried by a relayer, or as an own transaction.
 * @module
 */
import type { Hex } from '@sharewell/sdk/bytes'
import {
  type Chain,
  type ConsentAct,
  type DelegationAct,
  delegate,
  denyPerson,
  endDelegation,
  grant,
  grantMany,
  RelayerError,
  relay,
  relayDelegation,
  revoke,
  revokeAll,
  signConsent,
  signDelegation,
} from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { flag } from '../command.ts'
import { actingAt, type Place, type Session } from './session.ts'

/** The option of every command that decides something. */
export const sendOption = flag('--send', 'send a transaction of your own, and ask no relayer to carry it')

/** What came of a decision. */
export type Carriage = { readonly transaction: Hex; readonly by: 'relayer' | 'account' }

type How = { readonly send: boolean | undefined; readonly signal: AbortSignal }

/** Brings one decision about records to the chain. By signature where the network has relayers, unless `send` says
 * otherwise.
 * @throws NotCarriedError when no relayer did it. */
export async function carry(session: Session, place: Place, act: ConsentAct, how: How): Promise<Carriage> {
  const { signal } = how
  return await bring(actingAt(session, place), how, {
    send: (chain) => sendAct(chain, act, signal),
    relay: async (chain) => await relay(chain, await signConsent(chain, act, { signal }), { signal }),
  })
}

/** Brings one decision about a delegate to the chain, as {@link carry} does. */
export async function carryDelegation(session: Session, place: Place, act: DelegationAct, how: How): Promise<Carriage> {
  const { signal } = how
  return await bring(actingAt(session, place), how, {
    send: (chain) => (act.kind === 'Delegate' ? delegate(chain, act, how) : endDelegation(chain, act, how)),
    relay: async (chain) => await relayDelegation(chain, await signDelegation(chain, act, { signal }), { signal }),
  })
}

type Sent = { readonly transactionHash: Hex }
type Ways = { send(chain: Chain): Promise<Sent>; relay(chain: Chain): Promise<Sent> }

async function bring(chain: Chain, { send }: How, ways: Ways): Promise<Carriage> {
  if (send || chain.network.relayerUrls.length === 0)
    return { transaction: (await ways.send(chain)).transactionHash, by: 'account' }
  try {
    return { transaction: (await ways.relay(chain)).transactionHash, by: 'relayer' }
  } catch (cause) {
    throw cause instanceof RelayerError ? new NotCarriedError({ cause }) : cause
  }
}

function sendAct(chain: Chain, act: ConsentAct, signal: AbortSignal): Promise<{ readonly transactionHash: Hex }> {
  switch (act.kind) {
    case 'Grant':
      return grant(chain, act, { signal })
    case 'GrantMany':
      return grantMany(chain, act, { signal })
    case 'Revoke':
      return revoke(chain, act, { signal })
    case 'Deny':
      return denyPerson(chain, act, { signal })
    case 'RevokeAll':
      return revokeAll(chain, act, { signal })
  }
}

/** Thrown when no relayer carried a decision: nothing happened, and it can be sent in another way. */
export class NotCarriedError extends BaseError<'NOT_CARRIED'> {
  override readonly name = 'NotCarriedError'
  constructor({ cause }: { cause?: unknown }) {
    super('NOT_CARRIED', 'No relayer has carried this to the chain, so nothing has changed yet.', {
      hints: ['send it yourself: the same command with --send', 'or try again later'],
      cause,
    })
  }
}

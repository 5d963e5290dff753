/**
 * How a decision of the patient gets to the chain: signed and carried by a relayer, or as an own transaction.
 * @module
 */
import type { Hex } from '@sharewell/sdk/bytes'
import {
  type Chain,
  type ConsentAct,
  denyPerson,
  grant,
  grantMany,
  RelayerError,
  relay,
  revoke,
  revokeAll,
  signConsent,
} from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { flag } from '../command.ts'
import { actingAt, type Place, type Session } from './session.ts'

/** The option of every command that decides something. */
export const sendOption = flag('--send', 'send a transaction of your own, and ask no relayer to carry it')

/** What came of a decision. */
export type Carriage = { readonly transaction: Hex; readonly by: 'relayer' | 'account' }

/** Brings one decision to the chain. By signature where the network has relayers, unless `send` says otherwise.
 * @throws NotCarriedError when no relayer did it. */
export async function carry(
  session: Session,
  place: Place,
  act: ConsentAct,
  { send, signal }: { readonly send: boolean | undefined; readonly signal: AbortSignal },
): Promise<Carriage> {
  const chain = actingAt(session, place)
  if (send || chain.network.relayerUrls.length === 0) {
    const { transactionHash } = await sendAct(chain, act, signal)
    return { transaction: transactionHash, by: 'account' }
  }
  try {
    const { transactionHash } = await relay(chain, await signConsent(chain, act, { signal }), { signal })
    return { transaction: transactionHash, by: 'relayer' }
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

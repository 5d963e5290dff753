import { transactionOf } from './carried-call.ts'
import type { Chain } from './connect.ts'
import { registry } from './consents.ts'
import { isNonceUsed } from './consents-nonce.ts'
import { consentCall, type SignedConsent } from './consents-signed.ts'
import { type Carried, events } from './events.ts'
import type { WaitOptions } from './wait.ts'

/** The transaction that carried this very consent, whoever sent it. Undefined while none did, where its nonce was
 * cancelled, and where some other contract carried it among other things. */
export async function carriedConsent(
  chain: Chain,
  signed: SignedConsent,
  options: WaitOptions = {},
): Promise<Carried | undefined> {
  if (!(await isNonceUsed(chain, signed.message, options))) return undefined
  const { address, abi } = registry(chain)
  const found = await events(chain, { address, abi, ...traceOf(signed) }, options)
  return await transactionOf(chain, { call: consentCall(chain.network, signed), events: found }, options)
}

/** The event that a consent leaves. */
function traceOf({ kind, message }: SignedConsent) {
  const { pseudonym } = message
  if (kind === 'RevokeAll')
    return { eventName: 'RevokedAll', args: { pseudonym, granteeId: message.granteeId } } as const
  const { granteeId, recordId } = kind === 'GrantMany' ? (message.consents[0] ?? {}) : message
  const args = { pseudonym, granteeId, recordId }
  if (kind === 'Revoke') return { eventName: 'Revoked', args } as const
  return kind === 'Deny' ? ({ eventName: 'Denied', args } as const) : ({ eventName: 'Granted', args } as const)
}

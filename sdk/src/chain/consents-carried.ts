import { decodeFunctionData, encodeFunctionData, type Hex, isAddressEqual } from 'viem'
import type { Chain } from './connect.ts'
import { registry } from './consents.ts'
import { isNonceUsed } from './consents-nonce.ts'
import { consentCall, type SignedConsent } from './consents-signed.ts'
import { type Carried, events } from './events.ts'
import { ask } from './head.ts'
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
  const wanted = withoutSignature(chain, encodeFunctionData(consentCall(chain.network, signed)))
  const found = await events(chain, { address, abi, ...traceOf(signed) }, options)
  const blocks = new Map(found.map(({ transaction, block }) => [transaction, block]))
  for (const [hash, blockNumber] of blocks) {
    const transaction = chain.client.getTransaction({ hash })
    const { to, input } = await ask(chain, 'eth_getTransactionByHash', transaction, options)
    if (to && isAddressEqual(to, address) && withoutSignature(chain, input) === wanted)
      return { transactionHash: hash, blockNumber }
  }
  return undefined
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

/** What a call says, whichever of several valid signatures it carries; undefined where it is no consent by signature. */
function withoutSignature(chain: Chain, input: Hex): string | undefined {
  try {
    const { functionName, args = [] } = decodeFunctionData({ abi: registry(chain).abi, data: input })
    const said = [functionName, ...args.slice(0, -1), { ...(args.at(-1) as object), signature: undefined }]
    return JSON.stringify(said, (_, value) => (typeof value === 'bigint' ? `${value}` : value)).toLowerCase()
  } catch {
    return undefined
  }
}

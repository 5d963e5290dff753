import { type Address, type Hex, isAddressEqual, zeroAddress } from 'viem'
import { ContractRefusalError } from './call.ts'
import type { Chain } from './connect.ts'
import { delegationOf } from './delegations.ts'
import { ask } from './head.ts'
import { SignerMissingError } from './messages.ts'
import { controllerOf } from './patients.ts'
import type { WaitOptions } from './wait.ts'

/** For which pseudonym something is to be signed, and how the contract would refuse a stranger. */
type Signing = {
  readonly pseudonym: Hex
  readonly refusal: 'ConsentNotController' | 'DelegationNotController'
  /** Whether a delegate who may consent signs it too. */
  readonly delegable?: boolean | undefined
}

/** Who decides, and the second after which this connection signs for them: a delegate's word counts only if it is younger
 * than the delegation. */
type SignsFor = { readonly controller: Address; readonly since: number }

/** Who decides for the pseudonym, where this connection can sign for it: the account itself, its delegate, or a contract
 * account, which judges the signature by its own rules. */
export async function signingController(
  chain: Chain,
  { pseudonym, refusal, delegable = false }: Signing,
  options: WaitOptions,
): Promise<SignsFor> {
  if (!chain.wallet) throw new SignerMissingError({})
  const { address } = chain.wallet.account
  const controller = await controllerOf(chain, { pseudonym }, options)
  if (controller && isAddressEqual(controller, address)) return { controller, since: 0 }
  const since = controller && delegable ? await delegateSince(chain, { pseudonym, account: address }, options) : 0
  if (controller && since > 0) return { controller, since }
  const code = controller && (await ask(chain, 'eth_getCode', chain.client.getCode({ address: controller }), options))
  if (!controller || !code) throw new ContractRefusalError({ reason: refusal, args: [pseudonym, address] })
  return { controller, since: 0 }
}

/** Since when an account consents as a delegate; 0 where it does not. */
async function delegateSince(chain: Chain, scope: { pseudonym: Hex; account: Address }, options: WaitOptions) {
  // A network of before has no delegates.
  if (isAddressEqual(chain.network.contracts.delegations, zeroAddress)) return 0
  const { state, grants, changedAt } = await delegationOf(chain, scope, options)
  return state === 'live' && grants !== 0 ? changedAt : 0
}

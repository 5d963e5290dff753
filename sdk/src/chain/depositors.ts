import type { Address, Hex } from 'viem'
import { actorRegistryAbi, patientRegistryAbi } from './abi.ts'
import { credentialsOf } from './actors.ts'
import { read } from './call.ts'
import type { Chain } from './connect.ts'
import { events } from './events.ts'
import { patientOf } from './patients.ts'
import type { WaitOptions } from './wait.ts'

/**
 * Whether an account could ever deposit records of a pseudonym, also where it may not any more: a key of its provider
 * that ran out, or whose provider closed, or an account that decided before. What was deposited then stays good.
 */
export async function couldDeposit(
  chain: Chain,
  { account, pseudonym }: { readonly account: Address; readonly pseudonym: Hex },
  { signal }: WaitOptions = {},
): Promise<boolean> {
  const contract = { address: chain.network.contracts.patientRegistry, abi: patientRegistryAbi } as const
  const args = { pseudonym, from: account }
  const [patient, organization, rotations] = await Promise.all([
    patientOf(chain, { pseudonym }, { signal }),
    depositedFor(chain, account, { signal }),
    events(chain, { ...contract, eventName: 'ControllerRotated', args }, { signal }),
  ])
  return patient?.provider === organization || rotations.length > 0
}

/** Whether an account was ever a key of an organization that deposits, or of its staff. */
export async function wasVouchedFor(
  chain: Chain,
  { account }: { readonly account: Address },
  { signal }: WaitOptions = {},
): Promise<boolean> {
  if (BigInt(await depositedFor(chain, account, { signal })) !== 0n) return true
  return (await credentialsOf(chain, { account }, { signal })).length > 0
}

/** The organization whose key an account is, or was; all zero for none. */
async function depositedFor(chain: Chain, account: Address, { signal }: WaitOptions): Promise<Hex> {
  const contract = { address: chain.network.contracts.actorRegistry, abi: actorRegistryAbi } as const
  return (await read(chain, { ...contract, functionName: 'uploaderOf', args: [account] }, { signal })).organization
}

/**
 * For whom an organization vouches.
 * @module
 */
import type { Hex } from '@sharewell/sdk/bytes'
import { type Chain, type Credential, credentialId, credentialOf, staffOf } from '@sharewell/sdk/chain'
import { createNames } from './names.ts'

/** Somebody for whom an organization vouches, or did. */
export type StaffMember = Credential & {
  readonly state: 'live' | 'over' | 'retracted'
  /** Absent where none verifies. */
  readonly name?: string | undefined
}

/** Everybody for whom an organization ever vouched, in order of the first time, with the names that verify. */
export async function listStaff(
  chain: Chain,
  { organization }: { organization: Hex },
  signal: AbortSignal,
): Promise<readonly StaffMember[]> {
  const everyone = await staffOf(chain, { organization }, { signal })
  const names = createNames(chain, signal)
  const found = await credentialsAt(chain, { organization, everyone }, signal)
  return await Promise.all(
    found.map(async (one) => ({ ...one, state: stateOf(chain, one), name: await names.credential(one) })),
  )
}

/** The affiliations at an organization that hold now. */
export async function liveStaff(
  chain: Chain,
  at: { organization: Hex; everyone: readonly Hex[] },
  signal: AbortSignal,
): Promise<readonly Credential[]> {
  return (await credentialsAt(chain, at, signal)).filter((one) => stateOf(chain, one) === 'live')
}

async function credentialsAt(
  chain: Chain,
  { organization, everyone }: { organization: Hex; everyone: readonly Hex[] },
  signal: AbortSignal,
): Promise<Credential[]> {
  const ids = [...new Set(everyone.map((account) => credentialId(account, organization)))]
  const found = await Promise.all(ids.map((credential) => credentialOf(chain, { credential }, { signal })))
  return found.filter((one) => one !== undefined)
}

function stateOf(chain: Chain, { retracted, until }: Credential): StaffMember['state'] {
  if (retracted) return 'retracted'
  return until > chain.clock() ? 'live' : 'over'
}

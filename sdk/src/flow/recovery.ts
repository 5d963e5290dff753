/**
 * Recovery: a vault from its words, its pseudonyms found again, and guardians who put a new controller in place,
 * pseudonym by pseudonym. docs/spec/recovery.md.
 * @module
 */
import { privateKeyToAccount } from 'viem/accounts'
import { type Bytes, equal, fromHex, type Hex, toHex } from '../bytes.ts'
import {
  type Approval,
  type Chain,
  circleHash,
  controllerOf,
  guardiansOf,
  pendingOf,
  registrations,
} from '../chain/index.ts'
import { BaseError } from '../errors.ts'
import {
  accountAt,
  type GuardianApproval,
  GuardianError,
  type GuardianRequest,
  guardianAccount,
  guardianOf,
  guardianPlaceAt,
  type Profile,
  pseudonymOf,
  rhoAt,
  type Vault,
} from '../person/index.ts'
import { requestTypedData } from './rotation.ts'

export { answersRequest, type Rotation, rotationOf } from './rotation.ts'

/** A pseudonym of a vault as the chain has it. */
export type FoundPlace = {
  readonly profile: Profile
  readonly pseudonym: Hex
  /** Who decides for it now. `profile.controller` is the first one, to which the pseudonym commits. */
  readonly controller: Hex
}

/** How many generations without a pseudonym are tried at a provider. */
const mostGenerations = 8

/**
 * Finds the pseudonyms of a vault whose profiles are lost: every registration on the chain is read, and compared on
 * this device with what the seed gives there. The chain's server is asked for all, and so learns nothing.
 * @example
 * const vault = { networkId, seed: combineWords(shares), profiles: [] }
 * const places = await findPlaces(chain, vault)
 */
export async function findPlaces(
  chain: Chain,
  vault: Vault,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<FoundPlace[]> {
  const found: FoundPlace[] = []
  const known = new Map<Hex, readonly Bytes[]>()
  for (const { pseudonym, provider, controller } of await registrations(chain, {}, { signal })) {
    const providerId = fromHex(provider, 16)
    const secrets = known.get(provider) ?? generations((gen) => rhoAt(vault, { providerId, gen }))
    known.set(provider, secrets)
    const gen = secrets.findIndex(
      (rho) => toHex(pseudonymOf({ networkId: vault.networkId, controller, rho })) === pseudonym,
    )
    if (gen < 0) continue
    const derived = accountAt(vault, { providerId, gen }).address === controller.toLowerCase()
    const profile = { providerId, controller: controller.toLowerCase() as Hex, gen, derived }
    const now = (await controllerOf(chain, { pseudonym }, { signal })) ?? controller
    found.push({ profile, pseudonym, controller: now.toLowerCase() as Hex })
  }
  return found
}

const generations = <value>(of: (gen: number) => value): value[] =>
  Array.from({ length: mostGenerations }, (_, gen) => of(gen))

/**
 * What guardians are asked to sign for one pseudonym: one request each, good for `days`. Made with the restored vault,
 * which knows under which account each of them guards.
 * @throws NotGuardedError when nobody guards the pseudonym, or one of these guardians does not.
 */
export async function guardianRequests(
  chain: Chain,
  vault: Vault,
  { pseudonym, to, act = 'recover', guardianKeys, days = 10, deadline, signal }: guardianRequests.Options,
): Promise<Omit<GuardianRequest, 'v'>[]> {
  const circle = await guardiansOf(chain, { pseudonym }, { signal })
  const controller = await controllerOf(chain, { pseudonym }, { signal })
  if (!circle || !controller) throw new NotGuardedError({})
  const { round } = await pendingOf(chain, { pseudonym }, { signal })
  const common = {
    networkId: vault.networkId,
    act,
    pseudonym: fromHex(pseudonym, 32),
    from: fromHex(controller, 20),
    to: fromHex(to, 20),
    circle: fromHex(circleHash(pseudonym, circle), 32),
    round,
    deadline: deadline ?? chain.clock() + days * 86_400,
  }
  return guardianKeys.map((guardianKey) => {
    const { commitment, salt, tweak } = guardianPlaceAt(vault, guardianKey, common.pseudonym)
    const place = circle.places.indexOf(toHex(commitment))
    if (place < 0) throw new NotGuardedError({ guardian: true })
    return { ...common, guardianKey, place, salt, tweak }
  })
}
export declare namespace guardianRequests {
  type Options = {
    readonly pseudonym: Hex
    /** The account that is to decide; 0 for a withdrawal. */
    readonly to: Hex
    readonly act?: 'recover' | 'withdraw' | undefined
    /** The guardians who are asked, by the keys of their codes. */
    readonly guardianKeys: readonly Bytes[]
    /** 10; the chain takes at most 30. */
    readonly days?: number | undefined
    /** Until when instead: that of requests made before, whose answers count together with these. */
    readonly deadline?: number | undefined
    readonly signal?: AbortSignal | undefined
  }
}

/**
 * A guardian's yes. Before: make sure by voice or face that it is your friend who asks, and for this account.
 * @throws GuardianError when the request is for another guardian.
 */
export async function approveRequest(
  chain: Chain,
  seed: Bytes,
  request: GuardianRequest,
): Promise<Omit<GuardianApproval, 'v'>> {
  const { networkId, place, salt, tweak } = request
  if (!equal(guardianOf(seed).key, request.guardianKey))
    throw new GuardianError({ reason: 'another guardian is asked' })
  const account = privateKeyToAccount(guardianAccount(seed, tweak).privateKey)
  const signature = fromHex(await account.signTypedData(requestTypedData(chain.network, request)), 65)
  return { networkId, pseudonym: request.pseudonym, guardian: fromHex(account.address, 20), place, salt, signature }
}

/** An approval as the chain takes it. */
export function approvalOf({ guardian, place, salt, signature }: Omit<GuardianApproval, 'v'>): Approval {
  return { guardian: toHex(guardian), place, salt: toHex(salt), signature: toHex(signature) }
}

/**
 * When to act for each of several pseudonyms: at times drawn within `hours`, so that the chain does not show that
 * they belong together.
 * @returns Seconds, one for each, in no order.
 */
export function scattered(
  count: number,
  {
    from,
    hours = 48,
    random,
  }: { readonly from: number; readonly hours?: number; readonly random: (below: number) => number },
): number[] {
  return Array.from({ length: count }, () => from + random(hours * 3600))
}

/** Thrown when guardians cannot help: none are named, or this one is none of them. */
export class NotGuardedError extends BaseError<'NOT_GUARDED'> {
  override readonly name = 'NotGuardedError'
  constructor({ guardian = false }: { readonly guardian?: boolean }) {
    super('NOT_GUARDED', guardian ? 'This is no guardian of the pseudonym.' : 'Nobody guards this pseudonym.', {
      hints: ['Ask the guardians who were named for it; where none were, the provider can register a new pseudonym.'],
      docs: 'recovery.md#guardians',
    })
  }
}

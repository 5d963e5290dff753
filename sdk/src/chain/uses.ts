import { type Address, type Hex, isAddressEqual, type TransactionReceipt, zeroHash } from 'viem'
import { accessLogAbi, actorRegistryAbi, consentRegistryAbi } from './abi.ts'
import { credentialsOf } from './actors.ts'
import { ContractRefusalError, type ReadOptions, read, write } from './call.ts'
import type { Chain } from './connect.ts'
import { registry } from './consents.ts'
import { type Decision, decideAlong } from './decide.ts'
import { type EventOptions, events, type Occurrence } from './events.ts'
import type { View } from './head.ts'
import { consentKey, type Grantee, granteeOf } from './ids.ts'
import type { WaitOptions } from './wait.ts'

/** How often a consent may be used, and was. */
export type Uses = {
  /** 0: any number of times. */
  readonly useLimit: number
  /** Since the grant that stands. */
  readonly used: number
  /** Under all grants of the slot: the number of the next use. */
  readonly counted: number
}

/** The uses of one consent, by its key as `decide` names it; all 0 where nothing was ever said. */
export async function usesOf(chain: Chain, { key }: { key: Hex }, options?: ReadOptions): Promise<Uses> {
  const slot = await read(chain, { ...registry(chain), functionName: 'slotOf', args: [key] }, options)
  const { useLimit, used, counted } = slot
  return { useLimit, used, counted }
}

/** Which uses were counted for a request, or under a consent. */
export async function countedUsesOf(
  chain: Chain,
  { requestHash, consentKey: key }: { requestHash?: Hex | undefined; consentKey?: Hex | undefined },
  options?: EventOptions,
): Promise<({ readonly requestHash: Hex; readonly consentKey: Hex; readonly number: number } & Occurrence)[]> {
  const args = { ...(requestHash && { requestHash }), ...(key && { consentKey: key }) }
  return await events(chain, { ...accessLog(chain), eventName: 'UseCounted', args }, options)
}

/** Under which consent a reader is about to read what. */
export type UseScope = {
  readonly pseudonym: Hex
  readonly recordId: Hex
  readonly reader: Address
  readonly salt?: Hex | undefined
  /** As `decide` names it. */
  readonly consentKey: Hex
}

/** Attempts where others count under the same consent at the same time. */
const attempts = 3

/**
 * Logs a release request under a consent that limits its uses, and counts one, in the reader's own transaction. A request
 * that was counted already is not counted again: the answer is then undefined. The use is of the reader's own consent, or
 * of one to an organization or role of theirs.
 * Errors: `ContractRefusalError` (`ConsentUsedUp` when the last use went to another request), those of every transaction.
 */
export async function logCountedRequest(
  chain: Chain,
  { requestHash, ...scope }: UseScope & { readonly requestHash: Hex },
  options: WaitOptions = {},
): Promise<TransactionReceipt | undefined> {
  const place = await placeOf(chain, scope, options)
  for (let attempt = 1; ; attempt++) {
    const { counted: number } = await usesOf(chain, { key: scope.consentKey }, options)
    const args = [requestHash, { ...place, number }] as const
    try {
      return await write(chain, { ...counting(chain), functionName: 'logCountedRequest', args }, options)
    } catch (error) {
      if (!(error instanceof ContractRefusalError) || !lost.has(error.reason)) throw error
      // Lost to another request, or to an earlier sending of this one.
      if ((await countedUsesOf(chain, { requestHash }, options)).length > 0) return undefined
      if (error.reason === 'ConsentUsedUp' || attempt === attempts) throw error
    }
  }
}

/** As whom the reader reads by a consent. Throws `ContractRefusalError` where it is none that names the reader. */
export async function placeOf(chain: Chain, scope: UseScope, options: WaitOptions): Promise<UsePlace> {
  const place = await findPlace(chain, scope, options)
  if (!place) throw new ContractRefusalError({ reason: 'ConsentNothingToCount', args: [scope.consentKey] })
  return { pseudonym: scope.pseudonym, ...place }
}

/** Whose consent it is, and as whom the reader reads by it. */
export type UsePlace = { readonly pseudonym: Hex } & Place

/**
 * What {@link Decision} says of one consent of a reader, whatever others permit. Undefined where the consent is none that
 * names the reader: neither the person, nor a place of theirs.
 */
export async function decideUnder(
  chain: Chain,
  { categoryBit, purpose, ...scope }: UseScope & { readonly categoryBit: number; readonly purpose: number },
  options: WaitOptions & { at?: View | undefined } = {},
): Promise<Decision | undefined> {
  const place = await findPlace(chain, scope, options)
  if (!place) return undefined
  const { pseudonym, recordId, reader } = scope
  const { credentialId, level, role, salt } = place
  const path = { credentialId, level, role, wide: BigInt(place.recordId) === 0n }
  return await decideAlong(chain, { pseudonym, recordId, categoryBit, reader, salt, purpose, path }, options)
}

const lost = new Set<string>(['ConsentUseTaken', 'ConsentUsedUp'])

/** As whom the reader reads by a consent: the place of which the slot has the key. */
type Place = {
  readonly recordId: Hex
  readonly salt: Hex
  readonly credentialId: Hex
  readonly level: number
  readonly role: number
}

async function findPlace(
  chain: Chain,
  { pseudonym, recordId, reader, salt = zeroHash, consentKey: key }: UseScope,
  options: WaitOptions,
): Promise<Place | undefined> {
  const places = [{ grantee: { kind: 'person', account: reader } as Grantee, ...person }, ...(await groups())]
  for (const { grantee, ...place } of places) {
    for (const slotSalt of [salt, zeroHash]) {
      for (const scope of [recordId, zeroHash]) {
        if (consentKey(pseudonym, granteeOf(grantee, slotSalt), scope) !== key) continue
        return { ...place, recordId: scope, salt: slotSalt }
      }
    }
  }
  return undefined

  async function groups() {
    const held = await credentialsOf(chain, { account: reader }, options)
    const own = held.filter(({ account }) => isAddressEqual(account, reader))
    return (await Promise.all(own.map(({ id, roles }) => groupsOf(chain, { id, roles }, options)))).flat()
  }
}

const noRole = 255
const person = { credentialId: zeroHash, level: 0, role: noRole }

/** The organization of an affiliation and those above it, and the roles that it names there. */
async function groupsOf(chain: Chain, { id, roles }: { id: Hex; roles: number }, options: WaitOptions) {
  const actors = { address: chain.network.contracts.actorRegistry, abi: actorRegistryAbi } as const
  const { path } = await read(chain, { ...actors, functionName: 'affiliationOf', args: [id, 0] }, options)
  const named = Array.from({ length: 32 }, (_, bit) => bit).filter((bit) => (roles >>> bit) & 1)
  return path.flatMap((organization, level) => {
    if (BigInt(organization) === 0n) return []
    const place = { credentialId: id, level }
    const whole: Grantee = { kind: 'organization', organization }
    const parts = named.map((role) => ({ grantee: { kind: 'role', organization, role } as Grantee, ...place, role }))
    return [{ grantee: whole, ...place, role: noRole }, ...parts]
  })
}

/** The log, with the words of the registry that counts for it. */
const counting = (chain: Chain) => ({ ...accessLog(chain), abi: [...accessLogAbi, ...countingErrors] }) as const
const countingErrors = consentRegistryAbi.filter((entry) => entry.type === 'error')

const accessLog = (chain: Chain) => ({ address: chain.network.contracts.accessLog, abi: accessLogAbi }) as const

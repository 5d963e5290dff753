import { type Hex, zeroAddress, zeroHash } from 'viem'
import { consentRegistryAbi, delegationsAbi } from './abi.ts'
import type { Chain } from './connect.ts'
import { termsIn } from './consents.ts'
import { events, type Occurrence } from './events.ts'
import { type AnchoredRecord, depositsOf, recordOf } from './records.ts'
import type { WaitOptions } from './wait.ts'

/** A record that somebody could open who may not any more, and that has had no new key since. */
export type DueRecord = AnchoredRecord & {
  /** When the last such permission ended, in seconds. */
  readonly since: number
}

/** A permission that ended while it was live: of one record, or of categories. */
type Ended = Occurrence & Lost

/** What permits, until something ends it. */
type Permit = { readonly recordId: Hex; readonly categories: number; readonly until: number; readonly block: bigint }

/**
 * Which records of a pseudonym are due for a new key: of those that stand, each that a live permission covered which
 * ended in a block not before that of the record's current version. Read from the chain alone, so that any client
 * finds the duty, whoever revoked (docs/spec/rekey.md). Latest end first.
 * @example
 * for (const { recordId } of await recordsDue(chain, { pseudonym })) await rekey({ chain, recordId, ... })
 */
export async function recordsDue(
  chain: Chain,
  { pseudonym }: { pseudonym: Hex },
  options: WaitOptions = {},
): Promise<DueRecord[]> {
  const [ended, deposits] = await Promise.all([
    endedPermits(chain, pseudonym, options),
    depositsOf(chain, { pseudonym }, options),
  ])
  const newest = new Map(deposits.map((deposit) => [deposit.recordId, deposit]))
  const due = await Promise.all(
    [...newest.values()].map(async ({ recordId, category, block }) => {
      const over = ended.filter((one) => one.block >= block && covers(one, { recordId, category }))
      const record = over.length > 0 ? await recordOf(chain, { recordId }, options) : undefined
      return record && !record.erased ? [{ ...record, since: Math.max(...over.map(({ time }) => time)) }] : []
    }),
  )
  return due.flat().sort((a, b) => b.since - a.since)
}

const covers = (
  { recordId: named, categories = 0 }: Lost,
  { recordId, category }: { recordId: Hex; category: number },
): boolean => (isAny(named) ? ((categories >>> category) & 1) === 1 : named === recordId)

/** Every decision on consents and delegations, in the order of the chain. */
async function decisionsOf(chain: Chain, pseudonym: Hex, options: WaitOptions) {
  const { consentRegistry: address, delegations } = chain.network.contracts
  const consents = { address, abi: consentRegistryAbi, args: { pseudonym } } as const
  const delegates = { address: delegations, abi: delegationsAbi, args: { pseudonym } } as const
  const none = async () => []
  const withDelegates = delegations !== zeroAddress
  const [granted, revoked, revokedAll, denied, delegated, undelegated] = await Promise.all([
    events(chain, { ...consents, eventName: 'Granted' }, options),
    events(chain, { ...consents, eventName: 'Revoked' }, options),
    events(chain, { ...consents, eventName: 'RevokedAll' }, options),
    events(chain, { ...consents, eventName: 'Denied' }, options),
    withDelegates ? events(chain, { ...delegates, eventName: 'Delegated' }, options) : none(),
    withDelegates ? events(chain, { ...delegates, eventName: 'DelegationEnded' }, options) : none(),
  ])
  const all = [
    ...granted.map((event) => ({ ...event, kind: 'granted' as const })),
    ...revoked.map((event) => ({ ...event, kind: 'revoked' as const })),
    ...revokedAll.map((event) => ({ ...event, kind: 'revokedAll' as const })),
    ...denied.map((event) => ({ ...event, kind: 'denied' as const })),
    ...delegated.map((event) => ({ ...event, kind: 'delegated' as const })),
    ...undelegated.map((event) => ({ ...event, kind: 'undelegated' as const })),
  ]
  return all.sort((a, b) => Number(a.block - b.block))
}

/** Plays the decisions again, grants before ends where they share a block: rather one end too many than one missed. */
async function endedPermits(chain: Chain, pseudonym: Hex, options: WaitOptions): Promise<Ended[]> {
  const permits = createPermits()
  for (const event of await decisionsOf(chain, pseudonym, options)) {
    if (event.kind === 'granted' || event.kind === 'delegated') permits.give(event, ...permitIn(event))
    else if (event.kind === 'undelegated') permits.end(event, event.account.toLowerCase())
    else if (event.kind === 'revoked') permits.end(event, slotOf(event))
    else if (event.kind === 'revokedAll') permits.endAll(event)
    else permits.deny(event)
  }
  return permits.ended
}

/** The permits that live, and what ended while it was live. */
function createPermits() {
  const live = new Map<string, Permit>()
  const ended: Ended[] = []
  const lose = ({ until }: Permit, { recordId, categories }: Lost, { block, time, transaction }: Occurrence) => {
    if (until > time) ended.push({ block, time, transaction, recordId, categories })
  }
  const end = (at: Occurrence, name: string) => {
    const permit = live.get(name)
    if (!permit) return
    lose(permit, permit, at)
    if (permit.block < at.block) live.delete(name)
  }
  return {
    ended,
    end,
    give(at: Occurrence, name: string, permit: Permit) {
      const before = live.get(name)
      // Where less is shared than before, what is left out has ended.
      const left = before && before.categories & ~permit.categories
      if (before && left) lose(before, { recordId: before.recordId, categories: left }, at)
      live.set(name, permit)
    },
    endAll(at: Occurrence & { readonly granteeId: Hex }) {
      for (const name of live.keys()) if (isOf(name, at.granteeId)) end(at, name)
    },
    /** Whom it takes from under which permit is not on the chain: a salt or an organization may stand between. */
    deny(at: Occurrence & { readonly granteeId: Hex; readonly recordId: Hex }) {
      for (const permit of live.values()) lose(permit, isAny(at.recordId) ? permit : { recordId: at.recordId }, at)
      end(at, slotOf(at))
    },
  }
}

/** What a permit covered that it does not cover any more. */
type Lost = { readonly recordId: Hex; readonly categories?: number | undefined }

const isAny = (id: Hex) => id === zeroHash
const slotOf = ({ granteeId, recordId }: { granteeId: Hex; recordId: Hex }) => `${granteeId} ${recordId}`
/** Whether a permit is a consent to the grantee, or to anybody. */
const isOf = (name: string, granteeId: Hex) => name.includes(' ') && (isAny(granteeId) || name.startsWith(granteeId))

type Given = Extract<Awaited<ReturnType<typeof decisionsOf>>[number], { kind: 'granted' | 'delegated' }>

function permitIn(event: Given): [string, Permit] {
  const { block } = event
  if (event.kind === 'granted') {
    const { categories, until } = termsIn(event.slot)
    return [slotOf(event), { recordId: event.recordId, categories, until, block }]
  }
  const { reads, categories, until } = delegationIn(event.delegation)
  // One who may only let others read opened nothing.
  return [event.account.toLowerCase(), { recordId: zeroHash, categories: reads === 0 ? 0 : categories, until, block }]
}

/** The terms in the word of a delegation (DelegationSlot.sol). */
function delegationIn(word: bigint): { until: number; categories: number; reads: number } {
  const field = (shift: bigint, bits: number) => Number(BigInt.asUintN(bits, word >> shift))
  return { until: field(0n, 40), categories: field(56n, 32), reads: field(88n, 16) }
}

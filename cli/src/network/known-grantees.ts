/**
 * Whom the ids of consents mean. A consent names its grantee by a hash: only those who are known otherwise can be told
 * from it, and with a random salt only those whose receipt is at hand.
 * @module
 */
import type { Hex } from '@sharewell/sdk/bytes'
import { type ConsentReceipt, type Grantee, granteeOf, organizations, staffOf } from '@sharewell/sdk/chain'
import { atMost } from '../at-most.ts'
import { receiptName } from './grantees.ts'
import { roleNames } from './roles.ts'
import type { Session } from './session.ts'

/** A grantee whom somebody here knows, and its name once it is asked for. */
export type KnownGrantee = { readonly grantee: Grantee; readonly isPrivate: boolean; name(): Promise<string> }

/** Finds the grantee of an id; undefined where it is nobody known here. */
export type KnownGrantees = (granteeId: Hex) => KnownGrantee | undefined

/** Everyone on the network's registry, the people of the demo, `accounts`, and those of `receipts`. */
export async function knowGrantees(
  session: Session,
  {
    accounts = [],
    receipts = [],
  }: { readonly accounts?: readonly Hex[]; readonly receipts?: readonly ConsentReceipt[] },
  signal: AbortSignal,
): Promise<KnownGrantees> {
  const { chain, file } = session
  const listed = await organizations(chain, { signal })
  const staff = await atMost(8, listed, ({ id }) => staffOf(chain, { organization: id }, { signal }))
  const demo = file.people.flatMap((person) => person.accounts.map(({ address }) => address))
  const people = [...new Set([...demo, ...accounts, ...staff.flat()])]
  const known = new Map<Hex, KnownGrantee>()
  const add = (grantee: Grantee, salt?: Hex) => {
    const isPrivate = salt !== undefined && BigInt(salt) !== 0n
    known.set(granteeOf(grantee, salt), { grantee, isPrivate, name: () => receiptName(session, { grantee }, signal) })
  }
  for (const account of people) add({ kind: 'person', account })
  for (const { id: organization } of listed) {
    add({ kind: 'organization', organization })
    for (const role of roleNames.keys()) add({ kind: 'role', organization, role })
  }
  for (const { grantee, salt } of receipts) add(grantee, salt)
  return (granteeId) => known.get(granteeId)
}

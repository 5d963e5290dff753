/**
 * Organizations as a tree, with the names that verify, and which of them a word means.
 * @module
 */
import type { Hex } from '@sharewell/sdk/bytes'
import { type Organization, organizations } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { UsageError } from '../command.ts'
import { createNames, type Names } from './names.ts'
import type { NetworkView, Session } from './session.ts'

/** An organization in its place. */
export type ListedOrganization = Organization & {
  /** 0 at the top. */
  readonly depth: number
  /** It and all above it are switched on. */
  readonly live: boolean
  /** Absent where none verifies. */
  readonly name?: string | undefined
}

/** All organizations, each followed by those below it, with their names. */
export async function listOrganizations(
  { chain }: NetworkView,
  signal: AbortSignal,
  names: Names = createNames(chain, signal),
): Promise<readonly ListedOrganization[]> {
  const all = await organizations(chain, { signal })
  const named = new Map(await Promise.all(all.map(async ({ id }) => [id, await names.organization(id)] as const)))
  const below = (parent: Hex, depth: number, above: boolean): ListedOrganization[] =>
    all
      .filter((each) => each.parent === parent)
      .flatMap((each) => {
        const live = above && each.active
        return [{ ...each, depth, live, name: named.get(each.id) }, ...below(each.id, depth + 1, live)]
      })
  return below(noParent, 0, true)
}

/** The id of an organization: its 16 bytes, the beginning of them, its verified name or a part of it, or its id in the
 * demo. */
export async function findOrganization(
  view: NetworkView,
  who: string,
  signal: AbortSignal,
): Promise<ListedOrganization> {
  const listed = await listOrganizations(view, signal)
  const wanted = who.trim().toLowerCase()
  const demo = view.file.people.find(({ id, role }) => role === 'organization' && id === wanted)?.organizationId
  const exact = listed.find(({ id, name }) => id === wanted || id === demo || name?.toLowerCase() === wanted)
  if (exact) return exact
  const near = /^0x[0-9a-f]{6,32}$/.test(wanted)
    ? listed.filter(({ id }) => id.startsWith(wanted))
    : listed.filter(({ name }) => wanted.length >= 3 && name?.toLowerCase().includes(wanted))
  const [only, ...others] = near
  if (only === undefined) throw new NoSuchOrganizationError({ who })
  if (others.length > 0)
    throw new UsageError({
      problem: `${who.slice(0, 60)} can mean ${near.length} organizations`,
      hints: near.slice(0, 5).map(({ id, name }) => `${id}: ${name ?? 'without a verified name'}`),
    })
  return only
}

/** The organization that an account speaks for, or undefined. */
export function spokenFor(listed: readonly ListedOrganization[], account: Hex): ListedOrganization | undefined {
  return listed.find((each) => each.account.toLowerCase() === account.toLowerCase())
}

/** The organization that the one who acts speaks for. */
export async function speaker(session: Session, signal: AbortSignal): Promise<ListedOrganization> {
  const found = spokenFor(await listOrganizations(session, signal), session.account.address)
  if (found === undefined)
    throw new UsageError({
      problem: `account ${session.account.address} speaks for no organization`,
      hints: ["use the organization's own key; 'sharewell organizations --json' shows each account"],
    })
  return found
}

/** The organizations above one, from the top. */
export function pathTo(listed: readonly ListedOrganization[], { parent }: ListedOrganization): ListedOrganization[] {
  const above = listed.find(({ id }) => id === parent)
  return above === undefined ? [] : [...pathTo(listed, above), above]
}

const noParent: Hex = `0x${'00'.repeat(16)}`

/** Thrown when no organization of the network has that id or name. */
export class NoSuchOrganizationError extends BaseError<'NO_SUCH_ORGANIZATION'> {
  override readonly name = 'NoSuchOrganizationError'
  constructor({ who = '' }: { who?: string }) {
    super('NO_SUCH_ORGANIZATION', `No organization here is known as ${who.slice(0, 80)}.`, {
      hints: ["'sharewell organizations' lists them; a name counts only where its signature verifies"],
    })
  }
}

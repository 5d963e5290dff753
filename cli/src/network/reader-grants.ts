/**
 * What was granted to somebody: to the person, to the organizations that vouch for the person, to the roles there, and
 * by the receipts at hand.
 * @module
 */
import type { Hex } from '@sharewell/sdk/bytes'
import { type ConsentReceipt, credentialsOf, granteeOf, grantsTo, organizations, personId } from '@sharewell/sdk/chain'
import { atMost } from '../at-most.ts'
import { text } from '../command.ts'
import { readReceipt } from './grantees.ts'
import { NoSuchReceiptError } from './receipts.ts'
import type { Session } from './session.ts'

/** The option of commands that read under a private grant. */
export const receiptOption = text('--receipt <receipt>', 'the consent receipt or its file, where the grant is private')

/** The receipt that the option names. */
export async function givenReceipt(
  { chain }: Pick<Session, 'chain'>,
  word: string | undefined,
  signal: AbortSignal,
): Promise<ConsentReceipt | undefined> {
  if (word === undefined) return undefined
  const receipt = await readReceipt(word, chain.network.networkId, signal)
  if (receipt === undefined) throw new NoSuchReceiptError({ word })
  return receipt
}

/** Every pseudonym that ever granted the one who acts something. */
export async function grantorsOf(
  session: Session,
  receipt: ConsentReceipt | undefined,
  signal: AbortSignal,
): Promise<readonly Hex[]> {
  const ids = [...(await granteeIdsOf(session, signal)), ...(receipt ? [receipt.granteeId] : [])]
  const grants = await atMost(8, ids, (granteeId) => grantsTo(session.chain, { granteeId }, { signal }))
  return [...new Set(grants.flat().map(({ pseudonym }) => pseudonym))]
}

/** The ids under which consents name the one who acts: as `decide` looks for them. */
async function granteeIdsOf({ chain, account }: Session, signal: AbortSignal): Promise<readonly Hex[]> {
  const credentials = await credentialsOf(chain, { account: account.address }, { signal })
  const live = credentials.filter(({ retracted, until }) => !retracted && until > chain.clock())
  const parents = new Map((await organizations(chain, { signal })).map(({ id, parent }) => [id, parent]))
  const ids = live.flatMap(({ organization: own, roles }) =>
    upFrom(own, parents).flatMap((organization) => [
      granteeOf({ kind: 'organization', organization }),
      ...bitsOf(roles).map((role) => granteeOf({ kind: 'role', organization, role })),
    ]),
  )
  return [personId(account.address), ...new Set(ids)]
}

/** An organization and those above it. */
function upFrom(organization: Hex, parents: ReadonlyMap<Hex, Hex>): Hex[] {
  const parent = parents.get(organization)
  return parent === undefined ? [] : [organization, ...upFrom(parent, parents)]
}

const bitsOf = (mask: number): number[] =>
  Array.from({ length: 32 }, (_, bit) => bit).filter((bit) => (mask >>> bit) & 1)

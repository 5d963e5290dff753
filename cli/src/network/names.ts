/**
 * Names as the directory signs them. A name that does not verify is not shown; the bare id is, with a mark.
 * @module
 */
import type { Hex } from '@sharewell/sdk/bytes'
import { type Chain, type Credential, credentialsOf, organizationOf } from '@sharewell/sdk/chain'
import { fetchEntry } from '@sharewell/sdk/flow/directory'

/** Finds names and remembers them for one command. */
export type Names = {
  /** An organization's name, or undefined where none verifies. */
  organization(id: Hex): Promise<string | undefined>
  /** The name under which an organization vouches for an account, or undefined where none verifies. */
  account(address: Hex): Promise<string | undefined>
  /** The name in one affiliation, also when it is over, or undefined where none verifies. */
  credential(one: Pick<Credential, 'directoryHash' | 'organization'>): Promise<string | undefined>
}

/** What a person reads: the name, else the id with a mark. */
export const shownAs = (name: string | undefined, id: Hex): string => name ?? `${id} (no verified name)`

/** What the registry says of a name: the file's hash, and the organization that answers for it. */
type Listing = { readonly hash: Hex; readonly organization: Hex }

/** Names from the directories of a network, each signed by the organization that answers for it: else one could bear
 * another's name by naming its file. None of them slows a command down for more than a few seconds. */
export function createNames(chain: Chain, signal: AbortSignal): Names {
  const { directoryUrls, networkId } = chain.network
  const known = new Map<Hex, Promise<string | undefined>>()
  const once = (id: Hex, find: () => Promise<Listing | undefined>): Promise<string | undefined> => {
    const found = known.get(id) ?? named(find)
    known.set(id, found)
    return found
  }
  const named = async (find: () => Promise<Listing | undefined>): Promise<string | undefined> => {
    try {
      const listing = await find()
      if (listing === undefined || directoryUrls.length === 0) return undefined
      const { hash, organization } = listing
      const { name, signer } = await fetchEntry(directoryUrls, { hash, networkId }, { signal })
      const vouching = await organizationOf(chain, { organization }, { signal })
      return vouching?.account.toLowerCase() === signer.toLowerCase() ? name : undefined
    } catch {
      signal.throwIfAborted()
      return undefined
    }
  }
  return {
    organization: (id) =>
      once(id, async () => {
        const found = await organizationOf(chain, { organization: id }, { signal })
        return found && { hash: found.directoryHash, organization: id }
      }),
    account: (address) =>
      once(address, async () => {
        const credentials = await credentialsOf(chain, { account: address }, { signal })
        const live = credentials.find(({ retracted, until }) => !retracted && until > chain.clock())
        return live && { hash: live.directoryHash, organization: live.organization }
      }),
    credential: ({ directoryHash: hash, organization }) => named(async () => ({ hash, organization })),
  }
}

/**
 * Names as the directory signs them. A name that does not verify is not shown; the bare id is.
 * @module
 */
import type { Hex } from '@sharewell/sdk/bytes'
import { type Chain, credentialsOf, organizationOf } from '@sharewell/sdk/chain'
import { fetchEntry } from '@sharewell/sdk/flow/directory'

/** Finds names and remembers them for one command. */
export type Names = {
  /** An organization's name, else its id. */
  organization(id: Hex): Promise<string>
  /** The name under which an organization vouches for an account, else the account. */
  account(address: Hex): Promise<string>
}

/** What the registry says of a name: the file's hash, and the organization that answers for it. */
type Listing = { readonly hash: Hex; readonly organization: Hex }

/** Names from the directories of a network, each signed by the organization that answers for it: else one could bear
 * another's name by naming its file. None of them slows a command down for more than a few seconds. */
export function createNames(chain: Chain, signal: AbortSignal): Names {
  const { directoryUrls, networkId } = chain.network
  const known = new Map<Hex, Promise<string>>()
  const once = (id: Hex, find: () => Promise<Listing | undefined>): Promise<string> => {
    const found = known.get(id) ?? named(id, find)
    known.set(id, found)
    return found
  }
  const named = async (id: Hex, find: () => Promise<Listing | undefined>): Promise<string> => {
    try {
      const listing = await find()
      if (listing === undefined || directoryUrls.length === 0) return id
      const { hash, organization } = listing
      const { name, signer } = await fetchEntry(directoryUrls, { hash, networkId }, { signal })
      const vouching = await organizationOf(chain, { organization }, { signal })
      return vouching?.account.toLowerCase() === signer.toLowerCase() ? name : id
    } catch {
      signal.throwIfAborted()
      return id
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
  }
}

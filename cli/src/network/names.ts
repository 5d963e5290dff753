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

/** Names from the directories of a network. None of them slows a command down for more than a few seconds. */
export function createNames(chain: Chain, signal: AbortSignal): Names {
  const { directoryUrls, networkId } = chain.network
  const known = new Map<Hex, Promise<string>>()
  const once = (id: Hex, find: () => Promise<Hex | undefined>): Promise<string> => {
    const found = known.get(id) ?? named(id, find)
    known.set(id, found)
    return found
  }
  const named = async (id: Hex, find: () => Promise<Hex | undefined>): Promise<string> => {
    try {
      const hash = await find()
      if (hash === undefined || directoryUrls.length === 0) return id
      return (await fetchEntry(directoryUrls, { hash, networkId }, { signal })).name
    } catch {
      signal.throwIfAborted()
      return id
    }
  }
  return {
    organization: (id) =>
      once(id, async () => (await organizationOf(chain, { organization: id }, { signal }))?.directoryHash),
    account: (address) =>
      once(address, async () => {
        const credentials = await credentialsOf(chain, { account: address }, { signal })
        return credentials.find(({ retracted }) => !retracted)?.directoryHash
      }),
  }
}

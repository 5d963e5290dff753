import type { Hex } from '../bytes.ts'
import type { Chain, Operator } from '../chain/index.ts'
import { CidMismatchError, createHttpStore, type StorageClient, type Worker } from '../place/index.ts'
import { activeOperators, answers, NotEnoughOperatorsError, type PartyOptions } from './operators.ts'

/** A storage node that a journey speaks to. */
export type StorageParty = { readonly operator: Hex; readonly store: StorageClient }

/** That a node sent other bytes than those of the CID. */
type WrongBytes = { readonly operator: Hex; readonly role: 'storage'; readonly code: string; readonly detail: string }

/** Clients of storage nodes; `authorize` signs for each request to one operator's node. `onFault` hears of nodes that
 * sent other bytes than those of the CID. */
export function storageParties(
  all: readonly Operator[],
  authorize: (node: Hex) => Promise<string>,
  onFault?: (fault: WrongBytes) => void,
): StorageParty[] {
  return all.map(({ id, endpoint }) => {
    const store = createHttpStore({ url: endpoint, authorize: () => authorize(id) })
    const get: StorageClient['get'] = async (cid, options) => {
      try {
        return await store.get(cid, options)
      } catch (error) {
        if (error instanceof CidMismatchError)
          onFault?.({
            operator: id,
            role: 'storage',
            code: error.code,
            detail: 'it sent other bytes than it was asked for',
          })
        throw error
      }
    }
    return { operator: id, store: { ...store, get } }
  })
}

/** The first `n` storage operators whose nodes answer, each of another organization unless the caller chose them.
 * Errors: {@link NotEnoughOperatorsError}. */
export async function chooseStorage(
  chain: Chain,
  n: number,
  wished: readonly Hex[] | undefined,
  options: PartyOptions,
): Promise<Operator[]> {
  const active = await activeOperators(chain, 'storage', options)
  const candidates = wished
    ? wished.flatMap((id) => active.filter((operator) => operator.id === id))
    : onePerOrganization(active)
  const asked = await Promise.all(candidates.map(async (one) => ((await answers(one, options)) ? [one] : [])))
  const live = asked.flat()
  if (live.length < n || (wished && wished.length !== n)) throw new NotEnoughOperatorsError({ n, live: live.length })
  return live.slice(0, n)
}

/** These operators, with others in the place of those that do not answer any more.
 * Errors: {@link NotEnoughOperatorsError}. */
export async function keepStorage(chain: Chain, before: readonly Hex[], options: PartyOptions): Promise<Operator[]> {
  const active = await activeOperators(chain, 'storage', options)
  const asked = await Promise.all(active.map(async (one) => ((await answers(one, options)) ? [one] : [])))
  const live = asked.flat()
  const kept = before.map((id) => live.find((operator) => operator.id === id))
  const taken = new Set(kept.map((operator) => operator?.organization))
  const spare = onePerOrganization(live).filter(({ organization }) => !taken.has(organization))
  const now = kept.map((operator) => operator ?? spare.shift()).filter((operator) => operator !== undefined)
  if (now.length < before.length) throw new NotEnoughOperatorsError({ n: before.length, live: now.length })
  return now
}

/** Reconstructors to ask, in order. */
export async function chooseWorkers(
  chain: Chain,
  wished: readonly Hex[] | undefined,
  options: PartyOptions,
): Promise<Worker[]> {
  const active = await activeOperators(chain, 'reconstructor', options)
  const chosen = wished ? wished.flatMap((id) => active.filter((operator) => operator.id === id)) : active
  return chosen.map(({ id, endpoint }) => ({ operator: id, url: endpoint }))
}

function onePerOrganization(all: readonly Operator[]): Operator[] {
  const first = new Map<Hex, Operator>()
  for (const operator of all) if (!first.has(operator.organization)) first.set(operator.organization, operator)
  return [...first.values()]
}

import type { Hex } from '../bytes.ts'
import {
  type Chain,
  type MessageKind,
  type Operator,
  type OperatorKind,
  operatorInfo,
  operators,
  SignatureError,
  SignerMissingError,
  signerOf,
  verifyMessage,
  view,
} from '../chain/index.ts'
import { BaseError } from '../errors.ts'
import {
  CidMismatchError,
  createHttpStore,
  type Signed,
  type StorageClient,
  type Verify,
  type Worker,
} from '../place/index.ts'
import type { ObjectSigner } from '../signed/index.ts'
import { shuffled } from './shuffled.ts'
import type { Fault } from './types.ts'

/** A storage node that a journey speaks to. */
export type StorageParty = { readonly operator: Hex; readonly store: StorageClient }

/** How a journey waits. */
export type PartyOptions = { readonly signal?: AbortSignal | undefined }

/** The account of a connection as an author of signed objects. */
export function objectSigner(chain: Chain): ObjectSigner {
  const { wallet } = chain
  if (!wallet) throw new SignerMissingError({})
  return { address: wallet.account.address, signTypedData: (typedData) => wallet.signTypedData(typedData) }
}

/** All active operators of one kind, in random order, so that no client prefers the first in the list. */
export async function activeOperators(chain: Chain, kind: OperatorKind, options: PartyOptions): Promise<Operator[]> {
  const all = await operators(chain, { kind }, options)
  return shuffled(all.filter(({ active }) => active))
}

/** Clients of storage nodes; `authorize` signs for each request to one operator's node. `onFault` hears of nodes that
 * sent other bytes than those of the CID. */
export function storageParties(
  all: readonly Operator[],
  authorize: (node: Hex) => Promise<string>,
  onFault?: (fault: Fault) => void,
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

/** Judges operators' signatures by the accounts that the registry names. */
export function verifierOf<message>(chain: Chain, kind: MessageKind, options: PartyOptions): Verify<message> {
  const accounts = new Map<Hex, Promise<Operator | undefined>>()
  return async (operator: Hex, { message, signature }: Signed<message>) => {
    const known = accounts.get(operator) ?? operatorInfo(chain, { operator }, options)
    accounts.set(operator, known)
    const info = await known
    if (!info) return false
    const signed = { kind, message, signature, signer: info.account } as Parameters<typeof verifyMessage>[1]
    // A plain account's signature needs no question to the chain; one that does not match may be a contract's.
    const recovered = await signerOf(chain.network, signed).catch(() => undefined)
    if (recovered && isSame(recovered, info.account)) return true
    try {
      const { final } = await view(chain, options)
      await verifyMessage(chain, signed, { at: final, signal: options.signal })
      return true
    } catch (error) {
      if (error instanceof SignatureError) return false
      throw error
    }
  }
}

const isSame = (a: Hex, b: Hex): boolean => a.toLowerCase() === b.toLowerCase()

/** Milliseconds in which a node must say that it is up. */
const greeting = 3_000

async function answers({ endpoint }: Operator, { signal }: PartyOptions): Promise<boolean> {
  const bounded = AbortSignal.any([AbortSignal.timeout(greeting), ...(signal ? [signal] : [])])
  try {
    // A node tells its status to anyone; one without room for more is as good as none.
    const { room } = await createHttpStore({ url: endpoint, authorize: async () => '' }).status({ signal: bounded })
    return room
  } catch {
    signal?.throwIfAborted()
    return false
  }
}

function onePerOrganization(all: readonly Operator[]): Operator[] {
  const first = new Map<Hex, Operator>()
  for (const operator of all) if (!first.has(operator.organization)) first.set(operator.organization, operator)
  return [...first.values()]
}

/** Thrown when fewer storage operators answer than the policy has shares. */
export class NotEnoughOperatorsError extends BaseError<'NOT_ENOUGH_OPERATORS'> {
  override readonly name = 'NotEnoughOperatorsError'
  constructor({ n, live }: { n?: number; live?: number }) {
    super('NOT_ENOUGH_OPERATORS', `${n ?? 0} shares need ${n ?? 0} storage operators; ${live ?? 0} answer.`, {
      hints: ['Choose a policy with fewer shares, or wait until more storage nodes are up and have room.'],
      docs: 'placement.md#placing',
    })
  }
}

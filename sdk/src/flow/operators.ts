import type { Hex } from '../bytes.ts'
import {
  type Chain,
  isSignedBy,
  type MessageKind,
  type Operator,
  type OperatorKind,
  operatorInfo,
  operators,
  SignerMissingError,
} from '../chain/index.ts'
import { BaseError } from '../errors.ts'
import {
  createHttpStore,
  type Signed,
  type StorageClient,
  type StorageStatus,
  type Verify,
  withDeadline,
} from '../place/index.ts'
import type { ObjectSigner } from '../signed/index.ts'
import { shuffled } from './shuffled.ts'

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

/** Judges operators' signatures by the accounts that the registry names. */
export function verifierOf<message>(chain: Chain, kind: MessageKind, options: PartyOptions): Verify<message> {
  const accounts = new Map<Hex, Promise<Operator | undefined>>()
  return async (operator: Hex, { message, signature }: Signed<message>) => {
    const known = accounts.get(operator) ?? operatorInfo(chain, { operator }, options)
    accounts.set(operator, known)
    const info = await known
    if (!info) return false
    const signed = { kind, message, signature, signer: info.account } as Parameters<typeof isSignedBy>[1]
    return await isSignedBy(chain, signed, options)
  }
}

/** Milliseconds in which a node must say how it is. */
const greeting = 3_000

/** What a node says of itself, which it tells to anyone; undefined where it says nothing in time, or nothing that can be read. */
export async function greeted(
  store: Pick<StorageClient, 'status'>,
  { signal }: PartyOptions,
): Promise<StorageStatus | undefined> {
  try {
    return await withDeadline('a status', greeting, { signal }, (inner) => store.status({ signal: inner }))
  } catch (error) {
    signal?.throwIfAborted()
    if (!(error instanceof BaseError || error instanceof TypeError)) throw error
    return undefined
  }
}

/** Whether the operator's node is up and has room for more: one without is as good as none. */
export async function answers({ endpoint }: Operator, options: PartyOptions): Promise<boolean> {
  const status = await greeted(createHttpStore({ url: endpoint, authorize: async () => '' }), options)
  return status?.room === true
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

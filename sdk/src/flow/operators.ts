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
import { createHttpStore, type Signed, type Verify } from '../place/index.ts'
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

/** Whether the operator's node is up and has room for more. */
export async function answers({ endpoint }: Operator, { signal }: PartyOptions): Promise<boolean> {
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

import { type Bytes, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { encode } from '@sharewell/sdk/cbor'
import { type Chain, type Message, operatorInfo, signerOf, signMessage } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { sha256 } from '@sharewell/sdk/primitives'
import { type DkgMember, type DkgShare, type DkgUse, dkgSession, startDkg } from '@sharewell/sdk/release'

/** One key generation in progress. */
export type Session = {
  readonly id: Hex
  readonly use: DkgUse
  readonly k: number
  readonly members: readonly Hex[]
  /** Chain accounts and HPKE key hashes of the members, as the registry names them. */
  readonly accounts: readonly Hex[]
  readonly hpkeKeyHashes: readonly Hex[]
  readonly i: number
  readonly member: DkgMember
  /** Own clock, seconds. */
  readonly started: number
  announced?: readonly Bytes[]
  /** Hash over all packages: what a dealer saw, so that nobody is shown other packages than the rest. */
  echo?: Bytes
}

/** A message of a round as it is signed; `to` is 0 for a broadcast. */
export type Round = Omit<Message<'DkgMessage'>, 'session'> & { readonly signature: Hex }

/** Starts this node's part: every member must be an active key node, and this node one of them.
 * Throws {@link DkgStateError}. */
export async function openSession(
  chain: Chain,
  {
    use,
    members,
    k,
    nonce,
    own,
  }: { use?: DkgUse | undefined; members: readonly Hex[]; k: number; nonce: Bytes; own: Hex },
): Promise<Session> {
  const i = members.indexOf(own) + 1
  if (i === 0) throw new DkgStateError({ reason: 'this node is no member' })
  const known = await Promise.all(members.map((operator) => operatorInfo(chain, { operator })))
  const active = known
    .filter((operator) => operator?.active && operator.kind === 'key')
    .filter((one) => one !== undefined)
  if (active.length !== members.length || new Set(members).size !== members.length)
    throw new DkgStateError({ reason: 'every member must be another active key node' })
  const { networkId, chainId, contracts } = chain.network
  const set = members.map((operator) => fromHex(operator, 16))
  const session = dkgSession({
    use,
    networkId: fromHex(networkId, 32),
    chainId,
    contract: contracts.keyCommittee,
    set,
    k,
    nonce,
  })
  return {
    id: toHex(session),
    use: use ?? 'dkg w1',
    k,
    members,
    accounts: active.map(({ account }) => account),
    hpkeKeyHashes: active.map(({ hpkeKeyHash }) => hpkeKeyHash),
    i,
    member: startDkg({ use, session, i, k, h: members.length }),
    started: chain.clock(),
  }
}

/** Signs a message of this node's. */
export async function signRound(
  chain: Chain,
  { id, i }: Session,
  message: Omit<Round, 'from' | 'signature'>,
): Promise<Hex> {
  return await signMessage(chain, 'DkgMessage', { ...message, session: id, from: i })
}

/** Checks that a message comes from the member it says. Throws {@link DkgStateError} naming the member. */
export async function checkRound(
  chain: Chain,
  { id, accounts }: Session,
  { signature, ...round }: Round,
): Promise<void> {
  const message = { ...round, session: id }
  const signer = await signerOf(chain.network, { kind: 'DkgMessage', message, signature }).catch(() => undefined)
  if (signer === undefined || signer.toLowerCase() !== accounts[round.from - 1]?.toLowerCase())
    throw new DkgStateError({ reason: `member ${round.from} did not sign its message of round ${round.round}` })
}

/** What a dealer signs for a share: the packages it saw and the sealed share. */
export function shareHash({ enc, ct }: Pick<DkgShare, 'enc' | 'ct'>, echo: Bytes): Hex {
  return toHex(sha256(encode([echo, enc, ct])))
}

/** Thrown when a key generation is asked for something out of turn, or by or about the wrong parties. */
export class DkgStateError extends BaseError<'DKG_STATE'> {
  override readonly name = 'DkgStateError'
  constructor({ reason }: { reason?: string }) {
    super('DKG_STATE', `The key generation stops: ${reason ?? 'unknown'}.`, {
      hints: ['Start again with a new nonce.'],
      docs: '/key-node#key-generation',
    })
  }
}

import { type Bytes, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { encode } from '@sharewell/sdk/cbor'
import type { Chain } from '@sharewell/sdk/chain'
import { sha256 } from '@sharewell/sdk/primitives'
import { type DkgShare, type DkgUse, round1Hash } from '@sharewell/sdk/release'
import { keepShare } from './committee.ts'
import { checkRound, DkgStateError, openSession, type Session, shareHash, signRound } from './dkg-session.ts'
import type { KeyStore } from './keystore.ts'

/** What a node announces: a signed hash, so that nobody chooses after seeing the others. */
export type Announcement = { readonly hash: Hex; readonly signature: Hex }

/** A sealed share with its dealer's signature over it and over all the packages that the dealer saw. */
export type SignedShare = DkgShare & { readonly signature: Hex }

/** What a member computed; the secret share stays in its key store. */
export type FinishedKey = {
  readonly groupKey: Hex
  readonly verifyingShares: readonly Hex[]
  readonly transcriptHash: Hex
  readonly signature: Hex
}

/** This node's side of key generations. A coordinator relays; it can delay and abort, not alter or read. */
export type DkgService = {
  announce(start: {
    /** The release key when absent. */
    use?: DkgUse | undefined
    members: readonly Hex[]
    k: number
    nonce: Bytes
  }): Promise<Announcement & { session: Hex; i: number }>
  /** Shows the package once every member's announcement is on the table. */
  reveal(session: Hex, announcements: readonly Announcement[]): Promise<Bytes>
  /** Takes all packages and seals a share to each other member, whose HPKE key must be the registered one. */
  deal(session: Hex, all: { packages: readonly Bytes[]; publicKeys: readonly Bytes[] }): Promise<SignedShare[]>
  /** Takes the shares for this node, computes the key and keeps the own share. */
  finish(session: Hex, shares: readonly SignedShare[]): Promise<FinishedKey>
}

/** Parts of {@link createDkg}. */
export type DkgParts = {
  readonly chain: Chain
  readonly keys: KeyStore
  readonly hpkeSeed: Bytes
  readonly operator: () => Promise<Hex>
}

const maxSessions = 4
const sessionSeconds = 600

/** Keeps sessions in memory: a node that stops in the middle takes part again in a new session. */
export function createDkg(parts: DkgParts): DkgService {
  const sessions = new Map<Hex, Session>()
  const sessionOf = (id: Hex): Session => {
    const session = sessions.get(id)
    if (!session) throw new DkgStateError({ reason: 'no such session' })
    return session
  }

  return {
    async announce(start) {
      const { chain } = parts
      for (const [id, { started }] of sessions) if (chain.clock() - started > sessionSeconds) sessions.delete(id)
      if (sessions.size >= maxSessions) throw new DkgStateError({ reason: 'too many sessions run at once' })
      const session = await openSession(chain, { ...start, own: await parts.operator() })
      if (sessions.has(session.id)) throw new DkgStateError({ reason: 'this session runs already' })
      sessions.set(session.id, session)
      const hash = toHex(round1Hash(session.member.round1))
      const signature = await signRound(chain, session, { round: 1, to: 0, payloadHash: hash })
      return { session: session.id, i: session.i, hash, signature }
    },
    reveal: async (id, announcements) => await reveal(parts, sessionOf(id), announcements),
    deal: async (id, all) => await deal(parts, sessionOf(id), all),
    async finish(id, shares) {
      const key = await finish(parts, sessionOf(id), shares)
      sessions.delete(id)
      return key
    },
  }
}

async function reveal({ chain }: DkgParts, session: Session, announcements: readonly Announcement[]): Promise<Bytes> {
  if (session.announced) throw new DkgStateError({ reason: 'the package was shown already' })
  if (announcements.length !== session.members.length) throw new DkgStateError({ reason: 'announcements are missing' })
  for (const [at, { hash, signature }] of announcements.entries())
    await checkRound(chain, session, { round: 1, from: at + 1, to: 0, payloadHash: hash, signature })
  session.announced = announcements.map(({ hash }) => fromHex(hash, 32))
  return session.member.round1
}

async function deal(
  { chain }: DkgParts,
  session: Session,
  all: Parameters<DkgService['deal']>[1],
): Promise<SignedShare[]> {
  const { announced, echo: dealt, hpkeKeyHashes, member } = session
  if (!announced) throw new DkgStateError({ reason: 'packages come after announcements' })
  if (dealt) throw new DkgStateError({ reason: 'the shares were dealt already' })
  const other = hpkeKeyHashes.findIndex((hash, at) => toHex(sha256(all.publicKeys[at] ?? new Uint8Array())) !== hash)
  if (other >= 0) throw new DkgStateError({ reason: `member ${other + 1} has registered another HPKE key` })
  const echo = sha256(encode([...all.packages]))
  session.echo = echo
  const shares = await member.round2(all.packages, all.publicKeys, { announced })
  return await Promise.all(
    shares.map(async (share) => {
      const payloadHash = shareHash(share, echo)
      return { ...share, signature: await signRound(chain, session, { round: 2, to: share.to, payloadHash }) }
    }),
  )
}

async function finish({ chain, keys, hpkeSeed }: DkgParts, session: Session, shares: readonly SignedShare[]) {
  const { echo, k, members } = session
  if (!echo) throw new DkgStateError({ reason: 'shares come after packages' })
  for (const { signature, ...share } of shares) {
    const payloadHash = shareHash(share, echo)
    await checkRound(chain, session, { round: 2, from: share.from, to: session.i, payloadHash, signature })
  }
  const made = await session.member.round3(shares, hpkeSeed)
  await keepShare(keys, { ...made, k, members: members.map((member) => fromHex(member, 16)) }, session.use)
  const transcriptHash = toHex(made.transcriptHash)
  return {
    groupKey: toHex(made.groupKey),
    verifyingShares: made.verifyingShares.map(toHex),
    transcriptHash,
    signature: await signRound(chain, session, { round: 3, to: 0, payloadHash: transcriptHash }),
  }
}

import { ristretto255_FROST } from '@noble/curves/ed25519.js'
import { type Random, randomBytes, sha256 } from '#primitives'
import { type Bytes, concat, equal, fromHex, type Hex } from '../bytes.ts'
import { encode } from '../cbor/index.ts'
import { type Envelope, openFrom, type SealContext, sealTo } from '../envelope/index.ts'
import { lpLabel } from '../labels.ts'
import { checkShare, DkgError, parseRound1, type Round1, suspectsOf } from './dkg-checks.ts'

const { DKG, Identifier } = ristretto255_FROST

/** What a generated key is for: its label names the session and every envelope, so that no key serves two protocols. */
export type DkgUse = 'dkg w1' | 'dkg w3 nodes' | 'dkg log'

/** Which set of nodes makes which key, once: its hash is in every message, so that no old message passes. */
export type DkgSession = {
  /** The release key when absent. */
  readonly use?: DkgUse | undefined
  readonly networkId: Bytes
  readonly chainId: number
  /** The KeyCommittee contract. */
  readonly contract: Hex
  /** Operator ids; member i of 1..h is `set[i - 1]`. */
  readonly set: readonly Bytes[]
  readonly k: number
  readonly nonce: Bytes
}

/** A secret share on its way from member `from` to member `to`, sealed to `to`'s X-Wing key. */
export type DkgShare = Envelope & { readonly from: number; readonly to: number }

/** What a member holds at the end. Only `share` is secret; all else is the same for every member. */
export type DkgKey = {
  readonly i: number
  readonly share: Bytes
  readonly groupKey: Bytes
  /** X_1..X_h. */
  readonly verifyingShares: readonly Bytes[]
  /** What every member confirms on chain; members that saw different messages have different ones. */
  readonly transcriptHash: Bytes
}

/**
 * One member's side of a key generation (Pedersen DKG with proofs of knowledge, by the library's ristretto255_FROST).
 * Messages travel signed by their senders: `round1` to all, `round2`'s shares each to one. The state is in memory
 * only: a member that stops has to start again in a new session.
 */
export type DkgMember = {
  /** The package to broadcast. Its hash is announced by all before any is shown. */
  readonly round1: Bytes
  /**
   * Takes everybody's package, own included, in member order, and seals a share to each other member's X-Wing key.
   * @throws DkgError that names the sender of a bad package.
   */
  round2(packages: readonly Bytes[], publicKeys: readonly Bytes[], options?: DkgOptions): Promise<DkgShare[]>
  /**
   * Takes the shares sealed to this member and the seed they were sealed to.
   * @throws DkgError that names the sender of a missing or bad share.
   */
  round3(shares: readonly DkgShare[], hpkeSeed: Uint8Array): Promise<DkgKey>
}

/** Options of the rounds. */
export type DkgOptions = {
  /** Hashes announced before the packages were shown, in member order. */
  readonly announced?: readonly Bytes[] | undefined
  /** Source of every secret drawn. */
  readonly random?: Random | undefined
}

/** The session's hash: H(lp(label) || CBOR of all that names it). */
export function dkgSession({ use = 'dkg w1', networkId, chainId, contract, set, k, nonce }: DkgSession): Bytes {
  const fields = { networkId, chainId, contract: fromHex(contract, 20), set: [...set], k, h: set.length, nonce }
  return sha256(concat(lpLabel('release', use), encode(fields)))
}

/** The hash of a round-1 package that its sender announces first, so that nobody chooses after seeing the others. */
export function round1Hash(round1: Uint8Array): Bytes {
  return sha256(round1)
}

/** What all members sign when they accept a key: session, all packages, the key and its verifying shares. */
export function transcriptHash(
  session: Bytes,
  { k, packages, groupKey, verifyingShares }: transcriptHash.Parts,
): Bytes {
  const round1 = packages.map(round1Hash)
  return sha256(encode({ session, k, h: packages.length, round1, groupKey, verifyingShares: [...verifyingShares] }))
}
export declare namespace transcriptHash {
  type Parts = {
    readonly k: number
    readonly packages: readonly Bytes[]
    readonly groupKey: Bytes
    readonly verifyingShares: readonly Bytes[]
  }
}

/**
 * Starts member `i` (1..h) of a session.
 * @throws DkgError unless 2 <= k <= h and i is a member.
 * @example
 * const member = startDkg({ session, i: 2, k: 3, h: 5 })
 * const shares = await member.round2(await everybody(member.round1), publicKeys)
 * const { share, groupKey } = await member.round3(await mine(shares), hpkeSeed)
 */
export function startDkg({ use = 'dkg w1', session, i, k, h }: startDkg.Seat, options: DkgOptions = {}): DkgMember {
  const { random = randomBytes } = options
  if (![i, k, h].every(Number.isSafeInteger) || k < 2 || k > h || i < 1 || i > h)
    throw new DkgError({ reason: `member ${i} of ${h} with threshold ${k} is no seat` })
  const signers = { min: k, max: h }
  const own = DKG.round1(Identifier.fromNumber(i), signers, undefined, (length) => random(length ?? 32))
  const round1 = encode({
    session,
    from: i,
    commitment: own.public.commitment.map((point) => new Uint8Array(point)),
    pok: new Uint8Array(own.public.proofOfKnowledge),
  })
  let packages: readonly Bytes[] = []
  let others: readonly Round1[] = []

  return {
    round1,

    async round2(all, publicKeys, { announced, random = randomBytes } = {}) {
      const parsed = parseAll(all, { session, k, h, announced })
      if (!equal(all[i - 1] as Bytes, round1)) throw new DkgError({ reason: 'its own package was altered on the way' })
      if (publicKeys.length !== h) throw new DkgError({ reason: `${publicKeys.length} keys for ${h} members` })
      const remote = parsed.filter(({ from }) => from !== i)
      const dealt = dealShares(own.secret, remote, { i, signers })
      packages = all
      others = remote
      return Promise.all(
        remote.map(async ({ from: to, package: { identifier } }) => {
          const share = dealt[identifier]?.signingShare as Uint8Array
          const envelope = await sealTo(publicKeys[to - 1] as Bytes, shareContext({ use, session }, i, to), share, {
            random,
          })
          return { ...envelope, from: i, to }
        }),
      )
    },

    async round3(shares, hpkeSeed) {
      if (others.length === 0) throw new DkgError({ reason: 'round 3 comes after round 2' })
      const opened = await Promise.all(others.map((other) => openShare(other, shares, { use, session, i, hpkeSeed })))
      const key = DKG.round3(
        own.secret,
        others.map((other) => other.package),
        opened,
      )
      const groupKey = new Uint8Array(key.public.commitments[0] as Uint8Array)
      const verifyingShares = Array.from({ length: h }, (_, at) => {
        return new Uint8Array(key.public.verifyingShares[Identifier.fromNumber(at + 1)] as Uint8Array)
      })
      const transcript = transcriptHash(session, { k, packages, groupKey, verifyingShares })
      const share = new Uint8Array(key.secret.signingShare)
      return { i, share, groupKey, verifyingShares, transcriptHash: transcript }
    },
  }
}
export declare namespace startDkg {
  /** A member's place: its number i among h, any k of whom release. */
  type Seat = {
    /** The release key when absent. */
    readonly use?: DkgUse | undefined
    readonly session: Bytes
    readonly i: number
    readonly k: number
    readonly h: number
  }
}

type Frame = { session: Bytes; k: number; h: number; announced: readonly Bytes[] | undefined }

function parseAll(all: readonly Bytes[], { session, k, h, announced }: Frame): Round1[] {
  if (all.length !== h) throw new DkgError({ reason: `${all.length} packages from ${h} members` })
  return all.map((bytes, at) => {
    const hash = announced?.[at]
    if (announced !== undefined && (hash === undefined || !equal(hash, round1Hash(bytes))))
      throw new DkgError({ culprits: [at + 1], reason: 'the package is not the one that was announced' })
    return parseRound1(bytes, { session, k, from: at + 1 })
  })
}

function dealShares(secret: Parameters<typeof DKG.round2>[0], remote: readonly Round1[], seat: suspectsOf.Seat) {
  try {
    return DKG.round2(
      secret,
      remote.map((other) => other.package),
    )
  } catch (cause) {
    // The library does not say whose package it refused: try each alone among honest ones.
    throw new DkgError({ culprits: suspectsOf(remote, seat), reason: 'the proof of knowledge does not hold', cause })
  }
}

async function openShare(
  other: Round1,
  shares: readonly DkgShare[],
  { use, session, i, hpkeSeed }: { use: DkgUse; session: Bytes; i: number; hpkeSeed: Uint8Array },
) {
  const sent = shares.find(({ from, to }) => from === other.from && to === i)
  if (sent === undefined) throw new DkgError({ culprits: [other.from], reason: 'its share did not come' })
  let signingShare: Bytes
  try {
    signingShare = await openFrom(hpkeSeed, shareContext({ use, session }, other.from, i), sent)
  } catch (cause) {
    throw new DkgError({ culprits: [other.from], reason: 'its share does not open', cause })
  }
  checkShare(other, i, signingShare)
  return { identifier: other.package.identifier, signingShare }
}

function shareContext({ use, session }: { use: DkgUse; session: Bytes }, from: number, to: number): SealContext {
  return { purpose: ['release', use], context: encode([session, from, to]) }
}

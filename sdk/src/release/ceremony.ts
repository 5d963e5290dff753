import { type Random, randomBytes, sha256 } from '#primitives'
import { type Bytes, concat, equal, fromHex, type Hex } from '../bytes.ts'
import { encode } from '../cbor/index.ts'
import { type Envelope, openFrom, type SealContext, sealTo } from '../envelope/index.ts'
import {
  basePoint,
  decodePoint,
  decodeScalar,
  encodePoint,
  encodeScalar,
  evaluateCommitment,
  lagrange,
  type Point,
  provePossession,
  randomScalar,
  scalarField,
} from '../group/index.ts'
import { lpLabel } from '../labels.ts'
import {
  CeremonyError,
  checkDealt,
  checkPackage,
  type Frame,
  type Package,
  possessionContext,
} from './ceremony-checks.ts'

/** All that names one ceremony; its hash is in every message, so that no message of another passes. */
export type CeremonyTerms = {
  readonly networkId: Bytes
  readonly chainId: number
  /** The KeyCommittee contract. */
  readonly contract: Hex
  /** Its number on chain: each start, also of the same members, has its own. */
  readonly ceremony: number
  /** The epoch that it makes. */
  readonly epoch: number
  readonly k: number
  /** Operator ids of the new set; member j of 1..h is `set[j - 1]`. */
  readonly set: readonly Bytes[]
  /** The dealers' numbers, as in {@link Frame}. */
  readonly dealers: readonly number[]
  /** Transcript of the epoch whose key is shared anew; absent where a new key is made. */
  readonly from?: Bytes | undefined
}

/** What the ceremony gives everybody. */
export type CeremonyResult = {
  readonly groupKey: Bytes
  /** X_1..X_h. */
  readonly verifyingShares: readonly Bytes[]
  /** What every member accepts on chain. */
  readonly transcriptHash: Bytes
}

/** The ceremony's hash: H(lp(label) || CBOR of all that names it). */
export function ceremonySession({ from, contract, dealers, set, ...terms }: CeremonyTerms): Bytes {
  const label = from ? lpLabel('release', 'reshare') : lpLabel('release', 'dkg w1')
  const fields = {
    ...terms,
    contract: fromHex(contract, 20),
    h: set.length,
    set: [...set],
    dealers: [...dealers],
    from: from ?? null,
  }
  return sha256(concat(label, encode(fields)))
}

/**
 * Draws a dealer's polynomial f: k coefficients, the first of which is the secret that it shares, its own share of the
 * key or, for a new key, a random one. It is as secret as that share; keep it until the epoch serves, then erase it.
 * @throws CeremonyError unless 2 <= k <= 16.
 */
export function drawPolynomial(k: number, { secret, random = randomBytes }: drawPolynomial.Options = {}): Bytes[] {
  if (!Number.isSafeInteger(k) || k < 2 || k > 16) throw new CeremonyError({ reason: `${k} is no threshold` })
  const drawn = Array.from({ length: k }, () => encodeScalar(randomScalar(random)))
  return secret ? [secret, ...drawn.slice(1)] : drawn
}
export declare namespace drawPolynomial {
  type Options = {
    /** The share that is shared anew. */
    readonly secret?: Bytes | undefined
    readonly random?: Random | undefined
  }
}

/**
 * What dealer `from` shows everybody of its polynomial.
 * @throws CeremonyError when the others would refuse it: the polynomial is of another share or threshold.
 * @example
 * const polynomial = drawPolynomial(frame.k, { secret: share })
 * const shown = packageOf(frame, 2, polynomial)
 * const forThird = dealtShare(polynomial, 3)
 */
export function packageOf(
  frame: Frame,
  from: number,
  polynomial: readonly Bytes[],
  { random = randomBytes }: { random?: Random | undefined } = {},
): Package {
  const scalars = polynomial.map(decodeScalar)
  const commitment = scalars.map((scalar) => encodePoint(basePoint.multiply(scalar)))
  const proof = provePossession(scalars[0] ?? 0n, possessionContext(frame.session, from), { random })
  const made = { from, commitment, proof }
  checkPackage(frame, made)
  return made
}

/** The share that a dealer's polynomial gives member `to` of the new set: f(to). */
export function dealtShare(polynomial: readonly Bytes[], to: number): Bytes {
  if (!Number.isSafeInteger(to) || to < 1) throw new CeremonyError({ reason: `${to} is no member's number` })
  const x = BigInt(to)
  const value = polynomial
    .map(decodeScalar)
    .reduceRight((sum, coefficient) => scalarField.add(scalarField.mul(sum, x), coefficient), 0n)
  return encodeScalar(value)
}

/** The way of one share: from a dealer to a member, by their numbers. */
export type Way = { readonly from: number; readonly to: number }

/** Seals a share to the member's X-Wing key, for this ceremony, dealer and member alone. */
export async function sealShare(
  frame: Frame,
  { from, to, share }: Way & { readonly share: Bytes },
  publicKey: Bytes,
  { random }: { random?: Random | undefined } = {},
): Promise<Envelope> {
  return await sealTo(publicKey, shareContext(frame, { from, to }), share, { random })
}

/**
 * Opens a sealed share and checks it against the dealer's commitment.
 * @throws CeremonyError that names the dealer.
 */
export async function openShare(
  frame: Frame,
  { shown, to, hpkeSeed }: { shown: Package; to: number; hpkeSeed: Uint8Array },
  envelope: Envelope,
): Promise<Bytes> {
  let share: Bytes
  try {
    share = await openFrom(hpkeSeed, shareContext(frame, { from: shown.from, to }), envelope)
  } catch (cause) {
    throw new CeremonyError({ culprits: [shown.from], reason: `its share for member ${to} does not open`, cause })
  }
  checkDealt(shown, to, share)
  return share
}

/**
 * The public outcome: group key, verifying shares, transcript. Everybody computes it from the packages alone.
 * @throws CeremonyError that names the dealers of bad or missing packages, or when the key would change.
 */
export function resultOf(frame: Frame, packages: readonly Package[]): CeremonyResult {
  const { dealers, k, h, old, session } = frame
  const ordered = dealers.map((dealer) => {
    const shown = packages.find(({ from }) => from === dealer)
    if (!shown) throw new CeremonyError({ culprits: [dealer], reason: 'its package did not come' })
    return shown
  })
  const points = ordered.map((shown) => checkPackage(frame, shown))
  const sums = Array.from({ length: k }, (_, l) =>
    points.map((commitment, at) => weigh(frame, dealers[at] as number, commitment[l] as Point)).reduce(sum),
  )
  const groupKey = encodePoint(sums[0] as Point)
  if (old && !equal(groupKey, old.groupKey)) throw new CeremonyError({ reason: 'the group key would change' })
  const verifyingShares = Array.from({ length: h }, (_, at) => encodePoint(evaluateCommitment(sums, at + 1)))
  // Nobody serves with a share or a key that is 0.
  for (const point of [groupKey, ...verifyingShares]) decodePoint(point)
  const hashes = ordered.map(({ from, commitment, proof }) =>
    sha256(encode({ session, from, commitment: [...commitment], proof })),
  )
  const transcript = { session, k, h, packages: hashes, groupKey, verifyingShares }
  return { groupKey, verifyingShares, transcriptHash: sha256(encode(transcript)) }
}

/**
 * Member `to`'s share of the key from what the dealers dealt it.
 * @throws CeremonyError that names the dealers whose share is missing or wrong.
 */
export function ownShare(
  frame: Frame,
  { to, packages, shares }: { to: number; packages: readonly Package[]; shares: ReadonlyMap<number, Bytes> },
): Bytes {
  const missing = frame.dealers.filter((dealer) => !shares.has(dealer))
  if (missing.length > 0) throw new CeremonyError({ culprits: missing, reason: 'its share did not come' })
  let own = 0n
  for (const dealer of frame.dealers) {
    const share = shares.get(dealer) as Bytes
    const shown = packages.find(({ from }) => from === dealer)
    if (!shown) throw new CeremonyError({ culprits: [dealer], reason: 'its package did not come' })
    checkDealt(shown, to, share)
    own = scalarField.add(own, scalarField.mul(weightOf(frame, dealer), decodeScalar(share)))
  }
  return encodeScalar(own)
}

/** A dealer's part in the sum: its Lagrange coefficient where it shares a share, 1 where it shares a summand. */
const weightOf = ({ old, dealers }: Frame, dealer: number): bigint => (old ? lagrange(dealers, dealer) : 1n)
const weigh = (frame: Frame, dealer: number, point: Point): Point => point.multiplyUnsafe(weightOf(frame, dealer))
const sum = (a: Point, b: Point): Point => a.add(b)

function shareContext({ session, old }: Frame, { from, to }: Way): SealContext {
  return { purpose: ['release', old ? 'reshare' : 'dkg w1'], context: encode([session, from, to]) }
}

import { type Bytes, equal } from '../bytes.ts'
import { encode } from '../cbor/index.ts'
import { BaseError } from '../errors.ts'
import { checkPossession, decodePoint, isShareOf, type Point } from '../group/index.ts'

/** What every party to a ceremony agrees on before anything secret is drawn. */
export type Frame = {
  /** {@link ceremonySession} of the ceremony. */
  readonly session: Bytes
  /** Partials that open in the epoch that is made. */
  readonly k: number
  /** Members of the epoch that is made. */
  readonly h: number
  /** Who deals, by number: in the epoch that serves where its key is shared anew, else in the new set. */
  readonly dealers: readonly number[]
  /** The key that is shared anew; absent where a new one is made. */
  readonly old?: { readonly groupKey: Bytes; readonly verifyingShares: readonly Bytes[] } | undefined
}

/** What a dealer shows everybody: commitments to its polynomial, and proof that it knows the first coefficient. */
export type Package = {
  readonly from: number
  /** C_0..C_(k-1). */
  readonly commitment: readonly Bytes[]
  /** Proof of possession of the secret of C_0, in this session. */
  readonly proof: Bytes
}

/**
 * Refuses a package that is not of this ceremony, threshold and dealer.
 * @throws CeremonyError that names its dealer.
 */
export function checkPackage(frame: Frame, { from, commitment, proof }: Package): Point[] {
  const culprits = [from]
  if (!frame.dealers.includes(from)) throw new CeremonyError({ culprits, reason: 'it deals without being asked to' })
  // A longer commitment would raise the threshold and lock everybody out.
  if (commitment.length !== frame.k)
    throw new CeremonyError({ culprits, reason: `it commits to ${commitment.length} coefficients, not ${frame.k}` })
  const [first] = commitment
  const expected = frame.old?.verifyingShares[from - 1]
  if (frame.old && !(first && expected && equal(first, expected)))
    throw new CeremonyError({ culprits, reason: 'it shares another secret than its share of the key' })
  try {
    const points = commitment.map(decodePoint)
    checkPossession(first as Bytes, possessionContext(frame.session, from), proof)
    return points
  } catch (cause) {
    throw new CeremonyError({ culprits, reason: 'its package does not verify in this session', cause })
  }
}

/** What a dealer's proof of possession is made over: the ceremony and its number, so that no old package passes. */
export function possessionContext(session: Bytes, from: number): Bytes {
  return encode([session, from])
}

/**
 * Checks a share against its dealer's commitment.
 * @throws CeremonyError that names the dealer.
 */
export function checkDealt({ from, commitment }: Package, to: number, share: Uint8Array): void {
  if (!matches(commitment, to, share))
    throw new CeremonyError({ culprits: [from], reason: `its share for member ${to} does not match its commitment` })
}

/** What a dealer's answer to a complaint is worth. */
export type Verdict =
  /** The share is right: nobody is shown to be at fault, and the member uses it. */
  | 'valid'
  /** The dealer published a wrong share: it is at fault, for everybody to see. */
  | 'invalid'
  /** The dealer did not answer: it is at fault once its time is over. */
  | 'none'

/**
 * Judges a dealer's answer to a complaint: from what is public alone, so that everybody comes to one verdict. A dealer
 * whose published share fits its own commitment is cleared, whatever the member says.
 */
export function judge({ commitment }: Package, to: number, share: Uint8Array | undefined): Verdict {
  if (share === undefined) return 'none'
  return matches(commitment, to, share) ? 'valid' : 'invalid'
}

function matches(commitment: readonly Bytes[], to: number, share: Uint8Array): boolean {
  try {
    return isShareOf(commitment.map(decodePoint), to, share)
  } catch {
    return false
  }
}

/** Thrown when a ceremony cannot go on. `culprits` are the dealers whose message is at fault, by number. */
export class CeremonyError extends BaseError<'CEREMONY'> {
  override readonly name = 'CeremonyError'
  readonly culprits: readonly number[]
  constructor({ culprits = [], reason = 'a message is missing or malformed', cause }: CeremonyError.Options) {
    const who = culprits.length === 0 ? '' : ` at dealer ${culprits.join(', ')}`
    super('CEREMONY', `The ceremony stops${who}: ${reason}.`, {
      cause,
      hints: ['Begin again without the dealers named; the epoch that serves goes on serving.'],
      docs: 'committee.md#complaints-and-exclusion',
    })
    this.culprits = culprits
  }
}
export declare namespace CeremonyError {
  type Options = { culprits?: readonly number[]; reason?: string; cause?: unknown }
}

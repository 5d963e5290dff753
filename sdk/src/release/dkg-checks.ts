import { ristretto255_FROST } from '@noble/curves/ed25519.js'
import { type Bytes, equal } from '../bytes.ts'
import { decode, field } from '../cbor/index.ts'
import { BaseError } from '../errors.ts'
import { decodePoint, isShareOf, type Point } from '../group/index.ts'

const { DKG, Identifier } = ristretto255_FROST

/** A member's round-1 package: its commitment, decoded and checked, and the form that the library takes. */
export type Round1 = {
  readonly from: number
  readonly commitment: readonly Point[]
  readonly package: Parameters<typeof DKG.round2>[1][number]
}

/** Reads a package and refuses it, naming its sender, unless it is of this session and threshold. */
export function parseRound1(bytes: Bytes, expected: { session: Bytes; k: number; from: number }): Round1 {
  const culprits = [expected.from]
  let sent: ReturnType<typeof readRound1>
  let commitment: Point[]
  try {
    sent = readRound1(decode(bytes), 'package')
    commitment = sent.commitment.map(decodePoint)
  } catch (cause) {
    throw new DkgError({ culprits, reason: 'the package does not decode', cause })
  }
  if (!equal(sent.session, expected.session)) throw new DkgError({ culprits, reason: 'it is of another session' })
  if (sent.from !== expected.from) throw new DkgError({ culprits, reason: 'it names another sender' })
  // A longer commitment would raise the threshold and lock everybody out.
  if (commitment.length !== expected.k)
    throw new DkgError({ culprits, reason: `it commits to ${commitment.length} coefficients instead of ${expected.k}` })
  const identifier = Identifier.fromNumber(sent.from)
  return {
    from: sent.from,
    commitment,
    package: { identifier, commitment: sent.commitment, proofOfKnowledge: sent.pok },
  }
}

const readRound1 = field.record({
  session: field.bytes(32),
  from: field.integer(1, 0xffff),
  commitment: field.array(field.bytes(32)),
  pok: field.bytes(64),
})

/** Who sent a package that the library refuses: each is tried alone among packages made here. */
export function suspectsOf(packages: readonly Round1[], { i, signers }: suspectsOf.Seat): number[] {
  const make = (member: number) => DKG.round1(Identifier.fromNumber(member), signers)
  const honest = packages.map(({ from }) => make(from).public)
  return packages
    .filter((suspect, at) => {
      try {
        DKG.round2(make(i).secret, honest.with(at, suspect.package as (typeof honest)[number]))
        return false
      } catch {
        return true
      }
    })
    .map(({ from }) => from)
}
export declare namespace suspectsOf {
  type Seat = { readonly i: number; readonly signers: { readonly min: number; readonly max: number } }
}

/** Checks a share against its dealer's commitment. */
export function checkShare({ from, commitment }: Round1, i: number, share: Bytes): void {
  if (!isShareOf(commitment, i, share))
    throw new DkgError({ culprits: [from], reason: 'its share does not match its commitment' })
}

/** Thrown when a key generation cannot go on. `culprits` are the members whose message is at fault, if known. */
export class DkgError extends BaseError<'DKG'> {
  override readonly name = 'DkgError'
  readonly culprits: readonly number[]
  constructor({ culprits = [], reason = 'a message is missing or malformed', cause }: DkgError.Options) {
    const who = culprits.length === 0 ? '' : ` by member ${culprits.join(', ')}`
    super('DKG', `The key generation stops${who}: ${reason}.`, {
      cause,
      hints: ['Start again in a new session, without the members named.'],
      docs: 'release.md#key-generation',
    })
    this.culprits = culprits
  }
}
export declare namespace DkgError {
  type Options = { culprits?: readonly number[]; reason?: string; cause?: unknown }
}

import { type Bytes, equal, type Hex, toHex } from '../../bytes.ts'
import { type Placement, parsePlacement } from '../placement.ts'
import { RenewError } from './error.ts'

/** A placement that is to follow the one that stands, and by which one share moves. */
export type Move = {
  readonly hash: Bytes
  /** Who signed it: whether they may relocate the record, the caller asks the chain. */
  readonly signer: Hex
  /** Who keeps the share, and who is to. */
  readonly from: Hex
  readonly to: Hex
}

/**
 * Reads a drafted placement: the successor of the one that stands, which gives one share to an operator that has none,
 * and changes nothing else.
 * @throws SignedObjectError, CborError, CborFieldError, PlacementError
 * @throws RenewError where it is no such successor.
 */
export function readMove(standing: Placement, signed: Uint8Array, share: number): Move {
  const { operators } = standing
  const { placement, hash, signer } = readFollowing(standing, signed, operators.length)
  const moved = [...operators.keys()].filter((j) => !sameAt(operators, placement.operators, j))
  const [from, to] = [operators[share], placement.operators[share]]
  if (moved.join() !== String(share) || !from || !to)
    throw new RenewError({ reason: 'the drafted placement moves other shares than the one that is repaired' })
  // A placement names nobody twice, so who takes over from one keeper is none of the others.
  return { hash, signer, from: toHex(from), to: toHex(to) }
}

/** A placement that names the new nodes of a change. */
export type Succession = Pick<Move, 'hash' | 'signer'> & {
  /** Operators in the order of their shares, no two of them the same. */
  readonly operators: readonly Hex[]
}

/**
 * Reads the drafted placement of a change: as the one that stands, with other operators.
 * @param n how many there must be.
 * @throws SignedObjectError, CborError, CborFieldError, PlacementError
 * @throws RenewError where it does not follow the one that stands.
 */
export function readSuccession(standing: Placement, signed: Uint8Array, n: number): Succession {
  const { placement, hash, signer } = readFollowing(standing, signed, n)
  return { hash, signer, operators: placement.operators.map((id) => toHex(id)) }
}

function readFollowing(standing: Placement, signed: Uint8Array, n: number): ReturnType<typeof parsePlacement> {
  const { networkId, recordId, version, manifestHash } = standing
  const read = parsePlacement(signed, { networkId, recordId, version, manifestHash, n })
  if (read.placement.gen !== standing.gen + 1 || equal(read.placement.salt, standing.salt))
    throw new RenewError({ reason: 'the drafted placement does not follow the one that stands' })
  return read
}

const sameAt = (a: readonly Bytes[], b: readonly Bytes[], j: number): boolean =>
  equal(a[j] ?? new Uint8Array(), b[j] ?? new Uint8Array())

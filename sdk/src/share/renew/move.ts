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
  const { networkId, recordId, version, manifestHash, operators } = standing
  const expected = { networkId, recordId, version, manifestHash, n: operators.length }
  const { placement, hash, signer } = parsePlacement(signed, expected)
  if (placement.gen !== standing.gen + 1 || equal(placement.salt, standing.salt))
    throw new RenewError({ reason: 'the drafted placement does not follow the one that stands' })
  const moved = [...operators.keys()].filter((j) => !sameAt(operators, placement.operators, j))
  const [from, to] = [operators[share], placement.operators[share]]
  if (moved.join() !== String(share) || !from || !to)
    throw new RenewError({ reason: 'the drafted placement moves other shares than the one that is repaired' })
  // A placement names nobody twice, so who takes over from one keeper is none of the others.
  return { hash, signer, from: toHex(from), to: toHex(to) }
}

const sameAt = (a: readonly Bytes[], b: readonly Bytes[], j: number): boolean =>
  equal(a[j] ?? new Uint8Array(), b[j] ?? new Uint8Array())

import { type Bytes, equal, toHex } from '../bytes.ts'
import { decode, encode, field } from '../cbor/index.ts'
import { BaseError } from '../errors.ts'
import { openObject } from '../signed/index.ts'

/** Which operator keeps which share: `operators[j]` holds share j. Its hash stands on chain. */
export type Placement = {
  readonly v: 1
  readonly networkId: Bytes
  readonly recordId: Bytes
  readonly version: number
  /** Rises by one with every relocation; 0 at deposit. */
  readonly gen: number
  readonly salt: Bytes
  readonly manifestHash: Bytes
  readonly operators: Bytes[]
}

const bytes32 = field.bytes(32)
const readPlacement = field.record({
  v: field.literal(1),
  networkId: bytes32,
  recordId: bytes32,
  version: field.integer(1, 2 ** 32 - 1),
  gen: field.integer(0, 2 ** 32 - 1),
  salt: bytes32,
  manifestHash: bytes32,
  operators: field.array(field.bytes(16)),
})

/**
 * Encodes the payload that is signed as a `placement`.
 * @throws PlacementError when an operator would keep two shares, or none does.
 */
export function encodePlacement(placement: Placement): Bytes {
  checkPlacement(placement)
  return encode(placement)
}

/**
 * Opens a signed placement. The caller compares `hash` and `signer` with the chain, and gives what it knows.
 * @throws SignedObjectError, CborError, CborFieldError
 * @throws PlacementError when it is for another network, record, version, manifest or number of shares.
 */
export function parsePlacement(
  signed: Uint8Array,
  expected: parsePlacement.Expected,
): { readonly placement: Placement; readonly hash: Bytes; readonly signer: `0x${string}` } {
  const { payload, hash, signer } = openObject('placement', signed, expected.networkId)
  const placement: Placement = readPlacement(decode(payload))
  checkPlacement(placement)
  const { networkId, recordId, version, manifestHash, n } = expected
  if (!equal(placement.networkId, networkId)) throw new PlacementError({ reason: 'names another network' })
  if (recordId && !equal(placement.recordId, recordId)) throw new PlacementError({ reason: 'names another record' })
  if (version !== undefined && placement.version !== version)
    throw new PlacementError({ reason: 'names another version' })
  if (manifestHash && !equal(placement.manifestHash, manifestHash))
    throw new PlacementError({ reason: 'names another manifest' })
  if (n !== undefined && placement.operators.length !== n)
    throw new PlacementError({ reason: `names ${placement.operators.length} operators for ${n} shares` })
  return { placement, hash, signer }
}
export declare namespace parsePlacement {
  type Expected = {
    readonly networkId: Uint8Array
    readonly recordId?: Uint8Array | undefined
    readonly version?: number | undefined
    readonly manifestHash?: Uint8Array | undefined
    /** Number of shares in the manifest. */
    readonly n?: number | undefined
  }
}

/** One operator with two shares would be two of the t: what the policy promises would not hold. */
function checkPlacement({ operators }: Placement): void {
  if (operators.length === 0) throw new PlacementError({ reason: 'names no operator' })
  if (new Set(operators.map(toHex)).size !== operators.length)
    throw new PlacementError({ reason: 'names one operator for two shares' })
}

/** Thrown when a placement contradicts itself or what the chain says. */
export class PlacementError extends BaseError<'PLACEMENT'> {
  override readonly name = 'PlacementError'
  constructor({ reason = 'cannot be used' }: PlacementError.Options) {
    super('PLACEMENT', `The placement ${reason}.`, {
      hints: ['Fetch the placement that the chain names by its hash.'],
      docs: 'share.md#placement',
    })
  }
}
export declare namespace PlacementError {
  type Options = { reason?: string }
}

import { keccak_256 } from '@noble/hashes/sha3.js'
import { hmacSha256 } from '#primitives'
import { type Bytes, concat, equal, toHex, u8 } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import { label, lpLabel } from '../labels.ts'

/**
 * A record's id: keccak256(abi.encode(keccak256(label), networkId, pseudonym, salt)). `anchor` takes the salt and
 * computes it again, so that nobody registers another's record under a pseudonym of their own.
 * @throws RecordIdError on a field that has not 32 bytes.
 */
export function recordId({ networkId, pseudonym, salt }: recordId.Parts): Bytes {
  for (const part of [networkId, pseudonym, salt]) checkLength(part)
  return new Uint8Array(keccak_256(concat(keccak_256(label('record', 'id')), networkId, pseudonym, salt)))
}
export declare namespace recordId {
  type Parts = { readonly networkId: Bytes; readonly pseudonym: Bytes; readonly salt: Bytes }
}

/**
 * All 32 bits of a pseudonym: `bits[category]` is where that category stands in its masks on chain. The permutation
 * is keyed by a secret that patient and provider share, so a bit means nothing to anybody else.
 */
export function categoryBits(categoryKey: Bytes): number[] {
  checkLength(categoryKey)
  const tags = Array.from({ length: 32 }, (_, category) =>
    toHex(hmacSha256(categoryKey, concat(lpLabel('record', 'category'), u8(category)))),
  )
  const ranks = [...tags].sort()
  return tags.map((tag) => ranks.indexOf(tag))
}

/**
 * The bit of one category in a pseudonym's own permutation.
 * @throws RecordIdError unless the category is 0..31 and the key has 32 bytes.
 * @example
 * const bit = categoryBit(categoryKey, categoryOf('laboratory').id)
 */
export function categoryBit(categoryKey: Bytes, category: number): number {
  return bitOf(categoryBits(categoryKey), category)
}

/** A mask of several categories, as a grant carries it. */
export function categoryMask(categoryKey: Bytes, chosen: readonly number[]): number {
  const bits = categoryBits(categoryKey)
  return chosen.reduce((mask, category) => (mask | (1 << bitOf(bits, category))) >>> 0, 0)
}

/**
 * The category key of a pseudonym, from all that its provider sent. Two different ones are none: a grant made under
 * one would open other categories of the records that were deposited under the other.
 */
export function agreedCategoryKey(sent: readonly Bytes[]): Bytes | undefined {
  const [first, ...others] = sent.filter(({ length }) => length === 32)
  return first && others.every((other) => equal(first, other)) ? first : undefined
}

function bitOf(bits: readonly number[], category: number): number {
  const bit = bits[category]
  if (bit === undefined) throw new RecordIdError({ reason: 'a category is a number from 0 to 31' })
  return bit
}

function checkLength(bytes: Bytes): void {
  if (bytes.length !== 32) throw new RecordIdError({ reason: `a field has ${bytes.length} bytes instead of 32` })
}

/** Thrown when an id or a category bit is asked of fields that have no such. */
export class RecordIdError extends BaseError<'RECORD_ID'> {
  override readonly name = 'RecordIdError'
  constructor({ reason = 'a field has the wrong length' }: RecordIdError.Options) {
    super('RECORD_ID', `No id: ${reason}.`, {
      hints: ['Pass network, pseudonym, salt and category key as 32 bytes each.'],
      docs: 'record.md#ids',
    })
  }
}
export declare namespace RecordIdError {
  type Options = { reason?: string }
}

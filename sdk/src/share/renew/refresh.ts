import { hkdf, type Random, randomBytes, sha256 } from '#primitives'
import { type Bytes, concat, u32, u64 } from '../../bytes.ts'
import { lpLabel } from '../../labels.ts'
import { fastestCode } from '../engine/index.ts'
import { layoutOf, type Policy } from '../policy.ts'
import { RenewError } from './error.ts'
import { keystream } from './keystream.ts'
import { innerProduct, symbolAt } from './product.ts'
import { drawRow, type RenewOptions } from './repair.ts'
import { checkRow } from './rows.ts'

/** Bytes of the row that holds the masks of a contribution. */
export const maskLength = 32

/** Masks of a contribution, ceil(64 / w): a false one passes with probability 2^-64. */
export function maskCount(policy: Policy): number {
  return Math.ceil(64 / layoutOf(policy).bits)
}

/**
 * Draws a zero word: what n nodes add to their share-chunks of `length` bytes so that all of them change and the data
 * do not. Any r of the rows are uniform. With `length` {@link maskLength} it is the contribution's masks.
 * @throws PolicyError
 * @throws RenewError for r = 0, where there is nothing to refresh, and for a length that no share-chunk has.
 * @returns the rows of nodes 0..n-1.
 */
export function drawZeroWord(policy: Policy, length: number, options: RenewOptions = {}): Bytes[] {
  const { random = randomBytes, code = fastestCode() } = options
  const { k } = layoutOf(policy)
  if (policy.r === 0) throw new RenewError({ reason: 'shares of r = 0 hide nothing, so there is nothing to refresh' })
  const data = Array.from({ length: k }, () => new Uint8Array(length))
  checkRow(data[0] as Bytes)
  return code.encode(policy, [...data, ...drawRows(random, policy.r, length)])
}

const drawRows = (random: Random, count: number, length: number): Bytes[] =>
  Array.from({ length: count }, () => drawRow(random, length))

/** The beacon: H(<beacon> || session || hash of the block after the last post). Nobody knows it before the posts stand. */
export function beaconOf(session: Uint8Array, blockHash: Uint8Array): Bytes {
  return sha256(concat(lpLabel('share', 'beacon'), session, blockHash))
}

/**
 * Computes what a node publishes of one contribution: for each mask e, the mask plus the sum of rho_(e,s) times the
 * node's value at symbol s, over all symbols of all chunks. Chunks may come in any order, each once.
 *
 * rho_e of chunk i is w_i bytes of AES-256-CTR under HKDF(beacon, <rho>), counter from u64(e) || u32(i) || u32(2), laid
 * out in symbols as the chunk is.
 * @example
 * const check = createCheck(policy, beacon)
 * for (const [i, row] of rows.entries()) await check.add(i, row)
 * const values = check.finish(masks)
 */
export function createCheck(policy: Policy, beacon: Uint8Array): createCheck.ReturnType {
  const { bits } = layoutOf(policy)
  const key = hkdf(beacon, lpLabel('share', 'rho'))
  const sums = new Array<number>(maskCount(policy)).fill(0)
  return {
    async add(i, row) {
      checkRow(row)
      for (let e = 0; e < sums.length; e++) {
        const rho = await keystream(key, concat(u64(e), u32(i)), row.length)
        sums[e] = (sums[e] as number) ^ innerProduct(bits, rho, row)
      }
    },
    finish(masks) {
      if (masks.length !== maskLength) throw new RenewError({ reason: 'the row of masks has another length' })
      return sums.map((sum, e) => sum ^ symbolAt(masks, e, bits))
    },
  }
}
export declare namespace createCheck {
  type ReturnType = {
    /** Takes the node's row for chunk i. */
    add(i: number, row: Uint8Array): Promise<void>
    /** Ends with the node's row of masks and gives the values to publish, one for each mask. */
    finish(masks: Uint8Array): number[]
  }
}

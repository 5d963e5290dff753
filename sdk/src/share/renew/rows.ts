import type { Bytes } from '../../bytes.ts'
import type { ShareCode } from '../code.ts'
import { decodingMatrix, type Matrix, positionOf } from '../matrix.ts'
import { createMultiplier } from '../multiply.ts'
import { layoutOf, type Policy } from '../policy.ts'
import { RenewError } from './error.ts'

/** Adds rows of equal length, which is XOR in every field of the code. */
export function xorRows(rows: readonly Uint8Array[]): Bytes {
  const sum = new Uint8Array(rows[0]?.length ?? 0)
  for (const row of rows) {
    if (row.length !== sum.length) throw new RenewError({ reason: 'rows of several lengths were to be added' })
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) ^ (row[i] as number)
  }
  return sum
}

/** The map of a matrix on rows, by kernels where the engine has them. */
export function multiplyRows(code: ShareCode, matrix: Matrix, rows: readonly Bytes[]): Bytes[] {
  return code.multiply?.(matrix, rows) ?? createMultiplier(matrix)(rows, rows[0]?.length ?? 0)
}

/** lambda(H -> x): the weights by which t shares add up to another one. */
export function repairMatrix(policy: Policy, helpers: readonly number[], share: number): Matrix {
  return decodingMatrix(policy, helpers, [positionOf(policy, share)])
}

/** M(Q -> D): the weights by which t shares add up to the k data rows, for r > 0. */
export function dataMatrix(policy: Policy, contributors: readonly number[]): Matrix {
  return decodingMatrix(
    policy,
    contributors,
    Array.from({ length: layoutOf(policy).k }, (_, y) => y),
  )
}

/** What one input adds to the outputs. */
export function columnOf({ field, rows, coefficient }: Matrix, column: number): Matrix {
  return { field, rows, columns: 1, coefficient: (row) => coefficient(row, column) }
}

/**
 * Refuses lists that are not `count` different shares of the policy in rising order.
 * @throws RenewError
 */
export function checkShares(policy: Policy, shares: readonly number[], count: number, who: string): void {
  const rising = shares.every((share, at) => Number.isSafeInteger(share) && share > (shares[at - 1] ?? -1))
  if (shares.length !== count || !rising || (shares.at(-1) ?? 0) >= policy.n)
    throw new RenewError({ reason: `${who} must be ${count} different shares of ${policy.n}, in rising order` })
}

/** Refuses rows that the code cannot carry. */
export function checkRow(row: Uint8Array): void {
  if (row.length === 0 || row.length % 32 !== 0)
    throw new RenewError({ reason: `a row of ${row.length} bytes is no piece of a share` })
}

import { randomBytes } from '@sharewell/sdk/primitives'
import { type Policy, rowLength, tableCode } from '@sharewell/sdk/share'
import { layoutOf } from '../../sdk/src/share/policy.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Data rows and the n shares of them, of one chunk. */
export function dealt(policy: Policy, length = 64): { readonly data: Bytes[]; readonly shares: Bytes[] } {
  const { k } = layoutOf(policy)
  const row = rowLength(policy, length * k)
  const rows = Array.from({ length: policy.t }, () => randomBytes(row))
  return { data: rows.slice(0, k), shares: tableCode.encode(policy, rows) }
}

/** The data rows that `some` shares give. */
export function dataOf(policy: Policy, shares: readonly Bytes[], some: readonly number[]): Bytes[] {
  return tableCode.decode(
    policy,
    some.map((index) => ({ index, body: shares[index] as Bytes })),
  )
}

/** 0..count-1. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

/** A symbol that stands first in a row of 32 bytes, and back. */
export function rowOf(symbol: number): Bytes {
  const row = new Uint8Array(32)
  row[0] = symbol & 255
  row[16] = symbol >> 8
  return row
}

export function symbolOf(row: Uint8Array, bits: 8 | 16): number {
  return (row[0] as number) | (bits === 16 ? (row[16] as number) << 8 : 0)
}

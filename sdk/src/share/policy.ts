import { BaseError } from '../errors.ts'

/** n shares; any t rebuild; any r are independent of what was split. k = t - r rows carry data. */
export type Policy = { readonly n: number; readonly t: number; readonly r: number }

/** log2 of a full sealed chunk's length. */
export type ChunkLog2 = 16 | 18 | 20

/** Rows of data that a policy may have: more would make share-chunks shorter than 1 KiB. */
const maxDataRows = 1024
const largeRecord = 64 * 2 ** 20

/** Where a policy's shares lie in the code (docs/spec/share.md, parameters). */
export type Layout = {
  /** Rows of data, t - r. */
  readonly k: number
  /** Least power of two >= t: the D positions are 0..N-1. */
  readonly N: number
  readonly lg: number
  readonly bits: 8 | 16
}

/**
 * Computes the layout and so refuses what is no policy.
 * @throws PolicyError unless 0 <= r < t <= n, t - r <= 1024 and the rows fit GF(2^16).
 */
export function layoutOf({ n, t, r }: Policy): Layout {
  const whole = [n, t, r].every(Number.isSafeInteger)
  if (!whole || r < 0 || r >= t || t > n || t - r > maxDataRows) throw new PolicyError({ n, t, r })
  const lg = 32 - Math.clz32(t - 1)
  const N = 2 ** lg
  const rows = N + (r === 0 ? n - t : n)
  if (rows > 65_536) throw new PolicyError({ n, t, r })
  return { k: t - r, N, lg, bits: rows <= 256 ? 8 : 16 }
}

/**
 * Refuses a policy that the code cannot carry.
 * @throws PolicyError unless 0 <= r < t <= n, t - r <= 1024 and the rows fit GF(2^16).
 */
export function checkPolicy(policy: Policy): void {
  layoutOf(policy)
}

/**
 * The chunk size of a record: the smallest that keeps a share-chunk at 1 KiB or more, the largest when the size is
 * unknown or above 64 MiB.
 * @throws PolicyError as {@link checkPolicy}.
 */
export function chunkLog2For(policy: Policy, size?: number): ChunkLog2 {
  const { k } = layoutOf(policy)
  if (size === undefined || size > largeRecord) return 20
  return ([16, 18, 20] as const).find((log2) => 2 ** log2 >= 1024 * k) ?? 20
}

/** Bytes of each row, and so of each share-chunk, for a sealed chunk of `chunkLength` bytes: a multiple of 32. */
export function rowLength(policy: Policy, chunkLength: number): number {
  return 32 * Math.ceil(chunkLength / (32 * layoutOf(policy).k))
}

/** Thrown for (n, t, r) that the code cannot carry. */
export class PolicyError extends BaseError<'POLICY'> {
  override readonly name = 'PolicyError'
  constructor({ n, t, r, reason }: PolicyError.Options) {
    super('POLICY', reason ?? `No code for n = ${n}, t = ${t}, r = ${r}.`, {
      hints: ['Choose 0 <= r < t <= n with t - r <= 1024; standard is (5, 3, 0), long term (9, 6, 3).'],
      docs: 'share.md#parameters',
    })
  }
}
export declare namespace PolicyError {
  type Options = { n?: number; t?: number; r?: number; reason?: string }
}

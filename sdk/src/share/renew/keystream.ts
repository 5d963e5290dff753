import { aesGcmSeal, hkdf, type Random } from '#primitives'
import { type Bytes, concat, u32, u64 } from '../../bytes.ts'
import { RenewError } from './error.ts'

/** AES-256-CTR as GCM runs it (NIST SP 800-38D): the counter block is nonce || u32, from 2 on. */
export async function keystream(key: Uint8Array, nonce: Uint8Array, length: number): Promise<Bytes> {
  return (await aesGcmSeal(key, nonce, new Uint8Array(length), new Uint8Array(0))).slice(0, length)
}

/** Where the rows of one chunk are drawn from, so that whoever is asked again draws the same. */
type DrawnFrom = {
  readonly secret: Uint8Array
  /** What they are for, and in which session. */
  readonly info: Uint8Array
}

/**
 * `count` rows of chunk i: row l is AES-256-CTR under HKDF(secret, info) from counter u64(l) || u32(i) || u32(2).
 * @returns a source that gives each row once.
 */
export async function drawnRows(
  { secret, info }: DrawnFrom,
  { i, count, length }: { readonly i: number; readonly count: number; readonly length: number },
): Promise<Random> {
  const key = hkdf(secret, info)
  const rows = await Promise.all(
    Array.from({ length: count }, (_, l) => keystream(key, concat(u64(l), u32(i)), length)),
  )
  return () => {
    const row = rows.shift()
    if (!row) throw new RenewError({ reason: 'these rows are drawn for one chunk' })
    return row
  }
}

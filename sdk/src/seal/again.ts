import { aesGcmSeal } from '#primitives'
import type { Bytes } from '../bytes.ts'
import { opening } from './errors.ts'
import type { parseSealHeader } from './header.ts'
import { nonceOf, tagLength, unlock } from './keys.ts'

/** Seals data chunks of a record again, for comparison alone. */
export type SealAgain = {
  /** Plaintext bytes of a full data chunk. */
  readonly length: number
  /**
   * Data chunk i as sealing made it. The result must not leave this device unless its digest is the one that is known:
   * another plaintext under the same nonce would give both away.
   */
  seal(i: number, plain: Uint8Array): Promise<Bytes>
}

/**
 * Prepares to seal chunks again that were sealed under `header` and `dek`.
 * @throws OpenError when the key is not the one that the header commits to
 */
export async function sealAgain({ header, dek, expected }: sealAgain.Options): Promise<SealAgain> {
  const { keys, header: parsed } = await opening(() => unlock(header, dek, expected))
  return {
    length: 2 ** parsed.chunkLog2 - tagLength,
    seal: (i, plain) => aesGcmSeal(keys.enc, nonceOf(i, false), plain, keys.aad),
  }
}
export declare namespace sealAgain {
  type Options = {
    /** CBOR of the seal header. */
    readonly header: Uint8Array
    readonly dek: Uint8Array
    /** What the manifest says of the header. */
    readonly expected?: parseSealHeader.Expected | undefined
  }
}

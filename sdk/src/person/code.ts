import { type Bytes, equal, fromBase64url, toBase64url } from '../bytes.ts'
import { decode, encode } from '../cbor/index.ts'
import { BaseError } from '../errors.ts'

/** Something that people hand each other as text or as a QR code. */
export type Code<value> = {
  /** Writes it. */
  write(value: Omit<value, 'v'>): string
  /** Reads it as it comes from a screen or a clipboard: white space does not matter. Throws {@link GuardianError} when
   * it is damaged, another kind of code, or of another network. */
  read(text: string, expected: { readonly networkId: Bytes }): value
}

/** A code: a prefix that tells it from others, and base64url of CBOR. */
export function createCode<value extends { readonly v: 1; readonly networkId: Bytes }>(
  prefix: string,
  shape: (value: unknown, name: string) => value,
): Code<value> {
  const parse = (text: string): value => {
    const compact = text.replace(/\s+/gu, '')
    if (!compact.startsWith(prefix)) throw new GuardianError({ reason: `it does not start with "${prefix}"` })
    try {
      return shape(decode(fromBase64url(compact.slice(prefix.length))), prefix)
    } catch (cause) {
      throw new GuardianError({ cause })
    }
  }
  return {
    write(fields) {
      const text = prefix + toBase64url(encode({ ...fields, v: 1 }))
      parse(text)
      return text
    },
    read(text, { networkId }) {
      const value = parse(text)
      if (!equal(value.networkId, networkId)) throw new GuardianError({ reason: 'it is of another network' })
      return value
    },
  }
}

/** Thrown when a guardian's code, letter, request or approval cannot be used. */
export class GuardianError extends BaseError<'GUARDIAN'> {
  override readonly name = 'GuardianError'
  constructor({ reason = 'it is damaged or incomplete', cause }: GuardianError.Options) {
    super('GUARDIAN', `What a guardian gave or got is refused: ${reason}.`, {
      cause,
      hints: ['Copy the whole of it, from the device of who made it, on the same network.'],
      docs: 'recovery.md#guardians',
    })
  }
}
export declare namespace GuardianError {
  type Options = { readonly reason?: string | undefined; readonly cause?: unknown }
}

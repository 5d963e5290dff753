/**
 * The encryption of SLIP-39: four Feistel rounds under a passphrase, each PBKDF2-HMAC-SHA256. Every passphrase opens
 * to some secret; a wrong one is not noticed here.
 * @module
 */
import { pbkdf2 } from '@noble/hashes/pbkdf2.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, concat, u16, utf8 } from '../../bytes.ts'

/** What the passphrase is stretched with. */
export type Stretch = {
  readonly passphrase: string
  /** Of the set of shares; it salts the stretching unless the set is extendable. */
  readonly identifier: number
  readonly extendable: boolean
  /** 10,000 * 2^exponent rounds of PBKDF2 in all. */
  readonly exponent: number
}

/** Encrypts a master secret of an even number of bytes. */
export const encrypt = (secret: Uint8Array, stretch: Stretch): Bytes => feistel(secret, stretch, [0, 1, 2, 3])

/** Decrypts what {@link encrypt} made. */
export const decrypt = (sealed: Uint8Array, stretch: Stretch): Bytes => feistel(sealed, stretch, [3, 2, 1, 0])

function feistel(input: Uint8Array, stretch: Stretch, rounds: readonly number[]): Bytes {
  const half = input.length / 2
  let left: Bytes = input.slice(0, half) as Bytes
  let right: Bytes = input.slice(half) as Bytes
  for (const round of rounds) {
    const key = roundKey(round, right, stretch)
    for (let i = 0; i < half; i++) key[i] = (key[i] as number) ^ (left[i] as number)
    left.fill(0)
    ;[left, right] = [right, key]
  }
  const output = concat(right, left)
  left.fill(0)
  right.fill(0)
  return output
}

function roundKey(round: number, right: Uint8Array, { passphrase, identifier, extendable, exponent }: Stretch): Bytes {
  const password = concat(Uint8Array.of(round), utf8(passphrase))
  const salt = concat(extendable ? new Uint8Array(0) : concat(utf8('shamir'), u16(identifier)), right)
  const key = pbkdf2(sha256, password, salt, { c: 2_500 * 2 ** exponent, dkLen: right.length })
  password.fill(0)
  salt.fill(0)
  return new Uint8Array(key)
}

import { type Bytes, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { type CborValue, decode, encode } from '@sharewell/sdk/cbor'
import { BaseError } from '@sharewell/sdk/errors'
import { type ObjectKind, signObject } from '@sharewell/sdk/signed'
import { privateKeyToAccount } from 'viem/accounts'
import { bitten, type Random } from '../random.ts'
import { bittenTree, type Tree } from '../trees.ts'

/** The network that all samples are of. */
export const networkId = fromHex(`0x${'a1'.repeat(32)}`)

/** Who signs samples. */
export const account = privateKeyToAccount('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d')

/** So many bytes of one value. */
export const filled = (value: number, length = 32): Bytes => new Uint8Array(length).fill(value)
export const hexOf = (value: number, length = 32): Hex => toHex(filled(value, length))

/** The corpus as CBOR trees with something exchanged, or as bytes with something bitten. */
export function bittenCbor(corpus: readonly Bytes[], random: Random): Bytes {
  if (random.once(2)) return bitten(corpus, random)
  const tree = bittenTree(
    corpus.map((bytes) => decode(bytes) as Tree),
    random,
  )
  return encoded(tree) ?? bitten(corpus, random)
}

/** The corpus as JSON with something exchanged, or as text with something bitten. */
export function bittenJson(corpus: readonly unknown[], random: Random): Bytes {
  const texts = corpus.map((value) => new TextEncoder().encode(JSON.stringify(value)))
  if (random.once(3)) return bitten(texts, random)
  return new TextEncoder().encode(JSON.stringify(bittenTree(corpus as readonly Tree[], random)))
}

/** A signed object with something bitten; in one of four cases its payload, signed again by somebody who may. */
export async function bittenObject(kind: ObjectKind, corpus: readonly Bytes[], random: Random): Promise<Bytes> {
  if (!random.once(4)) return bittenCbor(corpus, random)
  const payloads = corpus.map((bytes) => (decode(bytes) as [Bytes])[0])
  return await signObject(kind, bittenCbor(payloads, random), networkId, account)
}

/** What cannot be written as CBOR of ours is bitten in its bytes instead. */
function encoded(tree: Tree): Bytes | undefined {
  try {
    return encode(tree as CborValue)
  } catch (error) {
    if (error instanceof BaseError) return undefined
    throw error
  }
}

/** Bytes in one of the places where code expects text. */
export const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

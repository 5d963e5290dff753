import type { Hex, TransactionReceipt } from 'viem'
import { randomBytes } from '#primitives'
import { type ReadOptions, read, write } from './call.ts'
import type { Chain } from './connect.ts'
import { registry } from './consents.ts'
import type { WaitOptions } from './wait.ts'

/** Draws a nonce that no consent of the pseudonym has used: a free bit, by chance, of the first word that is not full.
 * Two clients that draw at the same time rarely draw the same; the later consent is then refused, and signed anew.
 * Nonces have no order. */
export async function freeNonce(
  chain: Chain,
  { pseudonym }: { pseudonym: Hex },
  options?: ReadOptions,
): Promise<bigint> {
  for (let word = 0n; ; word++) {
    const free = freeBits(await noncesOf(chain, pseudonym, word, options))
    if (free.length < fewestFree) continue
    return word * 256n + BigInt(free[drawBelow(free.length)] ?? firstBit)
  }
}

/** Whether a consent was carried under this nonce, or the controller cancelled it. */
export async function isNonceUsed(
  chain: Chain,
  { pseudonym, nonce }: { pseudonym: Hex; nonce: bigint },
  options?: ReadOptions,
): Promise<boolean> {
  const word = await noncesOf(chain, pseudonym, nonce / 256n, options)
  return (word >> (nonce % 256n)) % 2n === 1n
}

/** Makes a signed consent worthless before anyone carries it. By the pseudonym's controller, in its own transaction. */
export async function cancelNonce(
  chain: Chain,
  { pseudonym, nonce }: { pseudonym: Hex; nonce: bigint },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...registry(chain), functionName: 'cancelNonce', args: [pseudonym, nonce] }, options)
}

/** Bits 0..39 of a word are no nonces. */
const firstBit = 40
/** A word with fewer free bits counts as full: two clients would draw the same one too often. */
const fewestFree = 16

async function noncesOf(chain: Chain, pseudonym: Hex, word: bigint, options?: ReadOptions): Promise<bigint> {
  return await read(chain, { ...registry(chain), functionName: 'noncesOf', args: [pseudonym, word] }, options)
}

function freeBits(word: bigint): number[] {
  const bits = Array.from({ length: 256 - firstBit }, (_, index) => firstBit + index)
  return bits.filter((bit) => (word >> BigInt(bit)) % 2n === 0n)
}

/** A number below `count` (at most 256), each as likely as every other. */
function drawBelow(count: number): number {
  const fair = 256 - (256 % count)
  for (;;) {
    const [byte = 0] = randomBytes(1)
    if (byte < fair) return byte % count
  }
}

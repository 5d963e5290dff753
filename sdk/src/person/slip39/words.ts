import { type Bytes, toHex } from '../../bytes.ts'
import { checksumOf, checksumWords, isWhole, wrongWord } from './checksum.ts'
import { RecoveryWordsError } from './errors.ts'
import { numberOf, words } from './wordlist.ts'

/** One share as its words say it. All but `value` is public among those who hold shares of the set. */
export type Share = {
  /** 15 bits, the same for all shares of a set. */
  readonly identifier: number
  readonly extendable: boolean
  /** 10,000 * 2^exponent rounds of PBKDF2. */
  readonly exponent: number
  readonly group: number
  /** How many groups the secret takes, of how many. */
  readonly groupsNeeded: number
  readonly groups: number
  readonly member: number
  /** How many shares of the group the group takes. */
  readonly membersNeeded: number
  readonly value: Bytes
}

/** Words before the value: identifier and exponent, group and member. */
const headWords = 4
const leastWords = 20
const wordBits = 10

/**
 * Reads the words of one share; case, spaces and all after the fourth letter are forgiven.
 * @throws RecoveryWordsError with the place of an unknown word, or the fault of all.
 */
export function readShare(text: string, share?: number): Share {
  const numbers = numbersOf(text, share)
  if (numbers.length < leastWords) throw new RecoveryWordsError({ fault: 'length', share })
  const bits = (numbers.length - headWords - checksumWords) * wordBits
  const spare = bits % 16
  // A value is of whole pairs of bytes, so that only some lengths occur.
  if (spare > 8) throw new RecoveryWordsError({ fault: 'length', share })
  const [first = 0, second = 0, third = 0, fourth = 0] = numbers
  const extendable = ((second >>> 4) & 1) === 1
  if (!isWhole(numbers, extendable))
    throw new RecoveryWordsError({ fault: 'checksum', share, word: wrongWord(numbers, extendable) })
  const places = (third << wordBits) | fourth
  const [group, groupsNeeded, groups] = [places >>> 16, ((places >>> 12) & 15) + 1, ((places >>> 8) & 15) + 1]
  if (groupsNeeded > groups) throw new RecoveryWordsError({ fault: 'numbers', share })
  const packed = numbers.slice(headWords, -checksumWords)
  if (packed[0] === undefined || packed[0] >>> (wordBits - spare) !== 0)
    throw new RecoveryWordsError({ fault: 'padding', share })
  return {
    identifier: (first << 5) | (second >>> 5),
    extendable,
    exponent: second & 15,
    group,
    groupsNeeded,
    groups,
    member: (places >>> 4) & 15,
    membersNeeded: (places & 15) + 1,
    value: unpack(packed, (bits - spare) / 8),
  }
}

/** Writes a share as words, separated by spaces. */
export function writeShare(share: Share): string {
  const setBits = (share.identifier << 5) | (Number(share.extendable) << 4) | share.exponent
  const groupBits = (share.group << 16) | ((share.groupsNeeded - 1) << 12) | ((share.groups - 1) << 8)
  const places = groupBits | (share.member << 4) | (share.membersNeeded - 1)
  const head = [setBits >>> wordBits, setBits & 1023, places >>> wordBits, places & 1023]
  const data = [...head, ...pack(share.value)]
  return [...data, ...checksumOf(data, share.extendable)].map((number) => words[number]).join(' ')
}

/** Words as bytes, ten bits each: what a QR code of them holds. The last bits are zero. */
export function packWords(text: string): Bytes {
  const bits = numbersOf(text).flatMap((number) =>
    Array.from({ length: wordBits }, (_, at) => (number >>> (9 - at)) & 1),
  )
  const packed = new Uint8Array(Math.ceil(bits.length / 8))
  for (const [at, bit] of bits.entries()) packed[at >>> 3] = (packed[at >>> 3] as number) | (bit << (7 - (at & 7)))
  return packed
}

/** The words of {@link packWords}. Throws RecoveryWordsError when they are none of a share. */
export function unpackWords(packed: Uint8Array): string {
  const bit = (at: number): number => ((packed[at >>> 3] as number) >>> (7 - (at & 7))) & 1
  const count = Math.floor((packed.length * 8) / wordBits)
  const numbers = Array.from({ length: count }, (_, word) =>
    Array.from({ length: wordBits }, (_, at) => bit(word * wordBits + at)).reduce((sum, one) => (sum << 1) | one, 0),
  )
  const text = numbers.map((number) => words[number]).join(' ')
  readShare(text).value.fill(0)
  return text
}

function numbersOf(text: string, share?: number): number[] {
  return text
    .trim()
    .split(/\s+/)
    .map((word, at) => {
      const number = numberOf(word)
      if (number === undefined) throw new RecoveryWordsError({ fault: 'word', share, word: at })
      return number
    })
}

/** Whether two shares carry the same value. Both are known to who compares. */
export const sameValue = (one: Share, other: Share): boolean => toHex(one.value) === toHex(other.value)

/** Bytes as numbers of ten bits, zeros in front. */
function pack(bytes: Uint8Array): number[] {
  const packed = new Array<number>(Math.ceil((bytes.length * 8) / wordBits)).fill(0)
  const spare = packed.length * wordBits - bytes.length * 8
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const one = ((bytes[bit >>> 3] as number) >>> (7 - (bit & 7))) & 1
    const at = bit + spare
    const word = Math.floor(at / wordBits)
    packed[word] = (packed[word] as number) | (one << (wordBits - 1 - (at % wordBits)))
  }
  return packed
}

function unpack(packed: readonly number[], length: number): Bytes {
  const bytes = new Uint8Array(length)
  const spare = packed.length * wordBits - length * 8
  for (let bit = 0; bit < length * 8; bit++) {
    const at = bit + spare
    const one = ((packed[Math.floor(at / wordBits)] as number) >>> (wordBits - 1 - (at % wordBits))) & 1
    bytes[bit >>> 3] = (bytes[bit >>> 3] as number) | (one << (7 - (bit & 7)))
  }
  return bytes
}

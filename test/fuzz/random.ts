import { type Bytes, concat } from '@sharewell/sdk/bytes'

/** Random choices that a seed repeats. */
export type Random = {
  /** A whole number from 0 to `end` - 1. */
  below(end: number): number
  /** One of the list. */
  pick<T>(list: readonly T[]): T
  bytes(length: number): Bytes
  /** True in one of `of` cases. */
  once(of: number): boolean
}

/** Random choices by xorshift32: fast, repeatable, good enough to choose where to bite. */
export function createRandom(seed: number): Random {
  // A state of zero would stay zero; neighbouring seeds should not begin alike.
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) || 1
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
  const below = (end: number) => next() % end
  return {
    below,
    pick: (list) => {
      if (list.length === 0) throw new Error('nothing to pick from')
      return list[below(list.length)] as (typeof list)[number]
    },
    bytes: (length) => Uint8Array.from({ length }, () => next() & 0xff),
    once: (of) => below(of) === 0,
  }
}

type Bite = (bytes: Bytes, random: Random, others: readonly Bytes[]) => Bytes

const place = (bytes: Bytes, random: Random) => random.below(bytes.length + 1)
const set = (bytes: Bytes, at: number, values: readonly number[]): Bytes => {
  const copy = bytes.slice()
  copy.set(values.slice(0, Math.max(0, copy.length - at)), at)
  return copy
}

/** First bytes that mean something in CBOR, big-endian lengths at their ends, bytes that UTF-8 does not have. */
const telling = [0, 1, 0x7f, 0x80, 0xff, 0x1b, 0x3b, 0x5b, 0x7b, 0x9b, 0xbb, 0x9f, 0xbf, 0xc0, 0xd8, 0xf5, 0xf7, 0xfb]

const bites: readonly Bite[] = [
  (_, random) => random.bytes(random.below(80)),
  (bytes, random) => random.bytes(random.below(2 * Math.min(bytes.length, 4_096) + 1)),
  (bytes, random) => bytes.slice(0, place(bytes, random)),
  (bytes, random) => bytes.slice(place(bytes, random)),
  (bytes, random) => {
    const at = random.below(Math.max(1, bytes.length))
    return set(bytes, at, [(bytes[at] ?? 0) ^ (1 << random.below(8))])
  },
  (bytes, random) => {
    let bitten = bytes
    for (let count = 2 + random.below(6); count > 0; count -= 1)
      bitten = set(bitten, random.below(Math.max(1, bytes.length)), [random.below(256)])
    return bitten
  },
  (bytes, random) => set(bytes, random.below(Math.max(1, bytes.length)), [random.pick(telling)]),
  (bytes, random) => set(bytes, random.below(Math.max(1, bytes.length)), [0xff, 0xff, 0xff, 0xff]),
  (bytes, random) => set(bytes, random.below(Math.max(1, bytes.length)), Array<number>(8).fill(0)),
  (bytes, random, others) => {
    const other = random.pick(others)
    return concat(bytes.subarray(0, place(bytes, random)), other.subarray(place(other, random)))
  },
  (bytes, random) => {
    const at = place(bytes, random)
    return concat(bytes.subarray(0, at), random.bytes(1 + random.below(16)), bytes.subarray(at))
  },
  (bytes, random) => {
    const [from, to] = [place(bytes, random), place(bytes, random)].sort((a, b) => a - b) as [number, number]
    return concat(bytes.subarray(0, from), bytes.subarray(to))
  },
  (bytes, random) => {
    const [from, to] = [place(bytes, random), place(bytes, random)].sort((a, b) => a - b) as [number, number]
    return concat(bytes.subarray(0, to), bytes.subarray(from))
  },
  (bytes, random) => concat(bytes, random.bytes(1 + random.below(8))),
]

/** Bytes that were valid once: cut, flipped, spliced, filled, or nothing of them left. */
export function bitten(corpus: readonly Bytes[], random: Random): Bytes {
  const [first, second] = [random.pick(bites), random.pick(bites)]
  const once = first(random.pick(corpus), random, corpus)
  return random.once(4) ? second(once, random, corpus) : once
}

/** Text that was valid once, bitten in its UTF-8; may hold characters that stand for nothing. */
export function bittenText(corpus: readonly string[], random: Random): string {
  const texts = corpus.map((text) => new TextEncoder().encode(text))
  return new TextDecoder().decode(bitten(texts, random))
}

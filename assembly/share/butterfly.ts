/**
 * Butterflies of the additive transforms (docs/spec/share-engine.md, transforms): `a` and `b` are two runs of `length`
 * bytes, the halves of a block, and s is the constant of the block.
 *
 * forward:  a += s b, then b += a.    inverse:  b += a, then a += s b.
 *
 * A constant below 256 lies in GF(2^8) and acts on bytes, also where symbols have two. Otherwise s = s0 + s1 g, and with
 * rows in groups of sixteen low and sixteen high bytes: p = s0 lo; low half p + b_7 s1 hi; high half (s0 + s1)(lo + hi) + p.
 */
import { folded, highNibbles, lowNibbles, nibbles, pointAt, product, productOf, tablesOf } from './product'

@inline
function at(address: usize): v128 {
  return v128.load(address)
}

/** b += a: both directions with s = 0. */
export function add(a: usize, b: usize, length: usize): void {
  const end = a + length
  for (; a < end; a += 32, b += 32) {
    v128.store(b, v128.xor(at(b), at(a)))
    v128.store(b, v128.xor(v128.load(b, 16), v128.load(a, 16)), 16)
  }
}

function forwardByte(a: usize, b: usize, length: usize, s: usize): void {
  const mask = nibbles()
  const low = at(tablesOf(s))
  const high = v128.load(tablesOf(s), 16)
  const end = a + length
  for (; a < end; a += 32, b += 32) {
    const y = at(b), y1 = v128.load(b, 16)
    const x = v128.xor(at(a), product(low, high, y, mask))
    const x1 = v128.xor(v128.load(a, 16), product(low, high, y1, mask))
    v128.store(a, x), v128.store(a, x1, 16)
    v128.store(b, v128.xor(x, y)), v128.store(b, v128.xor(x1, y1), 16)
  }
}

function inverseByte(a: usize, b: usize, length: usize, s: usize): void {
  const mask = nibbles()
  const low = at(tablesOf(s))
  const high = v128.load(tablesOf(s), 16)
  const end = a + length
  for (; a < end; a += 32, b += 32) {
    const x = at(a), x1 = v128.load(a, 16)
    const y = v128.xor(at(b), x), y1 = v128.xor(v128.load(b, 16), x1)
    v128.store(b, y), v128.store(b, y1, 16)
    v128.store(a, v128.xor(x, product(low, high, y, mask)))
    v128.store(a, v128.xor(x1, product(low, high, y1, mask)), 16)
  }
}

function forwardPair(a: usize, b: usize, length: usize, s: usize): void {
  const mask = nibbles()
  const s0 = s & 255
  const s1 = s >> 8
  const t0 = tablesOf(s0)
  const t1 = tablesOf(folded(s1))
  const t2 = tablesOf(s0 ^ s1)
  const low0 = at(t0), high0 = v128.load(t0, 16)
  const low1 = at(t1), high1 = v128.load(t1, 16)
  const low2 = at(t2), high2 = v128.load(t2, 16)
  const end = a + length
  for (; a < end; a += 32, b += 32) {
    const lo = at(b)
    const hi = v128.load(b, 16)
    const p = product(low0, high0, lo, mask)
    const x = v128.xor(at(a), v128.xor(p, product(low1, high1, hi, mask)))
    const y = v128.xor(v128.load(a, 16), v128.xor(p, product(low2, high2, v128.xor(lo, hi), mask)))
    v128.store(a, x)
    v128.store(a, y, 16)
    v128.store(b, v128.xor(x, lo))
    v128.store(b, v128.xor(y, hi), 16)
  }
}

function inversePair(a: usize, b: usize, length: usize, s: usize): void {
  const mask = nibbles()
  const s0 = s & 255
  const s1 = s >> 8
  const t0 = tablesOf(s0)
  const t1 = tablesOf(folded(s1))
  const t2 = tablesOf(s0 ^ s1)
  const low0 = at(t0), high0 = v128.load(t0, 16)
  const low1 = at(t1), high1 = v128.load(t1, 16)
  const low2 = at(t2), high2 = v128.load(t2, 16)
  const end = a + length
  for (; a < end; a += 32, b += 32) {
    const x = at(a)
    const y = v128.load(a, 16)
    const lo = v128.xor(at(b), x)
    const hi = v128.xor(v128.load(b, 16), y)
    const p = product(low0, high0, lo, mask)
    v128.store(b, lo)
    v128.store(b, hi, 16)
    v128.store(a, v128.xor(x, v128.xor(p, product(low1, high1, hi, mask))))
    v128.store(a, v128.xor(y, v128.xor(p, product(low2, high2, v128.xor(lo, hi), mask))), 16)
  }
}

/** One butterfly of whichever constant. */
export function forwardHalves(a: usize, b: usize, length: usize, s: usize): void {
  if (s == 0) add(a, b, length)
  else if (s < 256) forwardByte(a, b, length, s)
  else forwardPair(a, b, length, s)
}

export function inverseHalves(a: usize, b: usize, length: usize, s: usize): void {
  if (s == 0) add(a, b, length)
  else if (s < 256) inverseByte(a, b, length, s)
  else inversePair(a, b, length, s)
}

/**
 * Two levels in one pass over a block of four quarters of `length` bytes, which halves the traffic with memory. The
 * constants are phi(i >> 1) of the upper level, phi(i) and phi(i + 2) of the lower one, all in GF(2^8); i is even.
 */
export function forwardQuarters(block: usize, length: usize, i: usize): void {
  const mask = nibbles()
  const right = tablesOf(pointAt(i + 2))
  const lowR = at(right), highR = v128.load(right, 16)
  const end = block + length
  let q0 = block
  let q1 = q0 + length
  let q2 = q1 + length
  let q3 = q2 + length
  if (i == 0) {
    // phi(0) = 0: both left constants vanish.
    for (; q0 < end; q0 += 16, q1 += 16, q2 += 16, q3 += 16) {
      const x0 = at(q0)
      const x1 = at(q1)
      const x3 = v128.xor(at(q3), x1)
      const x2 = v128.xor(v128.xor(at(q2), x0), product(lowR, highR, x3, mask))
      v128.store(q1, v128.xor(x1, x0))
      v128.store(q2, x2)
      v128.store(q3, v128.xor(x3, x2))
    }
    return
  }
  const upper = tablesOf(pointAt(i >> 1))
  const left = tablesOf(pointAt(i))
  const lowU = at(upper), highU = v128.load(upper, 16)
  const lowL = at(left), highL = v128.load(left, 16)
  for (; q0 < end; q0 += 16, q1 += 16, q2 += 16, q3 += 16) {
    let x2 = at(q2)
    let x3 = at(q3)
    const low3 = lowNibbles(x3, mask), high3 = highNibbles(x3, mask)
    let x0 = v128.xor(at(q0), product(lowU, highU, x2, mask))
    const x1 = v128.xor(at(q1), productOf(lowU, highU, low3, high3))
    const low1 = lowNibbles(x1, mask), high1 = highNibbles(x1, mask)
    x2 = v128.xor(x2, x0)
    x3 = v128.xor(x3, x1)
    x0 = v128.xor(x0, productOf(lowL, highL, low1, high1))
    // The nibbles of a sum are the sums of nibbles, one instruction less than splitting it.
    x2 = v128.xor(x2, productOf(lowR, highR, v128.xor(low3, low1), v128.xor(high3, high1)))
    v128.store(q0, x0)
    v128.store(q1, v128.xor(x1, x0))
    v128.store(q2, x2)
    v128.store(q3, v128.xor(x3, x2))
  }
}

/** The inverse of {@link forwardQuarters}. */
export function inverseQuarters(block: usize, length: usize, i: usize): void {
  const mask = nibbles()
  const right = tablesOf(pointAt(i + 2))
  const lowR = at(right), highR = v128.load(right, 16)
  const end = block + length
  let q0 = block
  let q1 = q0 + length
  let q2 = q1 + length
  let q3 = q2 + length
  if (i == 0) {
    for (; q0 < end; q0 += 16, q1 += 16, q2 += 16, q3 += 16) {
      const x0 = at(q0)
      const x1 = v128.xor(at(q1), x0)
      let x2 = at(q2)
      const x3 = v128.xor(at(q3), x2)
      x2 = v128.xor(x2, product(lowR, highR, x3, mask))
      v128.store(q1, x1)
      v128.store(q2, v128.xor(x2, x0))
      v128.store(q3, v128.xor(x3, x1))
    }
    return
  }
  const upper = tablesOf(pointAt(i >> 1))
  const left = tablesOf(pointAt(i))
  const lowU = at(upper), highU = v128.load(upper, 16)
  const lowL = at(left), highL = v128.load(left, 16)
  for (; q0 < end; q0 += 16, q1 += 16, q2 += 16, q3 += 16) {
    let x0 = at(q0)
    const x1 = v128.xor(at(q1), x0)
    let x2 = at(q2)
    let x3 = v128.xor(at(q3), x2)
    const low1 = lowNibbles(x1, mask), high1 = highNibbles(x1, mask)
    const low3 = lowNibbles(x3, mask), high3 = highNibbles(x3, mask)
    x0 = v128.xor(x0, productOf(lowL, highL, low1, high1))
    x2 = v128.xor(x2, productOf(lowR, highR, low3, high3))
    x2 = v128.xor(x2, x0)
    x3 = v128.xor(x3, x1)
    v128.store(q0, v128.xor(x0, product(lowU, highU, x2, mask)))
    v128.store(q1, v128.xor(x1, productOf(lowU, highU, v128.xor(low3, low1), v128.xor(high3, high1))))
    v128.store(q2, x2)
    v128.store(q3, x3)
  }
}

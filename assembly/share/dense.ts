/**
 * Rows times a matrix (docs/spec/share-engine.md, dense): output i = sum over j of c_ij * input j, over slots that follow
 * each other at `stride`. Blocks of 32 bytes by several outputs stay in registers while all inputs pass by, so an input
 * is split into nibbles once for all outputs of the block. Callers pass `length` bytes that fit the caches.
 */
import { folded, highNibbles, lowNibbles, nibbles, product, productOf, tablesOf } from './product'

@inline
function at(address: usize): v128 {
  return v128.load(address)
}

/**
 * Over GF(2^8): the matrix has a byte c per coefficient, output by output. `tables` is room for 128 bytes per input, where
 * the tables of the outputs at hand are laid out in the order of use: no look-up of addresses remains in the inner loop.
 */
export function multiplyBytes(
  matrix: usize, inputs: usize, input: usize, outputs: usize, output: usize, stride: usize, length: usize, tables: usize,
): void {
  for (; outputs >= 4; outputs -= 4) {
    layOut(tables, matrix, inputs, 4)
    fourOfBytes(tables, inputs, input, output, stride, length)
    matrix += inputs << 2
    output += stride << 2
  }
  for (; outputs >= 2; outputs -= 2) {
    layOut(tables, matrix, inputs, 2)
    twoOfBytes(tables, inputs, input, output, stride, length)
    matrix += inputs << 1
    output += stride << 1
  }
  if (outputs) {
    layOut(tables, matrix, inputs, 1)
    oneOfBytes(tables, inputs, input, output, stride, length)
  }
}

/** Input by input, the tables of each output's coefficient. */
function layOut(target: usize, matrix: usize, inputs: usize, outputs: usize): void {
  for (const end = matrix + inputs; matrix < end; matrix++)
    for (let c = matrix, last = matrix + inputs * outputs; c < last; c += inputs, target += 32) {
      const source = tablesOf(load<u8>(c))
      v128.store(target, at(source)), v128.store(target, v128.load(source, 16), 16)
    }
}

function fourOfBytes(tables: usize, inputs: usize, input: usize, output: usize, stride: usize, length: usize): void {
  const mask = nibbles()
  const second = output + stride
  const third = second + stride
  const fourth = third + stride
  const end = tables + (inputs << 7)
  for (let p: usize = 0; p < length; p += 32) {
    let a0 = i64x2.splat(0), a1 = a0, a2 = a0, a3 = a0
    let b0 = a0, b1 = a0, b2 = a0, b3 = a0
    let source = input + p
    for (let t = tables; t < end; t += 128, source += stride) {
      const x = at(source), y = v128.load(source, 16)
      const xl = lowNibbles(x, mask), xh = highNibbles(x, mask)
      const yl = lowNibbles(y, mask), yh = highNibbles(y, mask)
      let low = at(t), high = v128.load(t, 16)
      a0 = v128.xor(a0, productOf(low, high, xl, xh)), b0 = v128.xor(b0, productOf(low, high, yl, yh))
      low = v128.load(t, 32), high = v128.load(t, 48)
      a1 = v128.xor(a1, productOf(low, high, xl, xh)), b1 = v128.xor(b1, productOf(low, high, yl, yh))
      low = v128.load(t, 64), high = v128.load(t, 80)
      a2 = v128.xor(a2, productOf(low, high, xl, xh)), b2 = v128.xor(b2, productOf(low, high, yl, yh))
      low = v128.load(t, 96), high = v128.load(t, 112)
      a3 = v128.xor(a3, productOf(low, high, xl, xh)), b3 = v128.xor(b3, productOf(low, high, yl, yh))
    }
    v128.store(output + p, a0), v128.store(output + p, b0, 16)
    v128.store(second + p, a1), v128.store(second + p, b1, 16)
    v128.store(third + p, a2), v128.store(third + p, b2, 16)
    v128.store(fourth + p, a3), v128.store(fourth + p, b3, 16)
  }
}

function twoOfBytes(tables: usize, inputs: usize, input: usize, output: usize, stride: usize, length: usize): void {
  const mask = nibbles()
  const second = output + stride
  const end = tables + (inputs << 6)
  for (let p: usize = 0; p < length; p += 32) {
    let a0 = i64x2.splat(0), a1 = a0, b0 = a0, b1 = a0
    let source = input + p
    for (let t = tables; t < end; t += 64, source += stride) {
      const x = at(source), y = v128.load(source, 16)
      const xl = lowNibbles(x, mask), xh = highNibbles(x, mask)
      const yl = lowNibbles(y, mask), yh = highNibbles(y, mask)
      let low = at(t), high = v128.load(t, 16)
      a0 = v128.xor(a0, productOf(low, high, xl, xh)), b0 = v128.xor(b0, productOf(low, high, yl, yh))
      low = v128.load(t, 32), high = v128.load(t, 48)
      a1 = v128.xor(a1, productOf(low, high, xl, xh)), b1 = v128.xor(b1, productOf(low, high, yl, yh))
    }
    v128.store(output + p, a0), v128.store(output + p, b0, 16)
    v128.store(second + p, a1), v128.store(second + p, b1, 16)
  }
}

/** One output alone, as Shamir's scheme and a single loss have it: 64 bytes a time, so tables serve four vectors. */
function oneOfBytes(tables: usize, inputs: usize, input: usize, output: usize, stride: usize, length: usize): void {
  const mask = nibbles()
  const end = tables + (inputs << 5)
  const whole = length & ~63
  for (let p: usize = 0; p < whole; p += 64) {
    let a0 = i64x2.splat(0), a1 = a0, a2 = a0, a3 = a0
    let source = input + p
    for (let t = tables; t < end; t += 32, source += stride) {
      const low = at(t), high = v128.load(t, 16)
      a0 = v128.xor(a0, product(low, high, at(source), mask))
      a1 = v128.xor(a1, product(low, high, v128.load(source, 16), mask))
      a2 = v128.xor(a2, product(low, high, v128.load(source, 32), mask))
      a3 = v128.xor(a3, product(low, high, v128.load(source, 48), mask))
    }
    v128.store(output + p, a0), v128.store(output + p, a1, 16)
    v128.store(output + p, a2, 32), v128.store(output + p, a3, 48)
  }
  if (whole == length) return
  let a0 = i64x2.splat(0), a1 = a0
  let source = input + whole
  for (let t = tables; t < end; t += 32, source += stride) {
    const low = at(t), high = v128.load(t, 16)
    a0 = v128.xor(a0, product(low, high, at(source), mask))
    a1 = v128.xor(a1, product(low, high, v128.load(source, 16), mask))
  }
  v128.store(output + whole, a0), v128.store(output + whole, a1, 16)
}

/**
 * Over GF(2^16): the matrix has a u16 per coefficient c0 + c1 g. Of every output the sums of c0 lo, b_7 c1 hi and
 * (c0 + c1)(lo + hi) are kept apart until the end.
 */
export function multiplyPairs(
  matrix: usize, inputs: usize, input: usize, outputs: usize, output: usize, stride: usize, length: usize,
): void {
  for (; outputs >= 2; outputs -= 2) {
    twoOfPairs(matrix, inputs, input, output, stride, length)
    matrix += inputs << 2
    output += stride << 1
  }
  if (outputs) oneOfPairs(matrix, inputs, input, output, stride, length)
}

function twoOfPairs(matrix: usize, inputs: usize, input: usize, output: usize, stride: usize, length: usize): void {
  const mask = nibbles()
  const row = inputs << 1
  const second = output + stride
  for (let p: usize = 0; p < length; p += 32) {
    let p0 = i64x2.splat(0), q0 = p0, s0 = p0, p1 = p0, q1 = p0, s1 = p0
    let source = input + p
    for (let c = matrix, end = matrix + row; c < end; c += 2, source += stride) {
      const lo = at(source), hi = v128.load(source, 16), both = v128.xor(lo, hi)
      const lol = lowNibbles(lo, mask), loh = highNibbles(lo, mask)
      const hil = lowNibbles(hi, mask), hih = highNibbles(hi, mask)
      const bol = lowNibbles(both, mask), boh = highNibbles(both, mask)
      let low = <usize>load<u8>(c), high = <usize>load<u8>(c, 1)
      let t = tablesOf(low)
      p0 = v128.xor(p0, productOf(at(t), v128.load(t, 16), lol, loh))
      t = tablesOf(folded(high))
      q0 = v128.xor(q0, productOf(at(t), v128.load(t, 16), hil, hih))
      t = tablesOf(low ^ high)
      s0 = v128.xor(s0, productOf(at(t), v128.load(t, 16), bol, boh))
      low = <usize>load<u8>(c + row), high = <usize>load<u8>(c + row, 1)
      t = tablesOf(low)
      p1 = v128.xor(p1, productOf(at(t), v128.load(t, 16), lol, loh))
      t = tablesOf(folded(high))
      q1 = v128.xor(q1, productOf(at(t), v128.load(t, 16), hil, hih))
      t = tablesOf(low ^ high)
      s1 = v128.xor(s1, productOf(at(t), v128.load(t, 16), bol, boh))
    }
    v128.store(output + p, v128.xor(p0, q0)), v128.store(output + p, v128.xor(p0, s0), 16)
    v128.store(second + p, v128.xor(p1, q1)), v128.store(second + p, v128.xor(p1, s1), 16)
  }
}

function oneOfPairs(matrix: usize, inputs: usize, input: usize, output: usize, stride: usize, length: usize): void {
  const mask = nibbles()
  for (let p: usize = 0; p < length; p += 32) {
    let p0 = i64x2.splat(0), q0 = p0, s0 = p0
    let source = input + p
    for (let c = matrix, end = matrix + (inputs << 1); c < end; c += 2, source += stride) {
      const lo = at(source), hi = v128.load(source, 16), both = v128.xor(lo, hi)
      const low = <usize>load<u8>(c), high = <usize>load<u8>(c, 1)
      let t = tablesOf(low)
      p0 = v128.xor(p0, productOf(at(t), v128.load(t, 16), lowNibbles(lo, mask), highNibbles(lo, mask)))
      t = tablesOf(folded(high))
      q0 = v128.xor(q0, productOf(at(t), v128.load(t, 16), lowNibbles(hi, mask), highNibbles(hi, mask)))
      t = tablesOf(low ^ high)
      s0 = v128.xor(s0, productOf(at(t), v128.load(t, 16), lowNibbles(both, mask), highNibbles(both, mask)))
    }
    v128.store(output + p, v128.xor(p0, q0)), v128.store(output + p, v128.xor(p0, s0), 16)
  }
}

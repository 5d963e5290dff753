/**
 * Between the rows of a call and the strips of a transform (docs/spec/share-engine.md, strips).
 *
 * A list names rows: for each one three words, its position among the strips, its slot among the rows of the call, and a
 * constant. Slot i of the call's rows is at base + i * stride; of it the bytes from `from` on, `length` of them, are meant.
 * Lists are in rising order of positions.
 */
import { add } from './butterfly'
import { folded, nibbles, product, tablesOf } from './product'

const entry: usize = 12

/** target = c * source. Lengths are multiples of 32. */
function scale(target: usize, source: usize, length: usize, c: usize): void {
  const end = target + length
  if (c == 1) {
    // memory.copy leaves the module: short rows are faster with a loop.
    if (length >= 512) memory.copy(target, source, length)
    else
      for (; target < end; target += 32, source += 32)
        v128.store(target, v128.load(source)), v128.store(target, v128.load(source, 16), 16)
    return
  }
  const mask = nibbles()
  if (c < 256) {
    const low = v128.load(tablesOf(c))
    const high = v128.load(tablesOf(c), 16)
    for (; target < end; target += 32, source += 32) {
      v128.store(target, product(low, high, v128.load(source), mask))
      v128.store(target, product(low, high, v128.load(source, 16), mask), 16)
    }
    return
  }
  const c0 = c & 255
  const c1 = c >> 8
  const t0 = tablesOf(c0)
  const t1 = tablesOf(folded(c1))
  const t2 = tablesOf(c0 ^ c1)
  const low0 = v128.load(t0), high0 = v128.load(t0, 16)
  const low1 = v128.load(t1), high1 = v128.load(t1, 16)
  const low2 = v128.load(t2), high2 = v128.load(t2, 16)
  for (; target < end; target += 32, source += 32) {
    const lo = v128.load(source)
    const hi = v128.load(source, 16)
    const p = product(low0, high0, lo, mask)
    v128.store(target, v128.xor(p, product(low1, high1, hi, mask)))
    v128.store(target, v128.xor(p, product(low2, high2, v128.xor(lo, hi), mask)), 16)
  }
}

@inline
function clear(strips: usize, strip: usize, first: usize, end: usize): void {
  if (first < end) memory.fill(strips + first * strip, 0, (end - first) * strip)
}

/** Fills `count` strips: listed rows times their constants, zeros elsewhere. */
export function gather(
  strips: usize, count: usize, strip: usize, list: usize, entries: usize, base: usize, stride: usize, from: usize, length: usize,
): void {
  let next: usize = 0
  for (const end = list + entries * entry; list < end; list += entry) {
    const position = <usize>load<u32>(list)
    clear(strips, strip, next, position)
    scale(strips + position * strip, base + <usize>load<u32>(list, 4) * stride + from, length, <usize>load<u32>(list, 8))
    next = position + 1
  }
  clear(strips, strip, next, count)
}

/** Writes the listed strips, times their constants, to their rows. */
export function scatter(
  strips: usize, strip: usize, list: usize, entries: usize, base: usize, stride: usize, from: usize, length: usize,
): void {
  for (const end = list + entries * entry; list < end; list += entry)
    scale(base + <usize>load<u32>(list, 4) * stride + from, strips + <usize>load<u32>(list) * strip, length, <usize>load<u32>(list, 8))
}

/** Listed strips become (strip + row) * constant, all others zero: step 3 of decoding few losses. */
export function correct(
  strips: usize, count: usize, strip: usize, list: usize, entries: usize, base: usize, stride: usize, from: usize, length: usize,
): void {
  let next: usize = 0
  for (const end = list + entries * entry; list < end; list += entry) {
    const position = <usize>load<u32>(list)
    const target = strips + position * strip
    clear(strips, strip, next, position)
    add(base + <usize>load<u32>(list, 4) * stride + from, target, length)
    scale(target, target, length, <usize>load<u32>(list, 8))
    next = position + 1
  }
  clear(strips, strip, next, count)
}

/**
 * target += formal derivative of source, both coefficients of the novel basis over the Cantor points, where every basis
 * factor has derivative 1: coefficient k gains source[k + 2^j] for each zero bit j of k.
 */
export function addDerivative(target: usize, source: usize, log2: usize, strip: usize): void {
  const count = (<usize>1) << log2
  for (let k: usize = 0; k < count; k++)
    for (let j: usize = 0; j < log2; j++) {
      const bit = (<usize>1) << j
      if ((k & bit) == 0) add(source + (k | bit) * strip, target + k * strip, strip)
    }
}

/** target = source. */
export function copy(target: usize, source: usize, length: usize): void {
  memory.copy(target, source, length)
}

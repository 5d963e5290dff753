/**
 * The additive transforms over 2^log2 rows that lie one behind the other, `strip` bytes each (docs/spec/share-engine.md,
 * transforms): from coefficients of the novel basis to values at phi(offset), phi(offset + 1), .., and back. `offset` is a
 * multiple of the number of rows.
 *
 * `flags` prunes: one byte for each block, of level j (halves of 2^j rows) starting at row m at 2^(log2-1-j) - 1 + (m >> (j+1)).
 * A block with 0 is left out: no value of it is wanted (forward), or all of it is zero (inverse).
 */
import { forwardHalves, forwardQuarters, inverseHalves, inverseQuarters } from './butterfly'
import { pointAt } from './product'

@inline
function flag(flags: usize, log2: usize, j: usize, m: usize): bool {
  return load<u8>(flags + ((<usize>1) << (log2 - 1 - j)) - 1 + (m >> (j + 1))) != 0
}

@inline
function forwardBlock(rows: usize, strip: usize, offset: usize, j: usize, m: usize): void {
  const half = strip << j
  forwardHalves(rows + m * strip, rows + m * strip + half, half, pointAt((offset + m) >> j))
}

@inline
function inverseBlock(rows: usize, strip: usize, offset: usize, j: usize, m: usize): void {
  const half = strip << j
  inverseHalves(rows + m * strip, rows + m * strip + half, half, pointAt((offset + m) >> j))
}

/** Levels j + 1 and j of one block; two at a time where all three constants are bytes. */
function forwardTwo(rows: usize, log2: usize, strip: usize, offset: usize, flags: usize, j: usize, m: usize): void {
  const right = m + ((<usize>2) << j)
  const i = (offset + m) >> j
  const wantLeft = flag(flags, log2, j, m)
  const wantRight = flag(flags, log2, j, right)
  if (wantLeft && wantRight && i + 2 < 256) {
    forwardQuarters(rows + m * strip, strip << j, i)
    return
  }
  forwardBlock(rows, strip, offset, j + 1, m)
  if (wantLeft) forwardBlock(rows, strip, offset, j, m)
  if (wantRight) forwardBlock(rows, strip, offset, j, right)
}

function inverseTwo(rows: usize, log2: usize, strip: usize, offset: usize, flags: usize, j: usize, m: usize): void {
  const right = m + ((<usize>2) << j)
  const i = (offset + m) >> j
  const hasLeft = flag(flags, log2, j, m)
  const hasRight = flag(flags, log2, j, right)
  if (hasLeft && hasRight && i + 2 < 256) {
    inverseQuarters(rows + m * strip, strip << j, i)
    return
  }
  if (hasLeft) inverseBlock(rows, strip, offset, j, m)
  if (hasRight) inverseBlock(rows, strip, offset, j, right)
  inverseBlock(rows, strip, offset, j + 1, m)
}

/** From coefficients to values: levels log2 - 1 down to 0. */
export function forward(rows: usize, log2: usize, strip: usize, offset: usize, flags: usize): void {
  const count = (<usize>1) << log2
  let j = log2
  if (log2 & 1) {
    j--
    if (flag(flags, log2, j, 0)) forwardBlock(rows, strip, offset, j, 0)
  }
  while (j > 0) {
    j -= 2
    for (let m: usize = 0; m < count; m += (<usize>4) << j)
      if (flag(flags, log2, j + 1, m)) forwardTwo(rows, log2, strip, offset, flags, j, m)
  }
}

/** From values to coefficients: levels 0 up to log2 - 1. */
export function inverse(rows: usize, log2: usize, strip: usize, offset: usize, flags: usize): void {
  const count = (<usize>1) << log2
  let j: usize = 0
  for (; j + 1 < log2; j += 2) {
    for (let m: usize = 0; m < count; m += (<usize>4) << j)
      if (flag(flags, log2, j + 1, m)) inverseTwo(rows, log2, strip, offset, flags, j, m)
  }
  if (j < log2 && flag(flags, log2, j, 0)) inverseBlock(rows, strip, offset, j, 0)
}

/**
 * Products in GF(2^8) and GF(2^16), sixteen bytes at a time (docs/spec/share-engine.md, products).
 *
 * A product by a fixed byte c is additive, so c * x = c * (x & 15) + c * (x & 240): two look-ups in tables of sixteen
 * entries, which is what a swizzle does to a whole vector. Table addresses depend on c alone, and c on public positions;
 * data are only ever the indices of a swizzle. The tables are filled by the host (sdk/src/share/engine/instance.ts).
 */

/** For each byte c, 32 bytes: c * x for x < 16, then c * (x << 4). The first kilobyte of memory has the mask only. */
export const productTable: usize = 1024
/** For each byte c the byte b_7 * c, by which g^2 = g + b_7 folds back. */
export const towerTable: usize = productTable + 256 * 32
/** phi(i) as u16, for each position i of the field in use. */
export const pointTable: usize = 16384
/** Where the host may put its own data. */
export const tableEnd: usize = pointTable + 2 * 65536

// Indices are always below 16, where the relaxed instruction gives what the plain one gives, in one instruction less.
@inline
function pick(table: v128, indices: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? i8x16.relaxed_swizzle(table, indices) : i8x16.swizzle(table, indices)
}

/** Where the host puts sixteen bytes of 15: a constant in the code would be built anew at each use, a value stays in its register. */
export const nibbleMask: usize = 512

/** The low four bits of every byte. */
@inline
export function nibbles(): v128 {
  return v128.load(nibbleMask)
}

@inline
export function lowNibbles(x: v128, mask: v128): v128 {
  return v128.and(x, mask)
}

@inline
export function highNibbles(x: v128, mask: v128): v128 {
  return v128.and(i16x8.shr_u(x, 4), mask)
}

/** From the two tables of a constant and the split bytes, their products. */
@inline
export function productOf(lowTable: v128, highTable: v128, low: v128, high: v128): v128 {
  return v128.xor(pick(lowTable, low), pick(highTable, high))
}

@inline
export function product(lowTable: v128, highTable: v128, x: v128, mask: v128): v128 {
  return productOf(lowTable, highTable, lowNibbles(x, mask), highNibbles(x, mask))
}

/** Address of the tables of byte c; those of high nibbles lie 16 behind. */
@inline
export function tablesOf(c: usize): usize {
  return productTable + (c << 5)
}

/** b_7 * c for a byte c. */
@inline
export function folded(c: usize): usize {
  return <usize>load<u8>(towerTable + c)
}

/** phi(i). */
@inline
export function pointAt(i: usize): usize {
  return <usize>load<u16>(pointTable + (i << 1))
}

/** Records shorter than this look alike. */
const leastLength = 4096

/**
 * The length that a record of `length` bytes is padded to (Padme, Nikitin et al., PETS 2019, on at least 4096 bytes):
 * O(log log length) bits of the length stay visible, at most 12 % is added.
 */
export function padme(length: number): number {
  const padded = Math.max(leastLength, length)
  const exponent = floorLog2(padded)
  const step = 2 ** (exponent - (floorLog2(exponent) + 1))
  return Math.ceil(padded / step) * step
}

/** Exact for every safe integer, where Math.log2 rounds 2^48 - 1 up. */
function floorLog2(value: number): number {
  let exponent = 0
  for (let power = 2; power <= value; power *= 2) exponent++
  return exponent
}

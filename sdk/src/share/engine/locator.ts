import type { Field } from '../field.ts'

/**
 * Logarithms of locators (docs/spec/share-engine.md, locator): for every position x below `size`, a power of two above
 * all roots, the log of the product of phi(x) + phi(i) over the roots i != x. At a root that is the locator's derivative.
 *
 * phi(x) + phi(i) = phi(x ^ i), so these sums of logs are a convolution over XOR: two Walsh-Hadamard transforms modulo the
 * order of the field's group, instead of a product over the roots for every x.
 */
export function locatorLogs(field: Field, size: number, roots: Iterable<number>): Int32Array {
  const { order } = field
  const sums = new Int32Array(size)
  for (const root of roots) sums[root] = 1
  const spectrum = spectrumOf(field, size)
  walshHadamard(sums, order)
  for (let i = 0; i < size; i++) sums[i] = modulo(Math.imul(sums[i] as number, spectrum[i] as number), field)
  walshHadamard(sums, order)
  // The two transforms multiply by size; 2^bits is 1 modulo the order, so this divides by it.
  const inverse = 2 ** (field.bits - Math.log2(size))
  for (let i = 0; i < size; i++) sums[i] = modulo(Math.imul(sums[i] as number, inverse), field)
  return sums
}

/** Transforms of log phi, by field and size, which are powers of two: half a MiB at most, all together. */
const spectra = new Map<string, Int32Array>()

function spectrumOf(field: Field, size: number): Int32Array {
  const key = `${field.bits} ${size}`
  const known = spectra.get(key)
  if (known) return known
  const spectrum = Int32Array.from(field.logPhi.subarray(0, size))
  walshHadamard(spectrum, field.order)
  spectra.set(key, spectrum)
  return spectrum
}

function walshHadamard(values: Int32Array, order: number): void {
  for (let half = 1; half < values.length; half *= 2)
    for (let block = 0; block < values.length; block += 2 * half)
      for (let i = block; i < block + half; i++) {
        const a = values[i] as number
        const b = values[i + half] as number
        const sum = a + b
        const difference = a - b
        values[i] = sum >= order ? sum - order : sum
        values[i + half] = difference < 0 ? difference + order : difference
      }
}

/** A product of two numbers below the order, as the 32 bits of Math.imul, modulo 2^bits - 1. */
function modulo(product: number, { bits, order }: Field): number {
  const folded = (product & order) + (product >>> bits)
  const again = (folded & order) + (folded >>> bits)
  return again >= order ? again - order : again
}

import { layoutOf, type Policy } from '../policy.ts'
import { planDenseDecoding, planDenseEncoding } from './dense.ts'
import { fewBlockOf, planFewDecoding } from './few.ts'
import type { Path, Plan } from './plan.ts'
import { planTransformDecoding, planTransformEncoding } from './transform.ts'

/** From this many rows on, on both sides, a transform is faster than a matrix. */
const transformRows = 8

/** The path of encoding that the rule names (docs/spec/share-engine.md, rule). */
export function encodingPath({ n, t, r }: Policy): Path {
  return Math.min(t, r > 0 ? n : n - t) >= transformRows ? 'transform' : 'dense'
}

/**
 * Whether a transform decodes t shares to `missing` rows faster than a matrix. It multiplies every row once more than
 * in encoding, so over GF(2^8), where a coefficient costs one product, too much that pads t to N makes it the slower one.
 */
function transformDecodes(policy: Policy, missing: number): boolean {
  const { N, bits } = layoutOf(policy)
  return missing >= transformRows && (bits === 16 || 2 * policy.t * missing >= 13 * N)
}

/** The path of decoding that the rule names, for t shares in rising order and the data rows missing among them. */
export function decodingPath(policy: Policy, shares: readonly number[], missing: number): Path {
  const bytes = layoutOf(policy).bits === 8
  const dataArrived = policy.r === 0 && (shares[0] as number) < policy.t
  if (!dataArrived) return transformDecodes(policy, missing) ? 'transform' : 'dense'
  if (bytes && missing <= 8) return 'dense'
  if (fewBlockOf(policy, shares)) return 'few'
  return bytes && missing < 16 ? 'dense' : 'transform'
}

/** Plans the n shares, without those that are data rows. */
export function planEncoding(policy: Policy, path = encodingPath(policy)): Plan {
  return path === 'dense' ? planDenseEncoding(policy) : planTransformEncoding(policy)
}

/** Plans the missing data rows. A path that cannot serve these shares gives way to the transform, which always can. */
export function planDecoding(
  policy: Policy,
  shares: readonly number[],
  wanted: readonly number[],
  path = decodingPath(policy, shares, wanted.length),
): Plan {
  if (path === 'dense') return planDenseDecoding(policy, shares, wanted)
  const block = path === 'few' ? fewBlockOf(policy, shares) : undefined
  return block ? planFewDecoding(policy, shares, wanted, block) : planTransformDecoding(policy, shares, wanted)
}

import { layoutOf, type Policy } from '../policy.ts'
import { planDenseDecoding, planDenseEncoding } from './dense.ts'
import { fewBlockOf, planFewDecoding } from './few.ts'
import type { Path, Plan } from './plan.ts'
import { planTransformDecoding, planTransformEncoding } from './transform.ts'

/**
 * Whether a transform of N rows pays for a matrix with that many rows on its two sides: eight or more on both, and enough
 * of them for what is added to N. Over GF(2^16) a coefficient costs three products, which settles it.
 */
function transformPays(policy: Policy, a: number, b: number): boolean {
  const { N, bits } = layoutOf(policy)
  return Math.min(a, b) >= 8 && (bits === 16 || 2 * a * b >= 13 * N)
}

/** The path of encoding that the rule names (docs/spec/share-engine.md, rule). */
export function encodingPath(policy: Policy): Path {
  const { n, t, r } = policy
  return transformPays(policy, t, r > 0 ? n : n - t) ? 'transform' : 'dense'
}

/** The path of decoding that the rule names, for t shares in rising order and the data rows missing among them. */
export function decodingPath(policy: Policy, shares: readonly number[], missing: number): Path {
  const bytes = layoutOf(policy).bits === 8
  const dataArrived = policy.r === 0 && (shares[0] as number) < policy.t
  if (!dataArrived) return transformPays(policy, policy.t, missing) ? 'transform' : 'dense'
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

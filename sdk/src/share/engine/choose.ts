import { layoutOf, type Policy } from '../policy.ts'
import { planDenseDecoding, planDenseEncoding } from './dense.ts'
import { fewBlockOf, planFewDecoding } from './few.ts'
import type { Path, Plan } from './plan.ts'
import { planTransformDecoding, planTransformEncoding } from './transform.ts'

/** From this many rows on, on both sides, a transform encodes faster than the matrix. */
const transformRows = 8

/** The path of encoding that the rule names (docs/spec/share-engine.md, rule). */
export function encodingPath({ n, t, r }: Policy): Path {
  return Math.min(t, r > 0 ? n : n - t) >= transformRows ? 'transform' : 'dense'
}

/** The path of decoding that the rule names, for t shares in rising order and the data rows missing among them. */
export function decodingPath(policy: Policy, shares: readonly number[], missing: number): Path {
  const bytes = layoutOf(policy).bits === 8
  const dataArrived = policy.r === 0 && (shares[0] as number) < policy.t
  if (!dataArrived) return missing >= transformRows ? 'transform' : 'dense'
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

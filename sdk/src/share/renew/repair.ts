import { type Random, randomBytes } from '#primitives'
import { type Bytes, concat, equal } from '../../bytes.ts'
import { lpLabel } from '../../labels.ts'
import type { ShareCode } from '../code.ts'
import { fastestCode } from '../engine/index.ts'
import type { Matrix } from '../matrix.ts'
import { layoutOf, type Policy } from '../policy.ts'
import { RenewError } from './error.ts'
import { drawnRows } from './keystream.ts'
import { checkRow, checkShares, columnOf, multiplyRows, repairMatrix, xorRows } from './rows.ts'

/** One repair: who helps, which share is made again, and each helper's weight. Made once, used for every chunk. */
export type RepairPlan = {
  readonly policy: Policy
  /** Share numbers of the t helpers, rising. */
  readonly helpers: readonly number[]
  /** The share that is made again. */
  readonly share: number
  /** For each helper, in their order, its weight. */
  readonly weights: readonly Matrix[]
}

/** Where random bytes and products come from; by default the platform and the fastest engine here. */
export type RenewOptions = { readonly random?: Random | undefined; readonly code?: ShareCode | undefined }

/**
 * Plans the repair of one share by t others, none of whom nor anybody else sees t shares.
 * @throws PolicyError
 * @throws RenewError unless there are t different helpers beside the share.
 * @example
 * const plan = planRepair({ n: 9, t: 6, r: 3 }, [0, 1, 2, 4, 5, 7], 8)
 */
export function planRepair(policy: Policy, helpers: readonly number[], share: number): RepairPlan {
  layoutOf(policy)
  checkShares(policy, helpers, policy.t, 'helpers')
  checkShares(policy, [share], 1, 'the share to repair')
  if (helpers.includes(share)) throw new RenewError({ reason: `share ${share} cannot help to repair itself` })
  const matrix = repairMatrix(policy, helpers, share)
  return { policy, helpers: [...helpers], share, weights: helpers.map((_, at) => columnOf(matrix, at)) }
}

/**
 * The random rows of a helper's pieces of chunk i: t - 1 of AES-256-CTR under HKDF(seed, <piece> || session), row l from
 * counter u64(l) || u32(i) || u32(2). Asked again in a session the helper says the same, and keeps nothing in between.
 * @param secret the helper's own: 32 random bytes that nobody else has.
 * @returns a source for {@link splitPiece}, for one chunk.
 */
export async function drawPieces(
  { policy: { t } }: Pick<RepairPlan, 'policy'>,
  { secret, session }: { readonly secret: Uint8Array; readonly session: Uint8Array },
  { i, length }: { readonly i: number; readonly length: number },
): Promise<Random> {
  const info = concat(lpLabel('share', 'piece'), session)
  return await drawnRows({ secret, info }, { i, count: t - 1, length })
}

/**
 * Splits what a helper has to give, its weight times its share-chunk, into one piece for each helper, itself included.
 * Any t - 1 of them are uniform and independent of the share. Drawn anew for every chunk.
 * @param helper share number of the helper; `body` its share-chunk.
 * @returns pieces in the order of `plan.helpers`.
 */
export function splitPiece(plan: RepairPlan, helper: number, body: Bytes, options: RenewOptions = {}): Bytes[] {
  const { random = randomBytes, code = fastestCode() } = options
  checkRow(body)
  const [weighed] = multiplyRows(code, weightOf(plan, helper), [body]) as [Bytes]
  const drawn = plan.helpers.slice(1).map(() => drawRow(random, body.length))
  return [xorRows([weighed, ...drawn]), ...drawn]
}

/** What a helper sends to the target: the sum of the pieces that all helpers, itself included, made for it. The target
 * adds the t sums in the same way and has the share-chunk, which it checks against its leaf. */
export function addPieces(plan: RepairPlan, pieces: readonly Uint8Array[]): Bytes {
  if (pieces.length !== plan.helpers.length)
    throw new RenewError({ reason: `${pieces.length} pieces came, not ${plan.helpers.length}` })
  return xorRows(pieces)
}

/** What was said for one chunk of a repair that failed: opened by whoever received it, signed by whoever sent it. */
export type RepairOpening = {
  /** The helpers' verified share-chunks, in their order. */
  readonly bodies: readonly Bytes[]
  /** `pieces[i][l]`: from helper i to helper l, by their places; what stands at i = l is not read. */
  readonly pieces: readonly (readonly Uint8Array[])[]
  /** From each helper to the target. */
  readonly sums: readonly Uint8Array[]
}

/**
 * Finds whose word was wrong, for whoever may see sealed bytes and so knows the helpers' share-chunks. Every piece that
 * was sent is a free choice; only the sum can be wrong, and exactly one sum fits each helper's share and pieces.
 * @returns share numbers of the helpers at fault, rising.
 */
export function blameRepair(plan: RepairPlan, opening: RepairOpening, options: RenewOptions = {}): number[] {
  const { code = fastestCode() } = options
  const { helpers } = plan
  return helpers.filter((helper, at) => {
    const others = [...helpers.keys()].filter((other) => other !== at)
    const passed = others.flatMap((other) => [
      opening.pieces[at]?.[other] as Uint8Array,
      opening.pieces[other]?.[at] as Uint8Array,
    ])
    const [weighed] = multiplyRows(code, weightOf(plan, helper), [opening.bodies[at] as Bytes]) as [Bytes]
    return !equal(xorRows([weighed, ...passed]), opening.sums[at] as Uint8Array)
  })
}

function weightOf({ helpers, weights }: RepairPlan, helper: number): Matrix {
  const weight = weights[helpers.indexOf(helper)]
  if (!weight) throw new RenewError({ reason: `share ${helper} is no helper here` })
  return weight
}

/** Random bytes, whole: a source that runs short would make shares that hide nothing. */
export function drawRow(random: Random, length: number): Bytes {
  const row = random(length)
  if (row.length !== length) throw new RenewError({ reason: 'the random source gave too few bytes' })
  return row
}

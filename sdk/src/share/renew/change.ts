import { hkdf, randomBytes } from '#primitives'
import { type Bytes, concat, u32, u64 } from '../../bytes.ts'
import { lpLabel } from '../../labels.ts'
import { fastestCode } from '../engine/index.ts'
import type { Matrix } from '../matrix.ts'
import { layoutOf, type Policy } from '../policy.ts'
import { RenewError } from './error.ts'
import { keystream } from './keystream.ts'
import { drawRow, type RenewOptions } from './repair.ts'
import { checkRow, checkShares, columnOf, dataMatrix, multiplyRows, xorRows } from './rows.ts'
import { drawFreshRows, type SessionSecret } from './session-key.ts'

/** One change of (n, t, r): who of the old nodes contributes, and what each one's share is of the data rows. */
export type ChangePlan = {
  readonly from: Policy
  readonly to: Policy
  /** Share numbers of t old nodes, rising. */
  readonly contributors: readonly number[]
  /** For each contributor, in their order, its column of M(Q -> D). */
  readonly columns: readonly Matrix[]
}

/** The mask rows of one chunk that a contributor shares with another one. */
export type PairMask = { readonly with: number; readonly rows: readonly Bytes[] }

/**
 * Plans the change of a record with r > 0 to another policy with as many data rows and r' > 0, by t old nodes.
 * @throws PolicyError
 * @throws RenewError where k changes, where r or r' is 0 (whoever may rebuild encodes anew), or without t contributors.
 */
export function planChange(from: Policy, to: Policy, contributors: readonly number[]): ChangePlan {
  const { k } = layoutOf(from)
  if (layoutOf(to).k !== k)
    throw new RenewError({
      reason: `${layoutOf(to).k} data rows instead of ${k} need sealing anew`,
      hint: `Choose a policy with t - r = ${k}, as it is now.`,
    })
  if (from.r === 0 || to.r === 0)
    throw new RenewError({ reason: 'with r = 0 on either side whoever may rebuild encodes anew' })
  checkShares(from, contributors, from.t, 'contributors')
  const matrix = dataMatrix(from, contributors)
  const columns = contributors.map((_, at) => columnOf(matrix, at))
  return { from, to, contributors: [...contributors], columns }
}

/** Draws the seed of one pair; the contributor with the lower number does and seals it to the other. */
export function drawPairSeed({ random = randomBytes }: RenewOptions = {}): Bytes {
  return drawRow(random, 32)
}

/**
 * The mask of a pair for chunk i: k rows of AES-256-CTR under HKDF(seed, <mask> || session), row l from counter
 * u64(l) || u32(i) || u32(2). Both add it, so that the sum over all contributors is without it.
 */
export async function pairMask(
  { seed, session }: { readonly seed: Uint8Array; readonly session: Uint8Array },
  { i, rows, length }: { readonly i: number; readonly rows: number; readonly length: number },
): Promise<Bytes[]> {
  const key = hkdf(seed, concat(lpLabel('share', 'mask'), session))
  return await Promise.all(Array.from({ length: rows }, (_, l) => keystream(key, concat(u64(l), u32(i)), length)))
}

/**
 * v_c of a chunk: what a contributor's share-chunk is of the k data rows, blinded with the masks of all its pairs.
 * Unblinded it has one unknown symbol only, and r' + 1 new nodes would solve for the share itself.
 * @param contributor share number of the contributor; `body` its share-chunk.
 * @param masks one of k rows for every other contributor, new for every chunk; with k = 1 none is needed.
 * @throws RenewError
 */
export function blindRows(
  plan: ChangePlan,
  { contributor, body, masks }: blindRows.Parameters,
  { code = fastestCode() }: RenewOptions = {},
): Bytes[] {
  checkRow(body)
  const column = plan.columns[plan.contributors.indexOf(contributor)]
  if (!column) throw new RenewError({ reason: `share ${contributor} is no contributor here` })
  const own = multiplyRows(code, column, [body])
  if (own.length === 1) return own
  const others = plan.contributors.filter((other) => other !== contributor)
  const pairs = others.map((other) => {
    const rows = masks.find((one) => one.with === other)?.rows
    if (rows?.length !== own.length) throw new RenewError({ reason: `there is no mask with share ${other}` })
    return rows
  })
  return own.map((row, l) => xorRows([row, ...pairs.map((rows) => rows[l] as Bytes)]))
}
export declare namespace blindRows {
  type Parameters = { readonly contributor: number; readonly body: Bytes; readonly masks: readonly PairMask[] }
}

/**
 * Encodes v_c under the new policy with fresh random rows: part j is for new node j, which adds the t parts of a chunk
 * (`addParts`) and so has its new share-chunk.
 */
export function encodeParts(plan: ChangePlan, blinded: readonly Bytes[], options: RenewOptions = {}): Bytes[] {
  const { random = randomBytes, code = fastestCode() } = options
  if (blinded.length !== layoutOf(plan.to).k) throw new RenewError({ reason: `${blinded.length} rows are not k` })
  const length = blinded[0]?.length ?? 0
  return code.encode(plan.to, [...blinded, ...Array.from({ length: plan.to.r }, () => drawRow(random, length))])
}

/** What a contributor deals with in one session. */
export type Dealer = SessionSecret & {
  /** Its share number. */
  readonly contributor: number
  /** By share number: the seed that it has in common with each other contributor. */
  readonly seeds: ReadonlyMap<number, Uint8Array>
}

/** The masks of chunk i that follow from a contributor's seeds: none with one data row, which needs none. */
export async function masksOf(
  { to }: ChangePlan,
  { seeds, session }: Pick<Dealer, 'seeds' | 'session'>,
  { i, length }: { readonly i: number; readonly length: number },
): Promise<PairMask[]> {
  const rows = to.t - to.r
  if (rows === 1) return []
  const pairs = [...seeds].map(async ([other, seed]): Promise<PairMask> => {
    return { with: other, rows: await pairMask({ seed, session }, { i, rows, length }) }
  })
  return await Promise.all(pairs)
}

/** A contributor's parts of chunk i, by new share: the same whenever it makes them in a session. */
export async function dealParts(
  plan: ChangePlan,
  dealer: Dealer,
  { i, body }: { readonly i: number; readonly body: Bytes },
): Promise<Bytes[]> {
  const masks = await masksOf(plan, dealer, { i, length: body.length })
  const blinded = blindRows(plan, { contributor: dealer.contributor, body, masks })
  const random = await drawFreshRows(dealer, { i, r: plan.to.r, length: body.length })
  return encodeParts(plan, blinded, { random })
}

/** A new node's share-chunk: the sum of the parts of all t contributors. */
export function addParts(plan: ChangePlan, parts: readonly Uint8Array[]): Bytes {
  if (parts.length !== plan.contributors.length)
    throw new RenewError({ reason: `${parts.length} parts came, not ${plan.contributors.length}` })
  return xorRows(parts)
}

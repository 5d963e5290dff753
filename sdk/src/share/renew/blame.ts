import { type Bytes, equal } from '../../bytes.ts'
import { fastestCode } from '../engine/index.ts'
import { decodingMatrix, positionOf } from '../matrix.ts'
import type { Policy } from '../policy.ts'
import { blindRows, type ChangePlan, type PairMask } from './change.ts'
import { createCheck, maskLength } from './refresh.ts'
import type { RenewOptions } from './repair.ts'
import { multiplyRows, xorRows } from './rows.ts'
import { vectorHash } from './said.ts'

/** Who is at fault where node j is off the word of contributor c. */
export type WordFault = 'contributor' | 'node' | 'neither'

/**
 * Judges between a contributor and a node that is off its word, by the vector that the node shows, as the contributor
 * signed it. Needs no share: everybody comes to one verdict.
 * @param shown the node's signed rows of all chunks, in order, and its row of masks; its own post and values.
 * @returns `node` where it posted or published something else than follows from what it was given; `contributor` where it did
 * not, so what it was given is off the word.
 */
export async function judgeWord(policy: Policy, beacon: Uint8Array, shown: judgeWord.Shown): Promise<WordFault> {
  const { rows, masks, posted, values, word } = shown
  if (masks.length !== maskLength || !equal(await vectorHash([...rows, masks]), posted)) return 'node'
  const check = createCheck(policy, beacon)
  for (const [i, row] of rows.entries()) await check.add(i, row)
  const due = check.finish(masks)
  if (due.some((value, e) => value !== values[e])) return 'node'
  return due.some((value, e) => value !== word[e]) ? 'contributor' : 'neither'
}
export declare namespace judgeWord {
  type Shown = {
    readonly rows: readonly Uint8Array[]
    readonly masks: Uint8Array
    readonly posted: Uint8Array
    readonly values: readonly number[]
    /** The node's place in the accepted word, for each mask. */
    readonly word: readonly number[]
  }
}

/** What was said for one chunk of a change that failed, opened by whoever received it. */
export type ChangeOpening = {
  /** The contributors' verified share-chunks, in their order. */
  readonly bodies: readonly Bytes[]
  /** For each contributor the masks that follow from the seeds that were signed. */
  readonly masks: readonly (readonly PairMask[])[]
  /** `parts[c][j]`: what contributor c, by its place, signed for new node j. */
  readonly parts: readonly (readonly Bytes[])[]
  /** The new nodes' share-chunks. */
  readonly sums: readonly Uint8Array[]
}

/**
 * Finds whose word was wrong, for whoever may see sealed bytes and so knows the contributors' share-chunks.
 * @returns share numbers of contributors whose parts are no encoding of what they had to give, and of new nodes whose share
 * is not the sum of their parts.
 */
export function blameChange(
  plan: ChangePlan,
  { bodies, masks, parts, sums }: ChangeOpening,
  { code = fastestCode() }: RenewOptions = {},
): { readonly contributors: number[]; readonly nodes: number[] } {
  const { to } = plan
  const first = Array.from({ length: to.t }, (_, j) => j)
  const rest = Array.from({ length: to.n - to.t }, (_, j) => to.t + j)
  const others = rest.map((j) => positionOf(to, j))
  const matrix = others.length > 0 ? decodingMatrix(to, first, others) : undefined
  const fits = (contributor: number, c: number): boolean => {
    const own = parts[c] as readonly Bytes[]
    const given = first.map((index) => ({ index, body: own[index] as Bytes }))
    const blinded = blindRows(plan, { contributor, body: bodies[c] as Bytes, masks: masks[c] ?? [] }, { code })
    if (!sameRows(code.decode(to, given), blinded)) return false
    return !matrix || sameRows(multiplyRows(code, matrix, own.slice(0, to.t)), own.slice(to.t))
  }
  return {
    contributors: plan.contributors.filter((contributor, c) => !fits(contributor, c)),
    nodes: [...sums.keys()].filter((j) => !equal(xorRows(parts.map((own) => own[j] as Bytes)), sums[j] as Uint8Array)),
  }
}

const sameRows = (a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean =>
  a.length === b.length && a.every((row, i) => equal(row, b[i] as Uint8Array))

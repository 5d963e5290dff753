import type { Bytes } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import { decodePoint, encodePoint, interpolatePoints } from '../group/index.ts'
import { type Partial, type Statement, verifyPartial } from './partial.ts'

/** The key nodes of one epoch as the chain names them. `verifyingShares[i - 1]` is X_i of node i. */
export type Committee = {
  readonly keyEpoch: number
  readonly k: number
  readonly verifyingShares: readonly Bytes[]
}

/** Why a node's answer does not count: the code of its refusal, or what is wrong with what it sent. */
export type Refusal = { readonly i: number; readonly code: string }

/** What {@link combine} makes of k valid partials: it opens nothing without the reader's key. */
export type Combined = {
  readonly A: Bytes
  readonly B: Bytes
  /** The k nodes that it holds. */
  readonly nodes: readonly number[]
  /** Nodes whose partial was refused; with the node's signature, INVALID_PARTIAL is evidence. */
  readonly blamed: readonly Refusal[]
}

/**
 * Verifies partials one by one and combines the first k valid ones of the committee's epoch, from k different nodes.
 * Runs with whoever gathers: it needs no secret, and whoever doubts its result verifies the partials again.
 * @throws QuorumError when fewer than k remain; it lists each node with its code, `refusals` of nodes included.
 * @example
 * const key = finish(reader.y, ct, combine(partials, committee, statement))
 */
export function combine(
  partials: readonly Partial[],
  committee: Committee,
  statement: Statement,
  options: combine.Options = {},
): Combined {
  const { k, keyEpoch, verifyingShares } = committee
  const blamed: Refusal[] = []
  const valid = new Map<number, Partial>()
  for (const answer of partials) {
    if (valid.size === k) break
    const code = judge(answer, valid, keyEpoch, verifyingShares, statement)
    if (code === undefined) valid.set(answer.i, answer)
    else blamed.push({ i: answer.i, code })
  }
  if (valid.size < k) throw new QuorumError({ have: valid.size, k, refusals: [...(options.refusals ?? []), ...blamed] })
  const answers = [...valid.values()]
  const interpolated = (name: 'A' | 'B') =>
    encodePoint(interpolatePoints(answers.map((answer) => ({ index: answer.i, point: decodePoint(answer[name]) }))))
  return { A: interpolated('A'), B: interpolated('B'), nodes: [...valid.keys()], blamed }
}
export declare namespace combine {
  type Options = {
    /** What other nodes answered instead of a partial; only for the error's list. */
    readonly refusals?: readonly Refusal[] | undefined
  }
}

function judge(
  answer: Partial,
  valid: ReadonlyMap<number, Partial>,
  keyEpoch: number,
  verifyingShares: readonly Bytes[],
  statement: Statement,
): string | undefined {
  const verifyingShare = verifyingShares[answer.i - 1]
  if (verifyingShare === undefined) return 'NOT_A_MEMBER'
  if (answer.keyEpoch !== keyEpoch) return 'OTHER_EPOCH'
  if (valid.has(answer.i)) return 'ANSWERED_TWICE'
  return verifyPartial(verifyingShare, statement, answer) ? undefined : 'INVALID_PARTIAL'
}

/** Thrown when fewer than k key nodes gave a valid partial. `refusals` says what each of the others answered. */
export class QuorumError extends BaseError<'QUORUM'> {
  override readonly name = 'QuorumError'
  readonly refusals: readonly Refusal[]
  constructor({ have = 0, k = 0, refusals = [] }: QuorumError.Options) {
    const list = refusals.map(({ i, code }) => `node ${i}: ${code}`).join(', ')
    super('QUORUM', `${have} of the ${k} key nodes needed gave a valid answer${list ? ` (${list})` : ''}.`, {
      hints: ['Each node says why it refused; where it is the consent, ask the patient.'],
      docs: 'release.md#combination',
    })
    this.refusals = refusals
  }
}
export declare namespace QuorumError {
  type Options = { have?: number; k?: number; refusals?: readonly Refusal[] }
}

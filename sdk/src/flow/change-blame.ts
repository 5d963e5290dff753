import type { Bytes, Hex } from '../bytes.ts'
import { trouble } from '../place/index.ts'
import {
  blameChange,
  cidOf,
  encodeRenewAsk,
  leafAt,
  masksOf,
  type PairMask,
  type PartPlace,
  RenewError,
  readRenewAnswer,
  readSigned,
} from '../share/index.ts'
import type { ChangeFault, ChangeRole, ChangeRound } from './change-job.ts'
import type { Looked, RenewNode } from './renew-job.ts'

/** What was carried for a chunk whose new share-chunks are not the record's. */
export type Carried = {
  readonly i: number
  /** By new share: the parts of all contributors, in order. */
  readonly sealed: readonly (readonly Bytes[])[]
  /** By contributor: the seeds from those before it. */
  readonly seeds: readonly (readonly Bytes[])[]
  /** By new share: what its node gives back. */
  readonly sums: readonly Bytes[]
}

type Options = { readonly signal?: AbortSignal | undefined }

/**
 * Finds whose word was wrong, as somebody who may read the record: nodes show the seeds and parts that were carried to them,
 * as their senders signed them. An honest one is never named: its parts follow from its share and the seeds that it
 * signed and got, and its share from the parts.
 * @returns liars; else nodes that showed nothing. Errors: `RenewError` where neither is found.
 */
export async function blameChunk(
  { loaded }: Pick<Looked, 'loaded'>,
  round: ChangeRound,
  { i, sealed, seeds, sums }: Carried,
  { signal }: Options,
): Promise<ChangeFault[]> {
  const { plan, nodes } = round
  const { contributor: dealers, receiver: takers } = nodes
  const failed: ChangeFault[] = []
  const noting = async (role: ChangeRole, { operator }: RenewNode, work: Promise<void>) => {
    const problem = await trouble(work, signal)
    if (problem === undefined) return
    failed.push({ role, operator, reason: `it did not show what was said: ${problem}`, lied: false })
  }
  const bodies: Bytes[] = []
  // Of a pair both have the seed that the first one signed.
  const common = dealers.map(() => new Map<number, Bytes>())
  const hearDealer = async (node: RenewNode, at: number) => {
    const leaves = await loaded.leaves(node.share, { signal })
    bodies[at] = await node.reader.get(cidOf(leafAt(leaves, i) ?? new Uint8Array(32)), { signal })
    if (at === 0) return
    const place = { stage: 'seed', to: node.share, i: 0 } as const
    const shown = await show(round, 'contributor', node, { place, count: 0, sealed: seeds[at] ?? [] }, { signal })
    for (const [from, seed] of shown.entries()) {
      common[at]?.set((dealers[from] as RenewNode).share, seed)
      common[from]?.set(node.share, seed)
    }
  }
  const parts: Bytes[][] = dealers.map(() => [])
  const hearTaker = async (node: RenewNode, j: number) => {
    const place = { stage: 'part', to: node.share, i } as const
    const shown = await show(round, 'receiver', node, { place, count: 1, sealed: sealed[j] ?? [] }, { signal })
    for (const [c, part] of shown.entries()) (parts[c] as Bytes[])[j] = part
  }
  await Promise.all([
    ...dealers.map((node, at) => noting('contributor', node, hearDealer(node, at))),
    ...takers.map((node, j) => noting('receiver', node, hearTaker(node, j))),
  ])
  if (failed.length > 0) return failed
  const { session } = round.asking.contributor.session
  const masks: PairMask[][] = await Promise.all(
    common.map((pairs, at) => masksOf(plan, { seeds: pairs, session }, { i, length: bodies[at]?.length ?? 0 })),
  )
  const wrong = blameChange(plan, { bodies, masks, parts, sums })
  const lie = (role: ChangeRole, reason: string) => (operator: Hex) => ({ role, operator, reason, lied: true })
  const liars = [
    ...dealers.filter(({ share }) => wrong.contributors.includes(share)).map(({ operator }) => operator),
  ].map(lie('contributor', 'what it dealt does not follow from its share'))
  const others = takers
    .filter((_, j) => wrong.nodes.includes(j))
    .map(({ operator }) => operator)
    .map(lie('receiver', 'its new share is not the sum of what it was dealt'))
  if (liars.length + others.length === 0) throw new RenewError({ reason: `chunk ${i} is off, and nobody lied` })
  return [...liars, ...others]
}

type Showing = {
  readonly place: Omit<PartPlace, 'from'>
  readonly count: number
  readonly sealed: readonly Bytes[]
}

/** What a node was sealed, by sender, as the senders signed it. Errors: those of `readSigned`, `RenewError`. */
async function show(
  { draft, nodes, asking }: ChangeRound,
  role: ChangeRole,
  node: RenewNode,
  { place, count, sealed }: Showing,
  { signal }: Options,
): Promise<Bytes[]> {
  const { encoded: terms, session, timeout } = asking[role]
  const asked = encodeRenewAsk({ terms, draft, first: count === 0 ? 0 : place.i, count, parts: [[...sealed]] })
  const { parts } = readRenewAnswer(await node.reader.renew('show', asked, { timeout, signal }))
  const shown = parts[0] ?? []
  if (shown.length !== sealed.length) throw new RenewError({ reason: 'it showed other messages' })
  return shown.map((signed, at) => {
    const { share, account } = nodes.contributor[at] as RenewNode
    return readSigned(session, { ...place, from: share }, signed, account)
  })
}

import { digest } from '#primitives'
import { type Bytes, concat, type Hex } from '../bytes.ts'
import type { Chain } from '../chain/index.ts'
import { pause, putBlock, trouble } from '../place/index.ts'
import { chunkCount, cidOf, deriveShares, leafAt, type Policy, RenewError, shareRootOf } from '../share/index.ts'
import { type Activated, activateShares } from './activate.ts'
import { askEach, type RenewalOptions, type RenewJob, type RenewNode, type RenewRound } from './renew-job.ts'
import type { Judging } from './renew-round.ts'
import { type NotRetired, retireOldShares } from './retire.ts'

/** New shares on their nodes. */
type NewShares = {
  readonly policy: Policy
  /** Who is to have them, in their order. */
  readonly nodes: readonly RenewNode[]
  /** Their leaf lists; undefined where a node could not make its own. */
  readonly lists: readonly (Bytes | undefined)[]
  readonly judging: Judging
}

/** Mends what some nodes lack, has all attest, and activates. Errors: `RenewError`, those of `activateShares`. */
export async function settle(
  chain: Chain,
  job: RenewJob,
  round: RenewRound,
  { policy, nodes, lists, judging }: NewShares,
  options: RenewalOptions,
): Promise<Activated & { readonly mended: readonly number[] }> {
  const mended = nodes.map(({ share }) => share).filter((share) => lists[share] === undefined)
  const whole = await mend(job, round, { policy, nodes, lists, judging }, options)
  const fresh = { ...round, silent: new Map<number, string>() }
  await askEach(fresh, nodes, 'finish', ({ share }) => ({ ...judging, leaves: whole[share] as Bytes }))
  const attested = await askEach(fresh, nodes, 'confirm', ({ share }) => ({ leaves: whole[share] as Bytes }))
  const missing = nodes.filter(({ share }) => attested.get(share)?.said.length !== 65)
  if (missing.length > 0) throw absentees(missing, fresh.silent)
  const signed = { lists: whole, attest: nodes.map(({ share }) => attested.get(share)?.said as Bytes) }
  return { ...(await activateMade(chain, job, { policy, nodes, ...signed }, options)), mended }
}

/** New shares that their nodes made and attested. */
export type MadeShares = {
  readonly policy: Policy
  /** Who has them, in their order. */
  readonly nodes: readonly RenewNode[]
  /** Their leaf lists, and the nodes' signatures under the roots of these. */
  readonly lists: readonly Bytes[]
  readonly attest: readonly Bytes[]
}

/** Activates shares that lie where they are to lie, and has the old ones removed. Errors: those of `activateShares`. */
export async function activateMade(
  chain: Chain,
  job: Pick<RenewJob, 'record' | 'loaded' | 'contentLeaves'>,
  { policy, nodes, lists, attest }: MadeShares,
  { signal, onProgress }: RenewalOptions,
): Promise<Activated> {
  const read = reading(nodes, lists, signal)
  const total = chunkCount(job.loaded.manifest)
  const activated = await activateShares(
    chain,
    {
      anchored: job.record,
      standing: job.loaded,
      contentLeaves: job.contentLeaves,
      policy,
      operators: nodes.map(({ operator }) => operator),
      roots: lists.map((list, j) => shareRootOf(j, list)),
      attest,
      read: async (j, i) => {
        if (j === 0) onProgress?.({ step: 'activate', done: i + 1, total })
        return await read(j, i)
      },
      isPlaced: true,
    },
    { signal },
  )
  return { ...activated, notRetired: await retireAgain(chain, job, activated, { signal }) }
}

const absentees = (nodes: readonly RenewNode[], reasons: ReadonlyMap<number, string>): RenewError =>
  new RenewError({
    reason: `all keepers must have and attest their new share; not so ${nodes
      .map(({ share, operator }) => `${operator} (${reasons.get(share) ?? 'no signature'})`)
      .join(', ')}`,
  })

/** Reads chunks of new shares from their nodes. */
export const reading =
  (nodes: readonly RenewNode[], lists: readonly Bytes[], signal: AbortSignal | undefined) => (j: number, i: number) =>
    (nodes[j] as RenewNode).reader.get(cidOf(leafAt(lists[j] as Bytes, i) as Bytes), { signal })

/** Makes the shares of nodes that are off a word, or were silent, from t others. A node hears of the list before it is
 * given anything, so that it finds it again where nothing comes of it. */
async function mend(
  job: RenewJob,
  round: RenewRound,
  { policy, nodes, lists, judging }: NewShares,
  { signal, onProgress }: RenewalOptions,
): Promise<Bytes[]> {
  const wanted = [...lists.keys()].filter((j) => lists[j] === undefined)
  if (wanted.length === 0) return lists as Bytes[]
  const targets = wanted.map((j) => nodes[j] as RenewNode)
  const greeted = await Promise.all(targets.map(({ writer }) => trouble(writer.status({ signal }), signal)))
  const reasons = new Map(targets.map(({ share }, at) => [share, greeted[at] ?? '']))
  const dead = targets.filter((_, at) => greeted[at] !== undefined)
  if (dead.length > 0) throw absentees(dead, reasons)
  const sources = [...lists.keys()].filter((j) => lists[j] !== undefined).slice(0, policy.t)
  if (sources.length < policy.t) throw new RenewError({ reason: `only ${sources.length} nodes made a new share` })
  const read = reading(nodes, lists as Bytes[], signal)
  const total = chunkCount(job.loaded.manifest)
  const derive = async (i: number): Promise<Bytes[]> => {
    const parts = sources.map(async (index) => ({ index, body: await read(index, i) }))
    return deriveShares(policy, await Promise.all(parts), wanted)
  }
  const leaves: Bytes[][] = wanted.map(() => [])
  for (let i = 0; i < total; i++)
    for (const [at, body] of (await derive(i)).entries()) leaves[at]?.push(await digest(body))
  const made = new Map(wanted.map((j, at) => [j, concat(...(leaves[at] as Bytes[]))]))
  const whole = lists.map((list, j) => list ?? (made.get(j) as Bytes))
  const noting = { ...round, silent: new Map<number, string>() }
  await askEach(noting, targets, 'finish', ({ share }) => ({ ...judging, leaves: whole[share] as Bytes }))
  for (let i = 0; i < total; i++) {
    const bodies = await derive(i)
    const put = targets.map(({ writer }, at) => {
      const body = bodies[at] as Bytes
      return putBlock(writer, { cid: cidOf(leaves[at]?.[i] as Bytes), body }, { signal })
    })
    await Promise.all(put)
    onProgress?.({ step: 'mend', done: i + 1, total })
  }
  return whole
}

/** Waits for the placement to be final, for half a minute. */
async function retireAgain(
  chain: Chain,
  { record, loaded }: Pick<RenewJob, 'record' | 'loaded'>,
  { notRetired }: Activated,
  { signal }: { readonly signal: AbortSignal | undefined },
): Promise<readonly NotRetired[]> {
  let left = notRetired
  const keepers: Hex[] = left.map(({ operator }) => operator)
  for (let tries = 0; tries < 30 && left.some(({ code }) => code === 'FORBIDDEN'); tries++) {
    await pause(1_000, { signal })
    left = await retireOldShares(chain, { ...record, version: loaded.manifest.version }, keepers, { signal })
  }
  return left
}

import { digest } from '#primitives'
import { type Bytes, concat, equal, fromHex, type Hex, toHex } from '../bytes.ts'
import { fetchAny, putBlock, trouble } from '../place/index.ts'
import {
  checkAttested,
  chunkCount,
  chunkLength,
  cidOf,
  isCodeword,
  leafAt,
  type Manifest,
  type Policy,
  type RenewAnswer,
  type RenewAsk,
  readKey,
  shareChunkLength,
  shareRootOf,
} from '../share/index.ts'
import { blameChunk, type Carried } from './change-blame.ts'
import type { ChangeRole, ChangeRound, Made } from './change-job.ts'
import { askEach, type Looked, type RenewalOptions, type RenewNode } from './renew-job.ts'
import { attempt, windowBytes, windowsOf } from './renew-round.ts'
import { reading } from './renew-settle.ts'

/** What a session is told of the record. */
export type Job = Pick<Looked, 'record' | 'loaded' | 'known' | 'contentLeaves'>

const none = new Uint8Array(0)

/** Runs one session to where all new nodes attest shares that are the record's; undefined where somebody failed, whom the
 * round names. */
export async function changeRound(job: Job, round: ChangeRound, options: RenewalOptions): Promise<Made | undefined> {
  if (!(await introduce(job, round, options))) return undefined
  const [dealers, takers] = [await openAll(round, 'contributor'), await openAll(round, 'receiver')]
  if (!dealers || !takers) return undefined
  const seeds = await seedsFor(round, dealers)
  const lists = seeds && (await carryParts(job, round, { keys: takers, dealers, seeds }, options))
  const attest = lists && (await confirmed(job, round, lists))
  return attest && { lists, attest }
}

/** Gives new nodes what they compare terms with. A manifest with r > 0 is first of all: what comes later stays here. */
export async function introduce(
  { record, loaded, known }: Job,
  round: ChangeRound,
  options: RenewalOptions,
): Promise<boolean> {
  const { read, signal } = options
  const old = new Set(loaded.placement.operators.map((id) => toHex(id)))
  const holders = known.filter(({ id }) => old.has(id)).map((info) => ({ operator: info.id, store: read(info) }))
  const placement = await fetchAny(cidOf(fromHex(record.placementHash, 32)), holders, { signal })
  const give = async ({ operator, writer }: RenewNode) => {
    const given = (async () => {
      for (const body of [...loaded.lineage, placement])
        await putBlock(writer, { cid: cidOf(await digest(body)), body }, { signal })
    })()
    const reason = await trouble(given, signal)
    if (reason !== undefined) round.faults.push({ role: 'receiver', operator, reason, lied: false })
  }
  await Promise.all(round.nodes.receiver.filter(({ operator }) => !old.has(operator)).map(give))
  return round.faults.length === 0
}

type Hearing = {
  readonly ask: (node: RenewNode, at: number) => Partial<RenewAsk>
  /** What is wrong with an answer. */
  readonly check: (answer: RenewAnswer, node: RenewNode, at: number) => string | undefined
}

/** Asks all of a role for one step. @returns answers in their order; undefined where one is missing, or is none. */
async function hear(
  round: ChangeRound,
  role: ChangeRole,
  step: Parameters<typeof askEach>[2],
  { ask, check }: Hearing,
): Promise<RenewAnswer[] | undefined> {
  const nodes = round.nodes[role]
  const asking = round.asking[role]
  const { draft } = round
  const answers = await askEach(asking, nodes, step, (node) => ({ draft, ...ask(node, nodes.indexOf(node)) }))
  const good = nodes.flatMap((node, at) => {
    const answer = answers.get(node.share)
    if (answer && answer.unread.length > 0 && noteOdds(round, role, node, answer.unread)) return []
    const reason = answer ? check(answer, node, at) : (asking.silent.get(node.share) ?? 'it was silent before')
    if (reason === undefined) return [answer as RenewAnswer]
    round.faults.push({ role, operator: node.operator, reason, lied: false })
    return []
  })
  return good.length === nodes.length ? good : undefined
}

/** @returns whether those whose messages it could not read are contributors. */
function noteOdds(round: ChangeRound, role: ChangeRole, { operator }: RenewNode, unread: readonly number[]): boolean {
  const from = round.nodes.contributor.filter(({ share }) => unread.includes(share))
  round.odds.push(...from.map((one) => ({ from: one.operator, to: operator, role })))
  return from.length > 0
}

/** The keys of a role's nodes for this session, signed. */
export async function openAll(round: ChangeRound, role: ChangeRole): Promise<Bytes[] | undefined> {
  const { session } = round.asking[role]
  const answers = await hear(round, role, 'open', {
    ask: () => ({}),
    check: ({ said }, node) => (attempt(() => readKey(session, said, node)) ? undefined : 'it gave no key of its own'),
  })
  return answers?.map(({ said }) => said)
}

/** For each contributor the sealed seeds from those before it. */
async function seedsFor(round: ChangeRound, keys: readonly Bytes[]): Promise<Bytes[][] | undefined> {
  const { contributor: nodes } = round.nodes
  const answers = await hear(round, 'contributor', 'seeds', {
    ask: () => ({ said: [...keys] }),
    check: ({ parts }, _, at) => (parts[0]?.length === nodes.length - 1 - at ? undefined : 'it gave other seeds'),
  })
  return (
    answers && nodes.map((_, to) => answers.slice(0, to).map(({ parts }, from) => parts[0]?.[to - from - 1] ?? none))
  )
}

type Carrying = {
  /** Keys of the new nodes, and of the contributors. */
  readonly keys: readonly Bytes[]
  readonly dealers: readonly Bytes[]
  readonly seeds: readonly Bytes[][]
}

/** Carries all parts, window after window, each verified before the next. @returns the leaf lists of the new shares. */
async function carryParts(
  job: Job,
  round: ChangeRound,
  { keys, dealers, seeds }: Carrying,
  { onProgress, signal }: RenewalOptions,
): Promise<Bytes[] | undefined> {
  const shape: Manifest & Policy = { ...job.loaded.manifest, ...round.plan.to }
  const total = chunkCount(shape)
  const lists = round.nodes.receiver.map(() => new Uint8Array(32 * total))
  for (const { first, count } of windowsOf(total, Math.floor(windowBytes / (shape.n * shareChunkLength(shape, 0))))) {
    const isWhole = ({ parts }: RenewAnswer) =>
      parts.length === count && parts.every(({ length }) => length === shape.n)
    const dealt = await hear(round, 'contributor', 'parts', {
      ask: (_, at) => ({ first, count, said: [...keys], parts: [seeds[at] ?? []] }),
      check: (answer) => (isWhole(answer) ? undefined : 'it dealt other parts than it was asked for'),
    })
    if (!dealt) return undefined
    const partsFor = (j: number, at: number) => dealt.map(({ parts }) => parts[at]?.[j] ?? none)
    const taken = await hear(round, 'receiver', 'take', {
      ask: (_, j) => ({ first, count, parts: Array.from({ length: count }, (_one, at) => partsFor(j, at)) }),
      check: ({ leaves }) => (leaves.length === 32 * count ? undefined : 'it made no new share'),
    })
    if (!taken) return undefined
    for (const [j, { leaves }] of taken.entries()) lists[j]?.set(leaves, 32 * first)
    for (let at = 0; at < count; at++) {
      const bodies = await readBack(job, round, { lists, i: first + at }, signal)
      if (!bodies) return undefined
      if (await fits(job, round, bodies, first + at)) continue
      const sealed = round.nodes.receiver.map((_, j) => partsFor(j, at))
      await judge(job, round, { i: first + at, sealed, seeds, sums: bodies, dealers }, { signal })
      return undefined
    }
    onProgress?.({ step: 'deal', done: first + count, total })
  }
  return lists
}

/** Has the round name who is at fault where a chunk is off. */
async function judge(
  job: Job,
  round: ChangeRound,
  { dealers, ...carried }: Carried & { readonly dealers: readonly Bytes[] },
  options: Pick<RenewalOptions, 'signal'>,
): Promise<void> {
  if (await areSame(round, dealers)) round.faults.push(...(await blameChunk(job, round, carried, options)))
}

/** Whether contributors are in the session that they began in. Somebody else may have had one forget it, and begin anew: what
 * it deals then does not follow from the seeds that it gave, and it has not lied. */
async function areSame(round: ChangeRound, dealers: readonly Bytes[]): Promise<boolean> {
  const again = await openAll(round, 'contributor')
  if (!again) return false
  const { session } = round.asking.contributor
  const keyOf = (said: Bytes | undefined, node: RenewNode) =>
    attempt(() => readKey(session, said ?? none, node)) ?? none
  const anew = round.nodes.contributor.filter((node, at) => !equal(keyOf(again[at], node), keyOf(dealers[at], node)))
  for (const { operator } of anew)
    round.faults.push({ role: 'contributor', operator, reason: 'its session began anew', lied: false })
  return anew.length === 0
}

/** The new share-chunks of one chunk. */
async function readBack(
  { loaded }: Job,
  { nodes: { receiver }, plan, faults }: ChangeRound,
  { lists, i }: { readonly lists: readonly Bytes[]; readonly i: number },
  signal: AbortSignal | undefined,
): Promise<Bytes[] | undefined> {
  const read = reading(receiver, lists, signal)
  const due = shareChunkLength({ ...loaded.manifest, ...plan.to }, i)
  const bodies: Bytes[] = []
  const get = async ({ operator }: RenewNode, j: number) => {
    const reason = await trouble(
      (async () => {
        bodies[j] = await read(j, i)
      })(),
      signal,
    )
    const problem = reason ?? (bodies[j]?.length === due ? undefined : 'its new share has another length')
    if (problem !== undefined) faults.push({ role: 'receiver', operator, reason: problem, lied: false })
  }
  await Promise.all(receiver.map(get))
  return faults.length === 0 ? bodies : undefined
}

async function fits(
  { loaded: { manifest }, contentLeaves }: Job,
  { plan }: ChangeRound,
  bodies: readonly Bytes[],
  i: number,
): Promise<boolean> {
  const leaf = leafAt(contentLeaves, i) ?? none
  return await isCodeword(plan.to, bodies, { leaf, length: chunkLength(manifest, i) })
}

/** The new nodes' signatures under their roots. */
export async function confirmed(
  { loaded: { manifest, manifestHash, lineage } }: Job,
  round: ChangeRound,
  lists: readonly Bytes[],
): Promise<Bytes[] | undefined> {
  const { networkId, recordId, version } = manifest
  const common = { networkId, recordId, version, prev: fromHex(manifestHash, 32), epoch: lineage.length }
  const isSigned = (signature: Bytes, account: Hex, share: number): boolean =>
    attempt(() => {
      const root = shareRootOf(share, lists[share] ?? none)
      checkAttested({ ...common, share, root }, signature, account)
      return true
    }) ?? false
  const answers = await hear(round, 'receiver', 'confirm', {
    ask: (_, j) => ({ leaves: concat(lists[j] ?? none) }),
    check: ({ said }, { account }, j) => (isSigned(said, account, j) ? undefined : 'it did not attest its new share'),
  })
  return answers?.map(({ said }) => said)
}

import { type Bytes, fromHex } from '../bytes.ts'
import { blockAt, type Chain, view } from '../chain/index.ts'
import { pause, trouble } from '../place/index.ts'
import {
  beaconOf,
  type Check,
  chunkCount,
  judgeChecks,
  type Post,
  type RenewAnswer,
  type RenewAsk,
  RenewError,
  readCheck,
  readKey,
  readPost,
  shareChunkLength,
} from '../share/index.ts'
import { askEach, type RenewalOptions, type RenewJob, type RenewNode, type RenewRound } from './renew-job.ts'

/** What a round of a refresh came to: contributors to go on without, or new shares. */
type RoundEnd =
  | { readonly drop: readonly Dropped[] }
  | {
      /** The accepted contributors, and those refused. */
      readonly accepted: readonly number[]
      readonly refused: readonly Dropped[]
      /** The leaf lists of new shares, by share; undefined where a node is off a word or silent. */
      readonly lists: readonly (Bytes | undefined)[]
      readonly judging: Judging
    }

/** What a node judges the contributions by: the checks, by share, and the block of their beacon. */
export type Judging = { readonly block: number; readonly said: Bytes[] }

/** A contributor that is not asked again; `refused`: what it dealt is false, which no f nodes can feign. */
export type Dropped = { readonly share: number; readonly reason: string; readonly refused: boolean }

/** Bytes of parts that one answer should carry. */
export const windowBytes = 8 * 2 ** 20
const none = new Uint8Array(0)

/** Runs one session: deal, post, check, take. Errors: `RenewError` where more than f nodes are silent. */
export async function refreshRound(
  chain: Chain,
  job: RenewJob,
  round: RenewRound,
  options: RenewalOptions,
): Promise<RoundEnd> {
  const { terms } = round
  const contributors = job.nodes.filter(({ share }) => terms.contributors.includes(share))
  const keys = await openAll(job, round)
  const dealt = await deal(job, round, { contributors, keys }, options)
  if (dealt.length > 0) return { drop: dealt }
  const posts = await askEach(round, job.nodes, 'posts', () => ({}))
  const posted = saidBy(job, posts, (answer, node) => readPost(round.session, answer.said, sayerOf(round, node)))
  checkSilence(job, round, posted)
  const block = (
    await blockAfter(
      chain,
      [...posts.values()].map((answer) => answer.block),
      options,
    )
  ).number
  const hash = (await blockAt(chain, { blockNumber: block }, options)).hash
  const beacon = beaconOf(round.session.session, fromHex(hash, 32))
  const said = job.nodes.map(({ share }) => (posted[share] ? (posts.get(share)?.said ?? none) : none))
  const answers = await askEach(round, job.nodes, 'checks', () => ({ block: Number(block), said }))
  const checks = saidBy(job, answers, (answer, node) => readCheck(round.session, answer.said, sayerOf(round, node)))
  checkSilence(job, round, checks)
  const count = chunkCount(job.loaded.manifest)
  options.onProgress?.({ step: 'check', done: count, total: count })
  return await taken(job, round, { checks, answers, beacon, block: Number(block) }, options)
}

/** What each node said, where that is its word. */
function saidBy<T extends Post | Check>(
  { nodes }: RenewJob,
  answers: ReadonlyMap<number, RenewAnswer>,
  read: (answer: RenewAnswer, node: RenewNode) => T,
): (T | undefined)[] {
  return nodes.map((node) => {
    const answer = answers.get(node.share)
    return answer && attempt(() => read(answer, node))
  })
}

const sayerOf = ({ terms }: RenewRound, { share, account }: RenewNode) => ({
  from: share,
  account,
  contributors: terms.contributors.length,
})

/** Whatever a peer's bytes throw, they are no word of it. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof Error) return undefined
    throw error
  }
}

/** Errors: `RenewError` where more than f nodes said nothing. */
function checkSilence({ nodes }: RenewJob, { terms, silent }: RenewRound, said: readonly unknown[]): void {
  const missing = nodes.filter(({ share }) => said[share] === undefined)
  if (missing.length <= (terms.off as number)) return
  const each = missing.map(({ share, operator }) => `${operator} (${silent.get(share) ?? 'another answer'})`)
  throw new RenewError({ reason: `${missing.length} nodes are silent, and ${terms.off} may be: ${each.join(', ')}` })
}

/** Keys of the session as their nodes signed them; empty where one is silent. */
async function openAll(job: RenewJob, round: RenewRound): Promise<Bytes[]> {
  const opened = await askEach(round, job.nodes, 'open', () => ({}))
  const keys = job.nodes.map((node) => {
    const said = opened.get(node.share)?.said
    const key = said && attempt(() => readKey(round.session, said, node))
    if (!key && !round.silent.has(node.share)) round.silent.set(node.share, 'it gave no key of its own')
    return key ? said : none
  })
  checkSilence(
    job,
    round,
    keys.map((key) => (key.length > 0 ? key : undefined)),
  )
  return keys
}

type Dealing = { readonly contributors: readonly RenewNode[]; readonly keys: Bytes[] }

/** Carries all words, window after window. Returns contributors that did not deal. */
async function deal(
  job: RenewJob,
  round: RenewRound,
  { contributors, keys }: Dealing,
  { onProgress }: RenewalOptions,
): Promise<Dropped[]> {
  const { manifest } = job.loaded
  const total = chunkCount(manifest)
  for (const { first, count } of windowsOf(total + 1, Math.floor(windowBytes / (manifest.n * chunkBytes(job))))) {
    const words = await askEach(round, contributors, 'words', () => ({ first, count, said: keys }))
    const isWhole = ({ parts }: RenewAnswer) =>
      parts.length === count && parts.every(({ length }) => length === manifest.n)
    const failed = contributors.filter(({ share }) => {
      const answer = words.get(share)
      return !answer || !isWhole(answer)
    })
    if (failed.length > 0)
      return failed.map(({ share }) => {
        return {
          share,
          reason: round.silent.get(share) ?? 'it dealt other words than it was asked for',
          refused: false,
        }
      })
    await askEach(round, job.nodes, 'rows', ({ share }) => ({
      first,
      count,
      parts: Array.from({ length: count }, (_, at) =>
        contributors.map((one) => words.get(one.share)?.parts[at]?.[share] ?? none),
      ),
    }))
    onProgress?.({ step: 'deal', done: Math.min(first + count, total), total })
  }
  return []
}

const chunkBytes = ({ loaded: { manifest } }: RenewJob): number => shareChunkLength(manifest, 0)

/** Runs of chunks of one length, `wished` or the nearest that a node takes. */
export function windowsOf(total: number, wished: number): { first: number; count: number }[] {
  const most = Math.max(1, Math.min(256, wished))
  const windows: { first: number; count: number }[] = []
  for (let first = 0; first < total; first += most) windows.push({ first, count: Math.min(most, total - first) })
  return windows
}

/** How far ahead of the own chain client a node's may be, and how long a block may take, in ms. */
const mostAhead = 64
const blockWithin = 120_000
const lookAgain = 250

/** A final block that nobody knew when the nodes posted. Errors: `RenewError` where none comes. */
async function blockAfter(chain: Chain, heads: readonly number[], { signal }: RenewalOptions) {
  const { latest } = await view(chain, { signal })
  const seen = heads.filter((head) => head <= Number(latest.number) + mostAhead)
  const number = BigInt(Math.max(Number(latest.number), ...seen) + 1)
  for (let waited = 0; waited < blockWithin; waited += lookAgain) {
    if ((await view(chain, { signal })).final.number >= number) return { number }
    await pause(lookAgain, { signal })
  }
  throw new RenewError({ reason: `no block came after the posts within ${blockWithin / 1000} s` })
}

type Checked = {
  readonly block: number
  readonly checks: readonly (Check | undefined)[]
  readonly answers: ReadonlyMap<number, RenewAnswer>
  readonly beacon: Bytes
}

/** Judges the contributions, and has every node that is on all accepted words make its new share. */
async function taken(
  job: RenewJob,
  round: RenewRound,
  { checks, answers, beacon, block }: Checked,
  { onProgress, signal }: RenewalOptions,
): Promise<RoundEnd> {
  const { manifest } = job.loaded
  const { contributors, off } = round.terms
  const verdicts = judgeChecks(manifest, checks, { contributors, beacon, most: off as number })
  const refused = verdicts.flatMap(({ share, off: who }): Dropped[] =>
    who ? [] : [{ share, reason: 'what it dealt is no zero word', refused: true }],
  )
  const good = verdicts.filter((verdict) => verdict.off !== undefined)
  if (good.length <= manifest.r) return { drop: refused }
  const said = job.nodes.map(({ share }) => (checks[share] ? (answers.get(share)?.said ?? none) : none))
  const on = job.nodes.filter(({ share }) => checks[share] && !good.some((verdict) => verdict.off?.includes(share)))
  const total = chunkCount(manifest)
  const lists = job.nodes.map(() => new Uint8Array(32 * total))
  for (const { first, count } of windowsOf(total, Math.floor(windowBytes / chunkBytes(job)))) {
    const leaves = await askEach(round, on, 'take', () => ({ first, count, said }))
    for (const { share } of on) {
      const list = leaves.get(share)?.leaves
      if (list?.length === 32 * count) lists[share]?.set(list, 32 * first)
      else if (!round.silent.has(share)) round.silent.set(share, 'it made no new share')
    }
    onProgress?.({ step: 'take', done: first + count, total })
  }
  signal?.throwIfAborted()
  const made = (share: number) => on.some((node) => node.share === share) && !round.silent.has(share)
  return {
    accepted: good.map(({ share }) => share),
    refused,
    lists: lists.map((list, share) => (made(share) ? list : undefined)),
    judging: { block, said },
  }
}

/** Has nodes forget a session, where they answer within moments. */
export async function dropRound(
  round: RenewRound,
  nodes: readonly RenewNode[],
  ask: Partial<RenewAsk> = {},
): Promise<void> {
  const all = { ...round, silent: new Map<number, string>(), timeout: 30_000 }
  await trouble(
    askEach(all, nodes, 'drop', () => ask),
    round.signal,
  )
}

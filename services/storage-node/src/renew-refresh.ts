import { isDiskFull } from '@sharewell/host'
import { type Bytes, fromHex } from '@sharewell/sdk/bytes'
import { type AbortOptions, loadShareLeaves } from '@sharewell/sdk/place'
import { sha256 } from '@sharewell/sdk/primitives'
import {
  beaconOf,
  type Check,
  checkCarried,
  chunkCount,
  cidOf,
  createCheck,
  drawZeroRows,
  drawZeroWord,
  judgeChecks,
  leafAt,
  type Manifest,
  maskLength,
  openPart,
  type Post,
  RenewError,
  readCheck,
  readKey,
  readPost,
  type Sayer,
  sealPart,
  sessionKeyOf,
  shareChunkLength,
  signSaid,
  vectorHash,
  xorRows,
} from '@sharewell/sdk/share'
import type { Keeper } from './authority.ts'
import type { Components } from './components.ts'
import type { Renewal, RenewalState } from './renew-files.ts'
import { activeKeepers, currentSession, noteLeaves, type RenewAct, type RenewStep } from './renew-session.ts'
import { isUnreadable, readable } from './repair-share.ts'
import { takeBlock } from './take-block.ts'

const none = new Uint8Array(0)

/** As a contributor: its zero words, sealed to each node's key of the session. */
export const dealWords: RenewAct = async (parts, step, options) => {
  const { ask, terms, session, manifest, own } = step
  if (!terms.contributors.includes(own)) throw new RenewError({ reason: 'this node is no contributor' })
  checkCarried({ count: ask.count, parts: terms.receivers.length, length: rowLengthOf(manifest, ask.first) })
  const { secret } = (await currentSession(parts, step)).state
  const keepers = await activeKeepers(parts, terms.receivers, options)
  const keys = step.operators.map((operator, j) => {
    const keeper = keepers[j]
    const said = ask.said[j] ?? none
    return keeper && said.length > 0 ? readKey(session, said, { operator, account: keeper.account }) : undefined
  })
  const sealed: Bytes[][] = []
  for (let i = ask.first; i < ask.first + ask.count; i++) {
    const length = rowLengthOf(manifest, i)
    const draw = { secret, session: session.session }
    const random = await drawZeroRows(draw, { i, r: manifest.r, length })
    const rows = drawZeroWord(manifest, length, { random })
    const to = async (key: Bytes | undefined, j: number) => {
      const place = { stage: 'word', from: own, to: j, i } as const
      const sealing = key && sealPart(session, place, rows[j] as Bytes, { signer: parts.author, publicKey: key })
      // A key that nothing can be sealed to is its owner's loss alone.
      return (sealing && (await readable(sealing))) ?? none
    }
    sealed.push(await Promise.all(keys.map(to)))
  }
  return { parts: sealed }
}

/** Takes words as they come, chunk after chunk, until it has posted. */
export const takeRows: RenewAct = async (parts, step, options) => {
  const { ask, terms, session, manifest, own, standing } = step
  const { contributors } = terms
  const renewal = await currentSession(parts, step)
  if (renewal.state.post.length > 0) throw new RenewError({ reason: 'it has posted already' })
  if (contributors.length * manifest.shareLen > standing.maxBytes)
    throw new RenewError({ reason: `words of ${contributors.length} contributors are more than the ticket allows` })
  const { seed } = sessionKeyOf(renewal.state.secret, session.session)
  const keepers = await activeKeepers(parts, terms.receivers, options)
  const unread = new Set<number>()
  const take = async (from: number, sealed: Bytes, i: number): Promise<boolean> => {
    const { account } = keepers[from] ?? {}
    if (!account) return false
    const body = await readable(openPart(session, { stage: 'word', from, to: own, i }, sealed, { seed, account }))
    if (body?.body.length !== rowLengthOf(manifest, i)) return false
    return await renewal.append(wordFile(from), offsetOf(manifest, i), body.body)
  }
  try {
    for (let at = 0; at < ask.count; at++)
      for (const [c, from] of contributors.entries())
        if (!(await take(from, ask.parts[at]?.[c] ?? none, ask.first + at))) unread.add(from)
  } catch (error) {
    if (isDiskFull(error)) parts.room.missing()
    throw error
  }
  return { unread: [...unread] }
}

/** Says the hashes of what it was given, and takes no more. */
export const postWords: RenewAct = async (parts, step, options) => {
  const renewal = await currentSession(parts, step)
  const { post, head } = renewal.state
  if (post.length > 0) return { said: post, block: head }
  const { terms, manifest, own, session } = step
  const vectors: (Bytes | null)[] = []
  for (const from of terms.contributors) {
    const whole = (await renewal.size(wordFile(from))) === wordLength(manifest)
    vectors.push(whole ? await vectorHash(rowsOf(renewal, manifest, from)) : null)
  }
  const said = await signSaid(session, { stage: 'post', from: own, vectors }, parts.author)
  // Words are closed before it looks: whoever dealt them did not know a later block.
  const block = await parts.authority.head(options)
  await renewal.save({ post: said, head: block })
  return { said, block }
}

/** Says its values under the beacon of a block that nobody knew when it posted. */
export const checkWords: RenewAct = async (parts, step, options) => {
  const { ask, terms, manifest, own, session } = step
  const renewal = await currentSession(parts, step)
  const { post, head, check, block } = renewal.state
  if (post.length === 0) throw new RenewError({ reason: 'it has not posted yet' })
  if (check.length > 0 && block === ask.block) return { said: check }
  if (check.length > 0) throw new RenewError({ reason: 'it has checked by another block' })
  if (ask.block <= head) throw new RenewError({ reason: `block ${ask.block} was known when it posted` })
  if (ask.block > head + mostAfter) throw new RenewError({ reason: `block ${ask.block} is long after it posted` })
  const keepers = await activeKeepers(parts, terms.receivers, options)
  const posted = ask.said.map((said, j) => wordOf(said, sayerOf(step, keepers, j), readPost.bind(undefined, session)))
  const standing = posted.filter((one) => one !== undefined).length
  if (standing < manifest.n - (terms.off as number)) throw new RenewError({ reason: `${standing} posts are too few` })
  const beacon = await beaconAt(parts, step, options)
  const mine = wordOf(post, sayerOf(step, keepers, own), readPost.bind(undefined, session))
  if (!mine) throw new RenewError({ reason: 'this node is not active' })
  const values: (number[] | null)[] = []
  for (const [c, from] of terms.contributors.entries())
    values.push(mine.vectors[c] ? await valuesOf(renewal, manifest, { from, beacon }) : null)
  const said = await signSaid(session, { stage: 'check', from: own, beacon, values }, parts.author)
  await renewal.save({ check: said, beacon, block: ask.block })
  return { said }
}

async function valuesOf(
  renewal: Renewal,
  manifest: Manifest,
  { from, beacon }: { readonly from: number; readonly beacon: Bytes },
): Promise<number[]> {
  const check = createCheck(manifest, beacon)
  const count = chunkCount(manifest)
  let i = 0
  for await (const row of rowsOf(renewal, manifest, from)) {
    if (i === count) return check.finish(row)
    await check.add(i++, row)
  }
  throw new RenewError({ reason: 'a word is not whole any more' })
}

/** Adds the accepted words to its share: new chunks stand beside the old ones until they are activated. */
export const takeWords: RenewAct = async (parts, step, options) => {
  const { ask, own } = step
  const renewal = await currentSession(parts, step)
  if (renewal.state.check.length === 0) throw new RenewError({ reason: 'it has not checked yet' })
  const { state } = await judged(parts, step, renewal, options)
  if (state.off) return { unread: [own] }
  const made = await makeChunks(parts, step, { ...renewal, state }, ask, options)
  return { leaves: made }
}

/** Makes new chunks in order. @returns their leaves. */
export async function makeChunks(
  parts: Components,
  { manifest, own, standing }: RenewStep,
  renewal: Renewal,
  { first, count }: { readonly first: number; readonly count: number },
  options: AbortOptions,
): Promise<Bytes> {
  const { operator, store } = parts
  const old = await loadShareLeaves(manifest, own, [{ operator, store }], options)
  const leaves = new Uint8Array(32 * count)
  for (let at = 0; at < count; at++) {
    const i = first + at
    const body = await store.get(cidOf(leafAt(old, i) ?? none), options)
    const rows = renewal.state.accepted.map((from) => renewal.read(wordFile(from), offsetOf(manifest, i), body.length))
    const bytes = xorRows([body, ...(await Promise.all(rows))])
    const leaf = sha256(bytes)
    const noted = await noteLeaves(parts, renewal, { recordId: standing.recordId, offset: 32 * i, leaves: leaf })
    if (!noted) throw new RenewError({ reason: 'chunks come in order' })
    await takeBlock(parts, { cid: cidOf(leaf), bytes, grant: standing })
    leaves.set(leaf, 32 * at)
  }
  return leaves
}

/**
 * Judges all contributions once, by what the nodes signed. A node that said nothing goes by the others; it is off then.
 * Errors: `RenewError`, naming refused contributors, or where fewer than t nodes can make their shares themselves: the
 * rest would be whatever a coordinator likes.
 */
export async function judged(
  parts: Components,
  step: RenewStep,
  renewal: Renewal,
  options: AbortOptions,
): Promise<Renewal> {
  const { state } = renewal
  if (state.judged) return renewal
  const { ask, terms, manifest, own, session } = step
  const spoke = state.check.length > 0
  const beacon = spoke ? state.beacon : await beaconAt(parts, step, options)
  const keepers = await activeKeepers(parts, terms.receivers, options)
  const checks = step.operators.map((_, j) => {
    // Its own word it knows.
    const said = j === own && spoke ? state.check : (ask.said[j] ?? none)
    return wordOf(said, sayerOf(step, keepers, j), readCheck.bind(undefined, session))
  })
  const { contributors, off: most } = terms
  const verdicts = judgeChecks(manifest, checks, { contributors, beacon, most: most as number })
  const taken = verdicts.filter(({ off }) => off !== undefined)
  if (taken.length <= manifest.r) {
    const culprits = verdicts.filter(({ off }) => off === undefined).map(({ share }) => share)
    throw new RenewError({ culprits, reason: `only ${taken.length} contributions are accepted` })
  }
  const able = checks.filter((check, j) => check && !taken.some(({ off }) => off?.includes(j)))
  if (able.length < manifest.t) throw new RenewError({ reason: `only ${able.length} nodes have all words` })
  const verdict: Pick<RenewalState, 'accepted' | 'off'> = {
    accepted: taken.map(({ share }) => share),
    off: !spoke || taken.some(({ off }) => off?.includes(own)),
  }
  return await renewal.save({ ...verdict, judged: true })
}

/** Errors: `RenewError` where that block is not final here. */
async function beaconAt({ authority }: Components, { ask, session }: RenewStep, options: AbortOptions): Promise<Bytes> {
  const hash = await authority.finalHash(ask.block, options)
  if (!hash) throw new RenewError({ reason: `block ${ask.block} is not final here` })
  return beaconOf(session.session, fromHex(hash, 32))
}

/** Blocks among which a coordinator has the choice, as heads differ and nodes post one after another. */
const mostAfter = 1_024

const wordFile = (from: number): string => `word-${from}`

const rowLengthOf = (manifest: Manifest, i: number): number =>
  i === chunkCount(manifest) ? maskLength : shareChunkLength(manifest, i)

/** Where chunk i stands in a file of a whole word: all chunks but the last two are of one length. */
function offsetOf(manifest: Manifest, i: number): number {
  const count = chunkCount(manifest)
  if (i === count) return manifest.shareLen
  return i === count - 1 ? manifest.shareLen - shareChunkLength(manifest, i) : i * shareChunkLength(manifest, 0)
}

const wordLength = (manifest: Manifest): number => manifest.shareLen + maskLength

async function* rowsOf(renewal: Renewal, manifest: Manifest, from: number): AsyncGenerator<Bytes> {
  for (let i = 0; i <= chunkCount(manifest); i++)
    yield await renewal.read(wordFile(from), offsetOf(manifest, i), rowLengthOf(manifest, i))
}

function sayerOf({ terms }: RenewStep, keepers: readonly (Keeper | undefined)[], from: number): Sayer | undefined {
  const account = keepers[from]?.account
  return account && { from, account, contributors: terms.contributors.length }
}

/** What a node said, where that is its word. */
function wordOf<T extends Post | Check>(
  said: Bytes,
  sayer: Sayer | undefined,
  read: (signed: Uint8Array, sayer: Sayer) => T,
): T | undefined {
  if (!sayer || said.length === 0) return undefined
  try {
    return read(said, sayer)
  } catch (error) {
    if (!isUnreadable(error)) throw error
    return undefined
  }
}

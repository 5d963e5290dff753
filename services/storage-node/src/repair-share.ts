import { type Bytes, equal, type Hex, toHex } from '@sharewell/sdk/bytes'
import { CborError, CborFieldError } from '@sharewell/sdk/cbor'
import { EnvelopeError } from '@sharewell/sdk/envelope'
import { type AbortOptions, loadShareLeaves } from '@sharewell/sdk/place'
import { sha256 } from '@sharewell/sdk/primitives'
import {
  addPieces,
  checkCarried,
  cidOf,
  drawPieces,
  leafAt,
  type Manifest,
  openPart,
  type PartPlace,
  type ReceivedPart,
  RenewError,
  type RepairAnswer,
  type RepairAsk,
  sealPart,
  shareChunkLength,
  signPart,
  splitPiece,
} from '@sharewell/sdk/share'
import { SignedObjectError } from '@sharewell/sdk/signed'
import type { Keeper } from './authority.ts'
import type { Components } from './components.ts'
import type { RepairStep } from './repair-step.ts'
import { takeBlock } from './take-block.ts'

type Parts = Pick<
  Components,
  'operator' | 'store' | 'ledger' | 'networkId' | 'room' | 'authority' | 'leaving' | 'hpke' | 'author'
>

/** As a helper: its pieces for the others, sealed, chunk by chunk. Errors: `RenewError`, `BlockNotFoundError`. */
export async function givePieces(
  parts: Parts,
  step: RepairStep,
  options: AbortOptions,
): Promise<Partial<RepairAnswer>> {
  const { ask, plan } = step
  const own = asHelper(step)
  checkAnswer(step, plan.helpers.length - 1)
  const keepers = await keepersOf(parts, step, plan.helpers, options)
  for (const [at, helper] of plan.helpers.entries()) if (helper !== own) checkKey(ask.keys[at], keepers.get(helper))
  const chunk = async (i: number): Promise<Bytes[]> => {
    const pieces = await piecesOf(parts, step, i, options)
    const sealed = plan.helpers.map((to, at) => {
      const keys = { signer: parts.author, publicKey: ask.keys[at] as Bytes }
      const place = { stage: 'piece', from: own, to, i } as const
      return to === own ? [] : [sealPart(step.session, place, pieces[at] as Bytes, keys)]
    })
    return await Promise.all(sealed.flat())
  }
  return { parts: await eachChunk(ask, chunk) }
}

/** As a helper: the sums of all helpers' pieces for it, sealed to the target. `unread` names those that did not open, or
 * are no share-chunk long. */
export async function giveSums(parts: Parts, step: RepairStep, options: AbortOptions): Promise<Partial<RepairAnswer>> {
  const { ask, plan, session, receiver } = step
  const own = asHelper(step)
  checkGives(parts, step)
  checkAnswer(step, 1)
  const keepers = await keepersOf(parts, step, plan.helpers, options)
  checkKey(ask.keys[0], await parts.authority.keeper(receiver, options))
  const unread = new Set<number>()
  const others = plan.helpers.filter((helper) => helper !== own)
  const sums = await eachChunk(ask, async (i, at) => {
    const opened = await openAll(parts, step, { stage: 'piece', to: own, i }, others, { keepers, at })
    for (const { from, received } of opened) if (!received) unread.add(from)
    const given = opened.flatMap(({ received }) => (received ? [received.body] : []))
    if (unread.size > 0) return []
    const sum = await sumOf(parts, step, { i, given }, options)
    const place = { stage: 'sum', from: own, to: plan.share, i } as const
    return [await sealPart(session, place, sum, { signer: parts.author, publicKey: ask.keys[0] as Bytes })]
  })
  return unread.size > 0 ? { unread: [...unread] } : { parts: sums }
}

/** Shows what was sealed to this node, as its senders signed it, and as a helper its own sum of that, to who may see its
 * share anyway: so whose sum does not follow is found. `unread` names those whose parts do not open. */
export async function openParts(parts: Parts, step: RepairStep, options: AbortOptions): Promise<Partial<RepairAnswer>> {
  const { plan, isTarget, session } = step
  const own = isTarget ? plan.share : asHelper(step)
  checkGives(parts, step)
  checkAnswer(step, isTarget ? 0 : 1)
  const senders = isTarget ? plan.helpers : plan.helpers.filter((helper) => helper !== own)
  const keepers = await keepersOf(parts, step, senders, options)
  const unread = new Set<number>()
  const shown = await eachChunk(step.ask, async (i, at) => {
    const stage = isTarget ? 'sum' : 'piece'
    const opened = await openAll(parts, step, { stage, to: own, i }, senders, { keepers, at })
    for (const { from, received } of opened) if (!received) unread.add(from)
    const got = opened.flatMap(({ received }) => (received ? [received] : []))
    const signed = got.map((one) => one.signed)
    if (isTarget || unread.size > 0) return signed
    const sum = await sumOf(parts, step, { i, given: got.map(({ body }) => body) }, options)
    const place = { stage: 'sum', from: own, to: plan.share, i } as const
    return [...signed, await signPart(session, place, sum, parts.author)]
  })
  return unread.size > 0 ? { unread: [...unread] } : { parts: shown }
}

/** What a helper has to give the target. */
async function sumOf(
  parts: Parts,
  step: RepairStep,
  { i, given }: { readonly i: number; readonly given: readonly Bytes[] },
  options: AbortOptions,
): Promise<Bytes> {
  const { plan, own } = step
  const pieces = await piecesOf(parts, step, i, options)
  return addPieces(plan, [...given, pieces[plan.helpers.indexOf(own)] as Bytes])
}

/** As the target: adds the sums, and keeps what has the hash of its leaf. `off` names chunks whose sums have not. */
export async function takeSums(parts: Parts, step: RepairStep, options: AbortOptions): Promise<Partial<RepairAnswer>> {
  const { ask, plan, manifest, isTarget, standing } = step
  if (!isTarget) throw new RenewError({ reason: 'this node is not the target' })
  const keepers = await keepersOf(parts, step, plan.helpers, options)
  const leaves = await leavesOf(parts, manifest, plan.share, options)
  const unread = new Set<number>()
  const off: number[] = []
  await eachChunk(ask, async (i, at) => {
    const opened = await openAll(parts, step, { stage: 'sum', to: plan.share, i }, plan.helpers, { keepers, at })
    for (const { from, received } of opened) if (!received) unread.add(from)
    const given = opened.flatMap(({ received }) => (received ? [received.body] : []))
    const leaf = leafAt(leaves, i) ?? new Uint8Array(32)
    if (given.length < opened.length) return []
    const bytes = addPieces(plan, given)
    if (equal(sha256(bytes), leaf)) await takeBlock(parts, { cid: cidOf(leaf), bytes, grant: standing })
    else off.push(i)
    return []
  })
  return { unread: [...unread], off }
}

function asHelper({ plan, own, isTarget }: RepairStep): number {
  if (isTarget || !plan.helpers.includes(own)) throw new RenewError({ reason: 'this node is no helper' })
  return own
}

/** A share goes whole to one alone where its keeper goes: else each of t keepers could be talked into giving its own. */
function checkGives({ leaving }: Parts, { plan, own, isTarget }: RepairStep): void {
  if (!isTarget && own === plan.share && !leaving) throw new RenewError({ reason: 'this node is not leaving' })
}

/** What it makes itself, `made` parts a chunk; what it was brought came in one body. */
function checkAnswer({ ask: { first, count }, manifest }: RepairStep, made: number): void {
  checkCarried({ count, parts: made, length: shareChunkLength(manifest, first) })
}

/** One chunk after another: in memory are those of one request. */
async function eachChunk(
  { first, count }: RepairAsk,
  work: (i: number, at: number) => Promise<Bytes[]>,
): Promise<Bytes[][]> {
  const all: Bytes[][] = []
  for (let at = 0; at < count; at++) all.push(await work(first + at, at))
  return all
}

/** The same pieces whenever they are asked for. */
async function piecesOf(parts: Parts, step: RepairStep, i: number, options: AbortOptions): Promise<Bytes[]> {
  const { plan, manifest, own, session } = step
  const leaf = leafAt(await leavesOf(parts, manifest, own, options), i) ?? new Uint8Array(32)
  const body = await parts.store.get(cidOf(leaf), options)
  // A share that is handed over is given as it is.
  if (own === plan.share) return [body]
  const secret = { secret: parts.hpke.seed, session: session.session }
  return splitPiece(plan, own, body, { random: await drawPieces(plan, secret, { i, length: body.length }) })
}

async function leavesOf({ operator, store }: Parts, manifest: Manifest, share: number, options: AbortOptions) {
  return await loadShareLeaves(manifest, share, [{ operator, store }], options)
}

/** By share number, as the registry names them now. */
async function keepersOf(
  { authority }: Parts,
  { operators }: RepairStep,
  shares: readonly number[],
  options: AbortOptions,
): Promise<ReadonlyMap<number, Keeper>> {
  const found = await Promise.all(
    shares.map(async (share) => [share, await authority.keeper(operators[share] as Hex, options)] as const),
  )
  return new Map(
    found.map(([share, keeper]) => {
      if (!keeper) throw new RenewError({ reason: `the keeper of share ${share} is not active` })
      return [share, keeper]
    }),
  )
}

/** What nobody but the registered key's owner opens. */
function checkKey(key: Bytes | undefined, keeper: Keeper | undefined): void {
  if (!key || toHex(sha256(key)) !== keeper?.hpkeKeyHash)
    throw new RenewError({ reason: 'a key is not the one that the registry names' })
}

type Opened = { readonly from: number; readonly received: ReceivedPart | undefined }

async function openAll(
  { hpke }: Parts,
  { ask, session, manifest }: RepairStep,
  place: Omit<PartPlace, 'from'>,
  senders: readonly number[],
  { keepers, at }: { readonly keepers: ReadonlyMap<number, Keeper>; readonly at: number },
): Promise<Opened[]> {
  const sealed = ask.parts[at]
  if (sealed?.length !== senders.length)
    throw new RenewError({ reason: `${sealed?.length ?? 0} parts of a chunk came` })
  const open = async (from: number, nth: number): Promise<Opened> => {
    const { account } = keepers.get(from) as Keeper
    try {
      const received = await openPart(session, { ...place, from }, sealed[nth] as Bytes, { seed: hpke.seed, account })
      // Bodies of other lengths cannot be added; who sent them is to be named, and nobody else.
      const fits = received.body.length === shareChunkLength(manifest, place.i)
      return { from, received: fits ? received : undefined }
    } catch (error) {
      if (!isUnreadable(error)) throw error
      return { from, received: undefined }
    }
  }
  return await Promise.all(senders.map(open))
}

/** What may come of a peer's bytes. */
export const isUnreadable = (error: unknown): boolean =>
  [EnvelopeError, CborError, CborFieldError, SignedObjectError, RenewError].some((kind) => error instanceof kind)

/** Undefined where a peer's bytes are nothing that can be read. */
export async function readable<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if (!isUnreadable(error)) throw error
    return undefined
  }
}

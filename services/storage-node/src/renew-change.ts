import { type Bytes, concat, equal, fromHex, type Hex } from '@sharewell/sdk/bytes'
import { type AbortOptions, loadShareLeaves } from '@sharewell/sdk/place'
import { sha256 } from '@sharewell/sdk/primitives'
import {
  addParts,
  type ChangePlan,
  checkCarried,
  cidOf,
  dealParts,
  leafAt,
  openPart,
  type PartPlace,
  type Policy,
  pairSeedOf,
  planChange,
  type ReceivedPart,
  type RenewAnswer,
  RenewError,
  readKey,
  sealPart,
  sessionKeyOf,
  shareChunkLength,
} from '@sharewell/sdk/share'
import type { Keeper } from './authority.ts'
import type { Components } from './components.ts'
import type { Renewal } from './renew-files.ts'
import { activeKeepers, currentSession, noteLeaves, type RenewAct, type RenewStep } from './renew-session.ts'
import { isUnreadable, readable } from './repair-share.ts'
import { takeBlock } from './take-block.ts'

const none = new Uint8Array(0)

/** As a contributor: the seeds of its pairs with those behind it, sealed to their keys of the session. */
export const dealSeeds: RenewAct = async (parts, step, options) => {
  const { ask, terms, session } = step
  const own = asContributor(step)
  const { secret } = (await currentSession(parts, step)).state
  const keepers = await contributorsOf(parts, step, options)
  const sealed = terms.contributors.map(async (to, at) => {
    if (to <= own) return []
    const seed = pairSeedOf({ secret, session: session.session }, to)
    const place = { stage: 'seed', from: own, to, i: 0 } as const
    const key = keyOf(step, step.operators[to], keepers[at], ask.said[at])
    return [await sealFor(parts, step, place, seed, key)]
  })
  return { parts: [(await Promise.all(sealed)).flat()] }
}

/** As a contributor: its parts for the new nodes, sealed, chunk by chunk; or those whose seeds did not open. */
export const dealChange: RenewAct = async (parts, step, options) => {
  const { ask, terms, session, manifest } = step
  const own = asContributor(step)
  const length = shareChunkLength({ ...manifest, ...terms.policy }, ask.first)
  checkCarried({ count: ask.count, parts: terms.receivers.length, length })
  const renewal = await currentSession(parts, step)
  const { secret } = renewal.state
  const { opened, unread } = await openSeeds(parts, step, options)
  if (unread.length > 0) return { unread }
  await holdTo(
    renewal,
    opened.map(({ received }) => received.body),
  )
  const behind = terms.contributors.filter((to) => to > own)
  const seeds = new Map([
    ...behind.map((to) => [to, pairSeedOf({ secret, session: session.session }, to)] as const),
    ...opened.map(({ from, received }) => [from, received.body] as const),
  ])
  const dealer = { secret, session: session.session, contributor: own, seeds }
  const plan = planOf(step)
  const keepers = await activeKeepers(parts, terms.receivers, options)
  const keys = step.receivers.map((operator, j) => keyOf(step, operator, keepers[j], ask.said[j]))
  const { operator, store } = parts
  const leaves = await loadShareLeaves(manifest, own, [{ operator, store }], options)
  const all: Bytes[][] = []
  for (let i = ask.first; i < ask.first + ask.count; i++) {
    const body = await store.get(cidOf(leafAt(leaves, i) ?? none), options)
    const dealt = await dealParts(plan, dealer, { i, body })
    const to = (part: Bytes, j: number) => sealFor(parts, step, { stage: 'part', from: own, to: j, i }, part, keys[j])
    all.push(await Promise.all(dealt.map(to)))
  }
  return { parts: all }
}

/** Deals under the seeds that came first and no others: two parts under one signature would let others show the wrong one.
 * Errors: `RenewError`. */
async function holdTo(renewal: Renewal, seeds: readonly Bytes[]): Promise<void> {
  const given = sha256(concat(...seeds))
  await renewal.append('seeds', 0, given)
  if (!equal(await renewal.read('seeds', 0, 32), given)) throw new RenewError({ reason: 'it deals under other seeds' })
}

/** As a new node: its new chunks, each the sum of what all contributors dealt for it; or those whose parts did not open, or
 * have another length. They stand beside what it keeps until they are activated. */
export const takeParts: RenewAct = async (parts, step, options) => {
  const { ask, standing } = step
  const renewal = await currentSession(parts, step)
  const plan = planOf(step)
  const keepers = await contributorsOf(parts, step, options)
  const leaves: Bytes[] = []
  for (let at = 0; at < ask.count; at++) {
    const i = ask.first + at
    const { opened, unread } = await openDealt(step, renewal, { i, at, keepers })
    if (unread.length > 0) return { unread }
    const dealt = opened.map(({ received }) => received.body)
    const bytes = addParts(plan, dealt)
    const leaf = sha256(bytes)
    const noted = await noteLeaves(parts, renewal, { recordId: standing.recordId, offset: 32 * i, leaves: leaf })
    if (!noted) throw new RenewError({ reason: 'chunks come in order' })
    if (!equal(await renewal.read('leaves', 32 * i, 32), leaf))
      throw new RenewError({ reason: `it has made another chunk ${i} in this session` })
    await takeBlock(parts, { cid: cidOf(leaf), bytes, grant: standing })
    leaves.push(leaf)
  }
  return { leaves: concat(...leaves) }
}

/** What was sealed to this node, as its senders signed it, for who may see its share anyway: without chunks the seeds, as to
 * a contributor; else the parts, as to a new node. */
export const showDealt: RenewAct = async (parts, step, options) => {
  const { ask } = step
  const renewal = await currentSession(parts, step)
  if (ask.count === 0) return shown([await openSeeds(parts, step, options)])
  const keepers = await contributorsOf(parts, step, options)
  const all: Opened[] = []
  for (let at = 0; at < ask.count; at++) all.push(await openDealt(step, renewal, { i: ask.first + at, at, keepers }))
  return shown(all)
}

function shown(all: readonly Opened[]): Partial<RenewAnswer> {
  const unread = [...new Set(all.flatMap((one) => one.unread))]
  return unread.length > 0
    ? { unread }
    : { parts: all.map(({ opened }) => opened.map(({ received }) => received.signed)) }
}

/** Messages that opened, and share numbers of those whose did not. */
type Opened = {
  readonly opened: readonly { readonly from: number; readonly received: ReceivedPart }[]
  readonly unread: number[]
}

/** The seeds from contributors before this one. */
async function openSeeds(parts: Components, step: RenewStep, options: AbortOptions): Promise<Opened> {
  const own = asContributor(step)
  const renewal = await currentSession(parts, step)
  const keepers = await contributorsOf(parts, step, options)
  const before = step.terms.contributors.flatMap((from, at) => (from < own ? [{ from, keeper: keepers[at] }] : []))
  return await openAll(step, renewal, before, { stage: 'seed', to: own, i: 0, sealed: step.ask.parts[0], length: 32 })
}

/** The parts of one chunk from all contributors. */
async function openDealt(
  step: RenewStep,
  renewal: Renewal,
  { i, at, keepers }: { readonly i: number; readonly at: number; readonly keepers: readonly (Keeper | undefined)[] },
): Promise<Opened> {
  const { terms, manifest, next, ask } = step
  if (next < 0) throw new RenewError({ reason: 'this node is to have no share' })
  const from = terms.contributors.map((share, c) => ({ from: share, keeper: keepers[c] }))
  const length = shareChunkLength({ ...manifest, ...terms.policy }, i)
  return await openAll(step, renewal, from, { stage: 'part', to: next, i, sealed: ask.parts[at], length })
}

type Due = Omit<PartPlace, 'from'> & {
  /** By sender. */
  readonly sealed: readonly Bytes[] | undefined
  /** Bytes of each body. */
  readonly length: number
}

async function openAll(
  { session }: RenewStep,
  { state: { secret } }: Renewal,
  senders: readonly { readonly from: number; readonly keeper: Keeper | undefined }[],
  { sealed, length, ...place }: Due,
): Promise<Opened> {
  const { seed } = sessionKeyOf(secret, session.session)
  const all = await Promise.all(
    senders.map(async ({ from, keeper }, nth) => {
      const bytes = sealed?.[nth] ?? none
      const account = keeper?.account
      const received = account && (await readable(openPart(session, { ...place, from }, bytes, { seed, account })))
      return { from, received: received?.body.length === length ? received : undefined }
    }),
  )
  return {
    opened: all.flatMap(({ from, received }) => (received ? [{ from, received }] : [])),
    unread: all.flatMap(({ from, received }) => (received ? [] : [from])),
  }
}

function asContributor({ terms, own }: RenewStep): number {
  if (!terms.contributors.includes(own)) throw new RenewError({ reason: 'this node is no contributor' })
  return own
}

const planOf = ({ manifest, terms }: RenewStep): ChangePlan =>
  planChange(manifest, terms.policy as Policy, terms.contributors)

/** As the registry names them now, in the order of the terms. */
async function contributorsOf(parts: Components, { terms, operators }: RenewStep, options: AbortOptions) {
  const ids = terms.contributors.map((share) => fromHex(operators[share] as Hex, 16))
  return await activeKeepers(parts, ids, options)
}

/** The key of a session that an operator gave; undefined where it is not its own. */
function keyOf(
  { session }: RenewStep,
  operator: Hex | undefined,
  keeper: Keeper | undefined,
  said: Bytes = none,
): Bytes | undefined {
  if (!operator || !keeper) return undefined
  try {
    return readKey(session, said, { operator, account: keeper.account })
  } catch (error) {
    if (!isUnreadable(error)) throw error
    return undefined
  }
}

/** Empty for who has no key, or one that nothing can be sealed to: that is its owner's loss alone. */
async function sealFor(
  { author }: Components,
  { session }: RenewStep,
  place: PartPlace,
  body: Bytes,
  publicKey: Bytes | undefined,
): Promise<Bytes> {
  const sealing = publicKey && sealPart(session, place, body, { signer: author, publicKey })
  return (sealing && (await readable(sealing))) ?? none
}

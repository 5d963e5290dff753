import { type Bytes, concat, equal, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { type AbortOptions, BlocksUnavailableError, loadRecord, loadShareLeaves } from '@sharewell/sdk/place'
import {
  chunkCount,
  cidOf,
  leafAt,
  type Manifest,
  parseManifest,
  type RenewAnswer,
  type RenewAsk,
  RenewError,
  type RenewTerms,
  readSuccession,
  sessionKeyOf,
  signKey,
} from '@sharewell/sdk/share'
import type { Keeper, Standing } from './authority.ts'
import type { Components } from './components.ts'
import type { Renewal } from './renew-files.ts'
import { mostKeepers, openTerms, type StandingTerms } from './renew-terms.ts'
import { commonCids, removeBlocks, retireShares } from './retire.ts'

/** One step of a refresh or a change as this node may take part in it: everything compared with the chain. */
export type RenewStep = StandingTerms & {
  readonly ask: RenewAsk
  readonly standing: Standing
  readonly manifest: Manifest
  /** Who is to have shares, in their order. */
  readonly receivers: readonly Hex[]
  /** This node's share: of the shares that stand, and of those that are made; -1 where it has none. */
  readonly own: number
  readonly next: number
}

/** What a step takes and says. */
export type RenewAct = (parts: Components, step: RenewStep, options: AbortOptions) => Promise<Partial<RenewAnswer>>

/** Opens a step by its terms. Errors: `RenewError`, those of {@link openTerms} and of a placement's parsers. */
export async function openRenewStep(
  parts: Components,
  standing: Standing,
  { ask, kinds }: { readonly ask: RenewAsk; readonly kinds: readonly RenewTerms['kind'][] },
  options: AbortOptions,
): Promise<RenewStep> {
  const opened = await openTerms(parts, standing, { bytes: ask.terms, kinds }, options)
  const { terms, operators, loaded } = opened
  const { manifest } = loaded
  const receivers = terms.receivers.map((id) => toHex(id))
  if (terms.kind === 'change') await checkSuccession(parts, { standing, opened, draft: ask.draft }, options)
  else if (receivers.join() !== operators.join())
    throw new RenewError({ reason: 'the receivers are not who the standing placement names' })
  // With no one to spare all nodes accept the same contributors, whichever checks they are shown, or none.
  if (terms.kind === 'refresh' && terms.contributors.length !== manifest.r + 1)
    throw new RenewError({ reason: `${manifest.r + 1} contributors are needed, and no more` })
  const [own, next] = [operators.indexOf(parts.operator), receivers.indexOf(parts.operator)]
  if (next < 0 && !terms.contributors.includes(own)) throw new RenewError({ reason: 'this node has no part in it' })
  // Behind the last one, a refresh has a chunk of masks.
  if (ask.first + ask.count > chunkCount(manifest) + (terms.kind === 'refresh' ? 1 : 0))
    throw new RenewError({ reason: 'there are fewer chunks' })
  return { ...opened, ask, standing, manifest, receivers, own, next }
}

type Drafted = { readonly standing: Standing; readonly opened: StandingTerms; readonly draft: Bytes | undefined }

/** The new nodes are who a drafted placement names: active ones, chosen by who may relocate the record. */
async function checkSuccession(
  parts: Components,
  { standing: { recordId }, opened: { terms, loaded }, draft }: Drafted,
  options: AbortOptions,
): Promise<void> {
  const { receivers } = terms
  if (receivers.length > mostKeepers) throw new RenewError({ reason: `${receivers.length} keepers are too many` })
  const next = draft && readSuccession(loaded.placement, draft, receivers.length)
  if (!next || !terms.draft || !equal(next.hash, terms.draft))
    throw new RenewError({ reason: 'the drafted placement is not the one of its terms' })
  if (receivers.some((id, j) => toHex(id) !== next.operators[j]))
    throw new RenewError({ reason: 'the receivers are not who the drafted placement names' })
  if (!(await parts.authority.relocates(next.signer, recordId, options)))
    throw new RenewError({ reason: 'who signed the drafted placement may not relocate the record' })
  const gone = (await activeKeepers(parts, receivers, options)).indexOf(undefined)
  if (gone >= 0) throw new RenewError({ reason: `new keeper ${gone} is no active storage node` })
}

/** Begins the session, unless it is under way, and says by which key this node takes part. Another session of the
 * record ends. */
export const beginSession: RenewAct = async (parts, step, options) => {
  const { session } = step
  const { secret } = (await sessionOrNew(parts, step, options)).state
  if (secret.length === 0) throw new RenewError({ reason: 'the session has ended' })
  const { publicKey: key } = sessionKeyOf(secret, session.session)
  return { said: await signKey(session, { operator: parts.operator, key }, parts.author) }
}

/** The session of these terms; it begins where there is none, and another one of the record ends. */
export async function sessionOrNew(parts: Components, step: RenewStep, options: AbortOptions): Promise<Renewal> {
  const { renewals } = parts
  const { standing, session, terms } = step
  const found = await renewals.find(standing.recordId)
  if (found && equal(found.state.session, session.session)) return found
  if (found) await end(parts, step, found, options)
  return await renewals.begin(standing.recordId, { session: session.session, manifestHash: terms.manifestHash })
}

/** The session under way. Errors: `RenewError` where it is another one, or none. */
export async function currentSession({ renewals }: Components, { standing, session }: RenewStep): Promise<Renewal> {
  const found = await renewals.find(standing.recordId)
  if (!found || !equal(found.state.session, session.session) || found.state.secret.length === 0)
    throw new RenewError({ reason: 'this node is not in the session, or it has ended' })
  return found
}

/** Ends the session; what stands is not touched. */
export const dropSession: RenewAct = async (parts, step, options) => {
  const found = await parts.renewals.find(step.standing.recordId)
  if (found && equal(found.state.session, step.session.session)) await end(parts, step, found, options)
  return {}
}

/** Removes shares of before, and ends the session by which new ones came. Errors: those of `retireShares`.
 * @returns how many blocks went. */
export async function retireStanding(parts: Components, standing: Standing, options: AbortOptions): Promise<number> {
  const removed = await retireShares(parts, standing, options).catch(async (error: unknown) => {
    // Old shares may have to stay; what a session drew may not.
    if (error instanceof RenewError) await endStale(parts, standing, options)
    throw error
  })
  await endStale(parts, standing, options)
  return removed
}

/** Ends a session that began under a manifest which others have followed. */
async function endStale(parts: Components, standing: Standing, options: AbortOptions): Promise<void> {
  const { networkId, operator, store, renewals } = parts
  const { recordId } = standing
  await renewals.exclusive(recordId, async () => {
    const found = await renewals.find(recordId)
    if (!found) return
    const loaded = await loadRecord({ ...standing, networkId, nodes: [{ operator, store }], ...options })
    if (toHex(found.state.manifestHash) === loaded.manifestHash) return
    await end(parts, { standing, loaded }, found, options)
  })
}

/** Forgets the session of a version that is deleted: its manifest went with its chunks. */
export async function forgetDeleted({ renewals, store }: Components, recordId: Hex): Promise<void> {
  await renewals.exclusive(recordId, async () => {
    const found = await renewals.find(recordId)
    if (found && !(await store.has(cidOf(found.state.manifestHash)))) await renewals.forget(recordId)
  })
}

/**
 * Notes leaves of new chunks before these are kept, so that they are found when the session ends without them; and which of
 * them name blocks that were here already, and so are none of the session's.
 * @returns as {@link Renewal.append}.
 */
export async function noteLeaves(
  { ledger }: Pick<Components, 'ledger'>,
  renewal: Renewal,
  { recordId, offset, leaves }: { readonly recordId: Hex; readonly offset: number; readonly leaves: Bytes },
): Promise<boolean> {
  if ((await renewal.size('leaves')) === offset) {
    const here = cidsOf(leaves).flatMap((cid, at) =>
      ledger.entry(cid, recordId) ? [leaves.slice(32 * at, 32 * (at + 1))] : [],
    )
    if (here.length > 0)
      await renewal.append('here', 32 * Math.floor((await renewal.size('here')) / 32), concat(...here))
  }
  return await renewal.append('leaves', offset, leaves)
}

/** New chunks go unless they stand, or were here before; then secret and words. The list may be a coordinator's: nothing
 * that others keep, or that readers need, goes by it. */
async function end(
  parts: Components,
  { standing, loaded }: Pick<RenewStep, 'standing' | 'loaded'>,
  found: Renewal,
  options: AbortOptions,
): Promise<void> {
  const list = await found.read('leaves', 0, await found.size('leaves'))
  const { operator, store } = parts
  const networkId = fromHex(parts.networkId, 32)
  const manifests = list.length > 0 ? loaded.lineage.map((bytes) => parseManifest(bytes, { networkId })) : []
  const kept = commonCids(manifests, standing.placementHash)
  for (const cid of cidsOf(await found.read('here', 0, await found.size('here')))) kept.add(cid)
  const here = [{ operator, store }]
  // Before a change its share may have had another number.
  for (const { manifest } of manifests)
    for (const share of manifest.T.keys()) {
      const some = await loadShareLeaves(manifest, share, here, options).catch(unlessMissing)
      for (const cid of cidsOf(some ?? new Uint8Array(0))) kept.add(cid)
    }
  const own = loaded.placement.operators.findIndex((id) => toHex(id) === operator)
  const stands = own < 0 || (await loadShareLeaves(loaded.manifest, own, here, options).catch(unlessMissing))
  // What nobody can tell from the share that stands, stays.
  if (stands)
    await removeBlocks(
      parts,
      standing,
      cidsOf(list).filter((cid) => !kept.has(cid)),
    )
  await parts.renewals.forget(standing.recordId)
}

/** Shares of before that were retired have left their lists, or not. */
function unlessMissing(error: unknown): undefined {
  if (error instanceof BlocksUnavailableError) return undefined
  throw error
}

/** The blocks of a leaf list. */
export const cidsOf = (list: Bytes): string[] =>
  Array.from({ length: Math.floor(list.length / 32) }, (_, i) => cidOf(leafAt(list, i) as Bytes))

/** Operators that the registry lists as active storage now, by their place in `ids`. */
export async function activeKeepers(
  { authority }: Pick<Components, 'authority'>,
  ids: readonly Uint8Array[],
  options: AbortOptions,
): Promise<readonly (Keeper | undefined)[]> {
  return await Promise.all(ids.map((id) => authority.keeper(toHex(Uint8Array.from(id)), options)))
}

import { type Bytes, equal, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
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
  sessionKeyOf,
  signKey,
} from '@sharewell/sdk/share'
import type { Keeper, Standing } from './authority.ts'
import type { Components } from './components.ts'
import type { Renewal } from './renew-files.ts'
import { openTerms, type StandingTerms } from './renew-terms.ts'
import { commonCids, removeBlocks } from './retire.ts'

/** One step of a refresh or a change as this node may take part in it: everything compared with the chain. */
export type RenewStep = StandingTerms & {
  readonly ask: RenewAsk
  readonly standing: Standing
  readonly manifest: Manifest
  /** This node's share: of the shares that stand, and of those that are made; -1 where it has none. */
  readonly own: number
  readonly next: number
}

/** What a step takes and says. */
export type RenewAct = (parts: Components, step: RenewStep, options: AbortOptions) => Promise<Partial<RenewAnswer>>

/** Opens a step by its terms. Errors: `RenewError`, those of {@link openTerms}. */
export async function openRenewStep(
  parts: Components,
  standing: Standing,
  ask: RenewAsk,
  options: AbortOptions,
): Promise<RenewStep> {
  const opened = await openTerms(parts, standing, { bytes: ask.terms, kinds: ['refresh'] }, options)
  const { terms, operators } = opened
  const receivers = terms.receivers.map((id) => toHex(id))
  if (terms.kind === 'refresh' && receivers.join() !== operators.join())
    throw new RenewError({ reason: 'the receivers are not who the standing placement names' })
  const { manifest } = opened.loaded
  // With no one to spare all nodes accept the same contributors, whichever checks they are shown, or none.
  if (terms.kind === 'refresh' && terms.contributors.length !== manifest.r + 1)
    throw new RenewError({ reason: `${manifest.r + 1} contributors are needed, and no more` })
  const [own, next] = [operators.indexOf(parts.operator), receivers.indexOf(parts.operator)]
  if (own < 0 && next < 0) throw new RenewError({ reason: 'this node has no part in it' })
  // The chunk behind the last one holds the masks.
  if (ask.first + ask.count > chunkCount(manifest) + 1) throw new RenewError({ reason: 'there are fewer chunks' })
  return { ...opened, ask, standing, manifest, own, next }
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

/** Ends a session that began under a manifest which others have followed. */
export async function endStale(parts: Components, standing: Standing, options: AbortOptions): Promise<void> {
  const { networkId, operator, store, renewals } = parts
  const { recordId } = standing
  await renewals.exclusive(recordId, async () => {
    const found = await renewals.find(recordId)
    if (!found) return
    const loaded = await loadRecord({ ...standing, networkId, nodes: [{ operator, store }], ...options })
    if (toHex(found.state.manifestHash) === loaded.manifestHash) return
    const operators = loaded.placement.operators.map((id) => toHex(id))
    await end(parts, { standing, loaded, own: operators.indexOf(operator) }, found, options)
  })
}

/** Forgets the session of a version that is deleted: its manifest went with its chunks. */
export async function forgetDeleted({ renewals, store }: Components, recordId: Hex): Promise<void> {
  await renewals.exclusive(recordId, async () => {
    const found = await renewals.find(recordId)
    if (found && !(await store.has(cidOf(found.state.manifestHash)))) await renewals.forget(recordId)
  })
}

/** New chunks go unless they stand; then secret and words. The list may be a coordinator's: nothing that others keep, or
 * that readers need, goes by it. */
async function end(
  parts: Components,
  { standing, loaded, own }: Pick<RenewStep, 'standing' | 'loaded' | 'own'>,
  found: Renewal,
  options: AbortOptions,
): Promise<void> {
  const list = await found.read('leaves', 0, await found.size('leaves'))
  const { operator, store } = parts
  const networkId = fromHex(parts.networkId, 32)
  const manifests = loaded.lineage.map((bytes) => parseManifest(bytes, { networkId }))
  const kept = commonCids(manifests, standing.placementHash)
  for (const { manifest } of own < 0 ? [] : manifests) {
    const mine = await loadShareLeaves(manifest, own, [{ operator, store }], options).catch(unlessMissing)
    for (const cid of cidsOf(mine ?? new Uint8Array(0))) kept.add(cid)
  }
  const gone = cidsOf(list).filter((cid) => !kept.has(cid))
  await removeBlocks(parts, standing, gone)
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

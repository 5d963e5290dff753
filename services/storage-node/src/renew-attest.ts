import { type Bytes, equal, toHex } from '@sharewell/sdk/bytes'
import type { AbortOptions } from '@sharewell/sdk/place'
import {
  attestRoot,
  chunkCount,
  type Manifest,
  type Policy,
  RenewError,
  shareChunkLength,
  shareRootOf,
} from '@sharewell/sdk/share'
import type { Components } from './components.ts'
import { judged, makeChunks } from './renew-refresh.ts'
import { cidsOf, currentSession, noteLeaves, type RenewAct, type RenewStep, sessionOrNew } from './renew-session.ts'

/**
 * Brings a refresh to a whole new share. What this node can make of the words it makes itself, and it takes nothing else;
 * where it is off a word, or said nothing in time, it takes what it is given, as at least t others have made theirs.
 * That list is noted first, so that what was put here and never stood is found again.
 */
export const finishShare: RenewAct = async (parts, step, options) => {
  const {
    ask: { leaves },
    standing: { recordId },
  } = step
  const count = listLength(step) / 32
  const renewal = await judged(parts, step, await sessionOrNew(parts, step, options), options)
  if (renewal.state.off) await noteLeaves(parts, renewal, { recordId, offset: 0, leaves })
  else {
    const first = Math.floor((await renewal.size('leaves')) / 32)
    await makeChunks(parts, step, renewal, { first, count: count - first }, options)
  }
  if (!equal(await renewal.read('leaves', 0, leaves.length), leaves))
    throw new RenewError({ reason: 'its new share is another one' })
  return {}
}

/** Signs the root of the share that this node made, for who may read it: no depositor as such has it vouch for anything. In a
 * change where nobody deals it takes what it is given; that list is noted first. */
export const confirmShare: RenewAct = async (parts, step, options) => {
  const length = listLength(step)
  const renewal = await currentSession(parts, step)
  const {
    ask: { leaves },
    standing: { recordId },
  } = step
  if (step.terms.contributors.length === 0) await noteLeaves(parts, renewal, { recordId, offset: 0, leaves })
  const noted = await renewal.read('leaves', 0, await renewal.size('leaves'))
  if (noted.length !== length || !equal(noted, leaves)) throw new RenewError({ reason: 'its new share is another one' })
  return { said: await signed(parts, step, options) }
}

/** Errors: `RenewError` where the list is of another length, or this node is to have no share. */
function listLength({ ask: { leaves }, manifest, next }: RenewStep): number {
  if (next < 0 || leaves.length !== 32 * chunkCount(manifest))
    throw new RenewError({ reason: 'this is no list of its new share' })
  return leaves.length
}

/** Its signature under T'_j, once it has read back all chunks of the list. */
async function signed(parts: Components, step: RenewStep, options: AbortOptions): Promise<Bytes> {
  const { ask, terms, session, manifest, next } = step
  const shape: Manifest & Policy = { ...manifest, ...terms.policy }
  const cids = cidsOf(ask.leaves)
  for (const [i, cid] of cids.entries())
    if ((await parts.store.get(cid, options)).length !== shareChunkLength(shape, i))
      throw new RenewError({ reason: `chunk ${i} has another length` })
  await parts.store.settle(cids, options)
  const { networkId } = session
  const { recordId, version, manifestHash: prev, epoch } = terms
  const root = shareRootOf(next, ask.leaves)
  notePolicy(parts, step, root)
  const said = await attestRoot({ networkId, recordId, version, prev, epoch, share: next, root }, parts.author)
  parts.log.info({ version }, 'attested')
  return said
}

/** So that it refreshes and repairs under the policy that it knows of this share, and under no other one. */
function notePolicy({ ledger }: Components, { terms, manifest, standing, own }: RenewStep, root: Bytes): void {
  const { recordId } = standing
  const before = own < 0 ? undefined : ledger.policyOf({ recordId, root: toHex(manifest.T[own] as Bytes) })
  const policy = terms.policy ?? before
  if (policy) ledger.notePolicy({ recordId, root: toHex(root) }, policy)
}

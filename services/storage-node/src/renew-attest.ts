import { equal } from '@sharewell/sdk/bytes'
import {
  attestRoot,
  chunkCount,
  type Manifest,
  type Policy,
  RenewError,
  shareChunkLength,
  shareRootOf,
} from '@sharewell/sdk/share'
import { judged, makeChunks } from './renew-refresh.ts'
import { cidsOf, type RenewAct, sessionOrNew } from './renew-session.ts'

/**
 * Reads back a whole new share and signs its root. What this node can make of the words it makes itself, and it attests
 * nothing else; where it is off a word, or said nothing in time, it takes what it is given, as at least t others have
 * made theirs. That list is noted first, so that what was put here and never stood is found again.
 */
export const attestShare: RenewAct = async (parts, step, options) => {
  const { ask, terms, session, manifest, next } = step
  const { leaves } = ask
  const count = chunkCount(manifest)
  if (next < 0 || leaves.length !== 32 * count) throw new RenewError({ reason: 'this is no list of its new share' })
  const renewal = await judged(parts, step, await sessionOrNew(parts, step, options), options)
  if (renewal.state.off) await renewal.append('leaves', 0, leaves)
  else {
    const first = Math.floor((await renewal.size('leaves')) / 32)
    await makeChunks(parts, step, renewal, { first, count: count - first }, options)
  }
  if (!equal(await renewal.read('leaves', 0, leaves.length), leaves))
    throw new RenewError({ reason: 'its new share is another one' })
  const shape: Manifest & Policy = { ...manifest, ...terms.policy }
  const cids = cidsOf(leaves)
  for (const [i, cid] of cids.entries())
    if ((await parts.store.get(cid, options)).length !== shareChunkLength(shape, i))
      throw new RenewError({ reason: `chunk ${i} has another length` })
  await parts.store.settle(cids, options)
  const { networkId } = session
  const { recordId, version, manifestHash: prev, epoch } = terms
  const root = shareRootOf(next, leaves)
  const said = await attestRoot({ networkId, recordId, version, prev, epoch, share: next, root }, parts.author)
  parts.log.info({ version }, 'attested')
  return { said }
}

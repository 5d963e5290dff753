import { digest, randomBytes } from '#primitives'
import { type Bytes, concat, toHex } from '../bytes.ts'
import { createGatherer, putBlock, rebuildChunk, shareSource, trouble } from '../place/index.ts'
import {
  chunkCount,
  chunkLength,
  cidOf,
  drawFreshRows,
  encodeChunk,
  leafAt,
  RenewError,
  rowLength,
} from '../share/index.ts'
import type { ChangeRound, Made } from './change-job.ts'
import { confirmed, introduce, type Job, openAll } from './change-round.ts'
import { askEach, type RenewalOptions } from './renew-job.ts'

/**
 * Runs a session in which nobody deals, as the record has r = 0, or is to have it: rebuilds chunk by chunk and encodes anew,
 * as somebody who may see sealed bytes. It does so twice, so that nodes know the list of what they are given before they are.
 * Memory: the old and the new shares of one chunk. @returns undefined where somebody failed, whom the round names.
 */
export async function recodeRound(job: Job, round: ChangeRound, options: RenewalOptions): Promise<Made | undefined> {
  const { onProgress, signal } = options
  if (!(await introduce(job, round, options)) || !(await openAll(round, 'receiver'))) return undefined
  const encoded = encoderOf(job, round, options)
  const total = chunkCount(job.loaded.manifest)
  const digests: Bytes[][] = round.nodes.receiver.map(() => [])
  for (let i = 0; i < total; i++) {
    for (const [j, body] of (await encoded(i)).entries()) digests[j]?.push(await digest(body))
    onProgress?.({ step: 'deal', done: i + 1, total })
  }
  const lists = digests.map((own) => concat(...own))
  // They have nothing of it yet, so they refuse; the list is noted.
  const noting = { ...round.asking.receiver, silent: new Map<number, string>() }
  const { draft } = round
  await askEach(noting, round.nodes.receiver, 'confirm', ({ share }) => ({ draft, leaves: lists[share] as Bytes }))
  for (let i = 0; i < total; i++) {
    if (!(await put(round, { i, lists, bodies: await encoded(i) }, signal))) return undefined
    onProgress?.({ step: 'take', done: i + 1, total })
  }
  const attest = await confirmed(job, round, lists)
  return attest && { lists, attest }
}

/** Gives the new share-chunks of a chunk, the same ones whenever it is asked. */
function encoderOf(
  { known, loaded, contentLeaves }: Job,
  { plan: { to }, asking }: ChangeRound,
  { read, signal }: RenewalOptions,
): (i: number) => Promise<Bytes[]> {
  const { manifest, manifestHash, placement, leaves } = loaded
  const sources = placement.operators.flatMap((id, index) => {
    const info = known.find((one) => one.id === toHex(id))
    return info ? [shareSource(info.id, index, read(info))] : []
  })
  const gatherer = createGatherer({ manifest, manifestHash, sources, leaves: (index) => leaves(index) })
  const draw = { secret: randomBytes(32), session: asking.receiver.session.session }
  return async (i) => {
    const { sealed } = await rebuildChunk(manifest, i, await gatherer.gather(i, { signal }), contentLeaves)
    const length = rowLength(to, chunkLength(manifest, i))
    return encodeChunk(to, sealed, { random: await drawFreshRows(draw, { i, r: to.r, length }) })
  }
}

type Given = { readonly i: number; readonly lists: readonly Bytes[]; readonly bodies: readonly Bytes[] }

/** Gives each new node its share-chunk. Errors: `RenewError` where it is another one than was noted. */
async function put(
  { nodes: { receiver }, faults }: ChangeRound,
  { i, lists, bodies }: Given,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const given = receiver.map(async ({ operator, writer }, j) => {
    const leaf = leafAt(lists[j] ?? new Uint8Array(0), i)
    const body = bodies[j]
    if (!leaf || !body) throw new RenewError({ reason: `chunk ${i} was not encoded` })
    const reason = await trouble(putBlock(writer, { cid: cidOf(leaf), body }, { signal }), signal)
    if (reason !== undefined) faults.push({ role: 'receiver', operator, reason, lied: false })
  })
  await Promise.all(given)
  return faults.length === 0
}

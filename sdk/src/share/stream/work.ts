import { digest, type Random } from '#primitives'
import { type Bytes, release } from '../../bytes.ts'
import { decodeChunk, encodeChunk, type Part } from '../chunk.ts'
import type { Policy } from '../policy.ts'

/** One chunk to cut into its n share-chunks, with the digests of all. */
export type SplitWork = {
  readonly kind: 'split'
  readonly policy: Policy
  readonly chunk: Bytes
  /** The r random rows, where the caller draws them. */
  readonly masks?: readonly Bytes[] | undefined
}

/** Share-chunks to make a chunk of `length` bytes of. */
export type JoinWork = {
  readonly kind: 'join'
  readonly policy: Policy
  readonly parts: readonly Part[]
  readonly length: number
}

export type Work = SplitWork | JoinWork

/** The n share-chunks of a chunk, and SHA-256 of it and of each of them. */
export type Split = { readonly content: Bytes; readonly shares: readonly Bytes[]; readonly digests: readonly Bytes[] }

/** A chunk and its SHA-256, which is to be compared with the content leaf list. */
export type Joined = { readonly chunk: Bytes; readonly content: Bytes }

/** What comes of a piece of work. */
export type Done<work extends Work> = work extends SplitWork ? Split : Joined

/**
 * Does a piece of work in this thread.
 * @throws PolicyError, PartError, TooFewSharesError
 */
export function perform<work extends Work>(work: work): Promise<Done<work>>
export async function perform(work: Work): Promise<Split | Joined> {
  if (work.kind === 'join') {
    const chunk = decodeChunk(work.policy, work.parts, work.length)
    return { chunk, content: await digest(chunk) }
  }
  const shares = encodeChunk(work.policy, work.chunk, { random: given(work.masks) })
  const [content, ...digests] = await Promise.all([work.chunk, ...shares].map((bytes) => digest(bytes)))
  return { content: content as Bytes, shares, digests }
}

/** Gives rows that are there already, one for each call. */
function given(masks: readonly Bytes[] | undefined): Random | undefined {
  const rows = masks?.values()
  return rows && (() => rows.next().value ?? new Uint8Array(0))
}

/** A message to or from a thread, and the buffers that go over with it without a copy. */
type Parcel<content> = { readonly content: content; readonly moved: ArrayBuffer[] }

/** Packs work; with `take` it moves the caller's own arrays where they fill their buffers. */
export function packWork(work: Work, take: boolean): Parcel<Work> {
  const pack = createPacker(take)
  if (work.kind === 'join') {
    const parts = work.parts.map(({ index, body }) => ({ index, body: pack.add(body) }))
    return { content: { ...work, parts }, moved: pack.moved }
  }
  const masks = work.masks?.map(pack.add)
  return { content: { ...work, chunk: pack.add(work.chunk), masks }, moved: pack.moved }
}

/** Packs what came of it. */
export function packDone(done: Split | Joined): Parcel<Split | Joined> {
  const pack = createPacker(true)
  const content = pack.add(done.content)
  const rest =
    'shares' in done
      ? { shares: done.shares.map(pack.add), digests: done.digests.map(pack.add) }
      : { chunk: pack.add(done.chunk) }
  return { content: { ...rest, content } as Split | Joined, moved: pack.moved }
}

/** A view of a part of a buffer would take all of it along, and one buffer moves once: such arrays are copied. */
function createPacker(take: boolean): { readonly moved: ArrayBuffer[]; readonly add: (bytes: Bytes) => Bytes } {
  const moved: ArrayBuffer[] = []
  const known = new Set<ArrayBuffer>()
  const add = (bytes: Bytes): Bytes => {
    const whole = take && bytes.length === bytes.buffer.byteLength && !known.has(bytes.buffer)
    const own = whole ? bytes : new Uint8Array(bytes)
    known.add(own.buffer)
    moved.push(own.buffer)
    return own
  }
  return { moved, add }
}

/** Gives back the memory of work that was given up for good: it would wait long for the collector. */
export function releaseWork(work: Work): void {
  release(...(work.kind === 'join' ? work.parts.map(({ body }) => body) : [work.chunk, ...(work.masks ?? [])]))
}

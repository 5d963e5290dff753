/**
 * Shares as they come from a command line: some good, some not, perhaps of several files.
 * @module
 */
import { type Bytes, equal, toHex } from '@sharewell/sdk/bytes'
import { BaseError, firstLine } from '@sharewell/sdk/errors'
import { createSha256 } from '@sharewell/sdk/primitives'
import { decodeChunk, type Part, PartError } from '@sharewell/sdk/share'
import { lower } from '../failure.ts'
import { createContentRoot, DamagedFileError } from './sealed-file.ts'
import { chunkCountOf, chunkLengthOf, openShareFile, type ShareFile, type ShareInfo } from './share-file.ts'

/** A share file that takes no part, and why. */
export type Rejected = { readonly file: string; readonly why: string }

/** The largest group of shares that belong together, and whoever is not in it. */
export type ShareSet = {
  readonly info: ShareInfo
  readonly shares: readonly ShareFile[]
  readonly rejected: readonly Rejected[]
}

/**
 * Opens share files and keeps those of one set: the set with the most distinct shares.
 * @throws NoSharesError when none can be read, MixedSharesError when two sets are equally large,
 * MissingSharesError when fewer than t are left.
 */
export async function openShareSet(files: readonly string[]): Promise<ShareSet> {
  const rejected: Rejected[] = []
  const sets = new Map<string, ShareFile[]>()
  for (const file of new Set(files)) {
    try {
      const share = await openShareFile(file)
      const key = toHex(share.infoHash)
      const set = sets.get(key) ?? []
      const twin = set.find(({ index }) => index === share.index)
      if (twin) {
        rejected.push({ file, why: `it is share ${share.index} again, like ${twin.path}` })
        await share.close()
      } else sets.set(key, [...set, share])
    } catch (error) {
      rejected.push({ file, why: whyOf(error) })
    }
  }
  return chooseSet([...sets.values()], rejected)
}

async function chooseSet(sets: ShareFile[][], rejected: Rejected[]): Promise<ShareSet> {
  const [shares, ...others] = sets.toSorted((a, b) => b.length - a.length)
  const [first] = shares ?? []
  try {
    if (shares === undefined || first === undefined) throw new NoSharesError({ rejected })
    const equallyLarge = others.filter(({ length }) => length === shares.length)
    // With enough shares of one file at hand, a stranger is named; among equals nobody can say who is the stranger.
    if (equallyLarge.length > 0) throw new MixedSharesError({ sets: [shares, ...equallyLarge] })
    for (const { path, info } of others.flat()) rejected.push({ file: path, why: foreign(info, first.info) })
    if (shares.length < first.info.t) throw new MissingSharesError({ info: first.info, have: shares, rejected })
  } catch (error) {
    await Promise.all(sets.flat().map((share) => share.close()))
    throw error
  }
  await Promise.all(others.flat().map((share) => share.close()))
  return { info: first.info, shares, rejected }
}

function foreign(info: ShareInfo, wanted: ShareInfo): string {
  return equal(info.set, wanted.set)
    ? 'its description differs from that of the other shares, so it was altered'
    : 'it is a share of another file, or of another split of this file'
}

function whyOf(error: unknown): string {
  if (!(error instanceof BaseError)) throw error
  return error instanceof DamagedFileError ? error.how : lower(firstLine(error.message))
}

/**
 * Decodes the chunks of a set in order. A share whose row does not match its digest is dropped, named through
 * `onRejected`, and another takes its place.
 * @throws MissingSharesError when fewer than t good ones are left, DamagedFileError when the whole does not match.
 */
export async function* decodeShares(
  { info, shares, rejected }: ShareSet,
  onRejected: (share: Rejected) => void,
): AsyncGenerator<Bytes> {
  let good = [...shares]
  const dropped = [...rejected]
  const check = createCheck(info)
  for (let i = 0; i < chunkCountOf(info); i++) {
    const parts = new Map<ShareFile, Bytes>()
    while (parts.size < info.t) {
      const share = good.find((each) => !parts.has(each))
      if (share === undefined) throw new MissingSharesError({ info, have: good, rejected: dropped })
      const body = await share.readRow(i)
      if (body !== undefined) {
        parts.set(share, body)
        continue
      }
      good = good.filter((each) => each !== share)
      const bad = { file: share.path, why: `row ${i} of it was altered` }
      dropped.push(bad)
      onRejected(bad)
    }
    const rows = [...parts].map(([{ index }, body]) => ({ index, body }))
    const chunk = decoded(info, rows, i)
    if (await check.take(chunk, i)) yield chunk
  }
}

function decoded(info: ShareInfo, rows: readonly Part[], i: number): Bytes {
  try {
    return decodeChunk(info, rows, chunkLengthOf(info, i))
  } catch (cause) {
    if (cause instanceof PartError) throw new InconsistentSharesError({ cause })
    throw cause
  }
}

/** Compares what was decoded with what was split; says of each chunk whether it belongs to the content. */
function createCheck(info: ShareInfo) {
  const last = chunkCountOf(info) - 1
  const content = createContentRoot()
  const whole = createSha256()
  return {
    async take(chunk: Bytes, i: number): Promise<boolean> {
      if (info.sealed === undefined) {
        if (i === last && !equal(chunk, whole.digest())) throw new InconsistentSharesError({})
        if (i < last) whole.update(chunk)
        return i < last
      }
      await content.add(chunk)
      if (i === last && !equal(content.root(), info.sealed.contentRoot)) throw new InconsistentSharesError({})
      return true
    },
  }
}

const list = (rejected: readonly Rejected[]) => rejected.map(({ file, why }) => `${file}: ${why}`)

/** Thrown when not one of the files is a usable share. */
export class NoSharesError extends BaseError<'NO_SHARES'> {
  override readonly name = 'NoSharesError'
  constructor({ rejected = [] }: { rejected?: readonly Rejected[] }) {
    super('NO_SHARES', 'None of these files is a usable share.', { hints: list(rejected) })
  }
}

/** Thrown when fewer than t good shares are there; says how many are missing and what is wrong with the others. */
export class MissingSharesError extends BaseError<'MISSING_SHARES'> {
  override readonly name = 'MissingSharesError'
  constructor({
    info,
    have = [],
    rejected = [],
  }: { info?: ShareInfo; have?: readonly ShareFile[]; rejected?: readonly Rejected[] }) {
    const { t = 0, n = 0 } = info ?? {}
    const missing = t - have.length
    const numbers = have.map(({ index }) => index).toSorted((a, b) => a - b)
    const others = Array.from({ length: Math.min(n, 100) }, (_, j) => j).filter((j) => !numbers.includes(j))
    super(
      'MISSING_SHARES',
      `${missing} more share${missing === 1 ? ' is' : 's are'} needed: ${t} of ${n} rebuild the file, and ${have.length} good one${have.length === 1 ? ' is' : 's are'} here.`,
      {
        hints: [
          ...list(rejected),
          `find ${missing} of the shares numbered ${others.join(', ')}${n > 100 ? ' ...' : ''}`,
        ],
      },
    )
  }
}

/** Thrown when shares of several files were given and none is in the majority. */
export class MixedSharesError extends BaseError<'MIXED_SHARES'> {
  override readonly name = 'MixedSharesError'
  constructor({ sets = [] }: { sets?: readonly (readonly ShareFile[])[] }) {
    super('MIXED_SHARES', 'These are shares of different files.', {
      hints: [
        ...sets.map((set) => `together: ${set.map(({ path }) => path).join(' ')}`),
        'name the shares of one file only',
      ],
    })
  }
}

/** Thrown when t shares, each whole in itself, decode to something else than what was split. */
export class InconsistentSharesError extends BaseError<'INCONSISTENT_SHARES'> {
  override readonly name = 'InconsistentSharesError'
  constructor({ cause }: { cause?: unknown }) {
    super('INCONSISTENT_SHARES', 'These shares are whole but do not rebuild what was split.', {
      hints: ['one of them was forged; with more than t at hand, leave out one after the other'],
      cause: cause instanceof BaseError ? undefined : cause,
    })
  }
}

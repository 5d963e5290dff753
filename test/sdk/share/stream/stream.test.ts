import { type Bytes, concat } from '@sharewell/sdk/bytes'
import { randomBytes, sha256 } from '@sharewell/sdk/primitives'
import {
  createSharePool,
  decodeChunk,
  encodeChunk,
  joinChunks,
  type Policy,
  type SplitChunk,
  splitChunks,
} from '@sharewell/sdk/share'
import { expect } from 'chai'
import fc from 'fast-check'
import { codeOf } from '../../../helpers/code-of.ts'
import { heldBytes } from '../../../helpers/held-bytes.ts'
import { partsOf, sameRows } from '../../../helpers/share-code.ts'
import { warm } from '../../../helpers/share-pool.ts'

const policies = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.nat(), fc.nat(), fc.integer({ min: 0, max: 2 }))
  .map(([n, a, b, kind]): Policy => {
    const t = 1 + (a % n)
    return { n, t, r: [0, t - 1, b % t][kind] as number }
  })
const lengths = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 12 })

/** The same bytes for every run: each draw counts on. */
function countingRandom() {
  let count = 0
  return (length: number) => Uint8Array.from({ length }, () => (count++ * 151 + 7) >> 3)
}

async function collect<item>(items: AsyncIterable<item>): Promise<item[]> {
  const all: item[] = []
  for await (const item of items) all.push(item)
  return all
}

/** The last t shares of each chunk, as they come. */
async function* lastShares({ t }: Policy, split: AsyncIterable<SplitChunk>) {
  for await (const { shares, length } of split) yield { parts: partsOf(shares).slice(-t).toReversed(), length }
}

describe('streams of the share code', function () {
  this.timeout(120_000)
  it('cut and join chunks of all sizes under random policies as one chunk alone is', async () => {
    await fc.assert(
      fc.asyncProperty(policies, lengths, fc.integer({ min: 1, max: 6 }), async (policy, sizes, ahead) => {
        const chunks = sizes.map((length) => randomBytes(length))
        const random = countingRandom()
        const expected = chunks.map((chunk) => encodeChunk(policy, chunk, { random }))
        const split = await collect(splitChunks(policy, chunks, { ahead, random: countingRandom() }))
        split.forEach(({ i, length, content, shares, digests }, at) => {
          expect([i, length]).to.deep.equal([at, chunks[at]?.length])
          expect(sameRows(shares, expected[at] as Bytes[])).to.equal(true)
          expect(sameRows([content, ...digests], [chunks[at] as Bytes, ...shares].map(sha256))).to.equal(true)
        })
        const joined = await collect(joinChunks(policy, lastShares(policy, splitChunks(policy, chunks)), { ahead }))
        joined.forEach(({ i, chunk, content, used }, at) => {
          expect(i).to.equal(at)
          expect(used).to.deep.equal(Array.from({ length: policy.t }, (_, j) => policy.n - policy.t + j))
          expect(sameRows([chunk, content], [chunks[at] as Bytes, sha256(chunks[at] as Bytes)])).to.equal(true)
        })
        expect([split.length, joined.length]).to.deep.equal([chunks.length, chunks.length])
      }),
      { numRuns: 60 },
    )
  })

  it('give the same bytes with threads and without', async () => {
    const pool = createSharePool({ threads: 2 })
    const policy = { n: 9, t: 6, r: 3 }
    await warm(pool)
    const chunks = Array.from({ length: 40 }, (_, i) => new Uint8Array(2000 + i).fill(i))
    const here = await collect(splitChunks(policy, chunks, { random: countingRandom() }))
    const there = await collect(splitChunks(policy, chunks, { pool, take: true, random: countingRandom() }))
    expect(chunks.every(({ length }) => length === 0)).to.equal(true)
    here.forEach((one, i) => {
      const { content, shares, digests } = there[i] as SplitChunk
      expect(sameRows(one.shares, shares)).to.equal(true)
      expect(sameRows([one.content, ...one.digests], [content, ...digests])).to.equal(true)
    })
    const some = async function* () {
      for (const { shares, length } of there) yield { parts: partsOf(shares).slice(3), length }
    }
    const joined = await collect(joinChunks(policy, some(), { pool, take: true }))
    expect(
      joined.every(
        ({ chunk, content }, i) => chunk.length === 2000 + i && sameRows([content], [(here[i] as SplitChunk).content]),
      ),
    ).to.equal(true)
    await pool.close()
  })

  it('only digest what is not to be cut, so that a split goes on after a stop', async () => {
    const policy = { n: 4, t: 3, r: 1 }
    const chunks = Array.from({ length: 9 }, () => randomBytes(500))
    const first: SplitChunk[] = []
    for await (const chunk of splitChunks(policy, chunks)) if (first.push(chunk) === 4) break
    const second = await collect(splitChunks(policy, chunks, { cuts: (i) => i >= first.length }))
    expect(second.map(({ shares }) => shares.length)).to.deep.equal([0, 0, 0, 0, 4, 4, 4, 4, 4])
    expect(
      sameRows(
        second.map(({ content }) => content),
        chunks.map(sha256),
      ),
    ).to.equal(true)
    const whole = [...first, ...second.slice(4)].map(({ shares, length }) =>
      decodeChunk(policy, partsOf(shares).slice(1), length),
    )
    expect(sameRows([concat(...whole)], [concat(...chunks)])).to.equal(true)
  })

  it('empty what is given up, and nothing else, in this thread too', async () => {
    const policy = { n: 5, t: 3, r: 2 }
    const [kept, taken] = [randomBytes(3000), randomBytes(3000)]
    const split = await collect(splitChunks(policy, [kept]))
    await collect(splitChunks(policy, [taken], { take: true }))
    expect([kept.length, taken.length]).to.deep.equal([3000, 0])
    const parts = partsOf(split[0]?.shares ?? []).slice(0, 3)
    const [joined] = await collect(joinChunks(policy, [{ parts, length: 3000 }], { take: true }))
    expect(joined?.chunk).to.deep.equal(kept)
    expect(parts.every(({ body }) => body.length === 0)).to.equal(true)
  })

  it('hold only what is under way, however much flows by and however slow the sink is', async () => {
    const policy = { n: 5, t: 3, r: 0 }
    const length = 2 ** 18
    async function* source() {
      for (let i = 0; i < 160; i++) yield new Uint8Array(length).fill(i)
    }
    const before = await heldBytes()
    let most = 0
    let seen = 0
    for await (const { chunk } of joinChunks(policy, lastShares(policy, splitChunks(policy, source(), { ahead: 3 })))) {
      if (chunk[0] !== seen++) throw new Error('Another chunk came.')
      if (seen % 40 === 0) most = Math.max(most, await heldBytes())
    }
    expect(seen).to.equal(160)
    // Three chunks wait to be cut with their shares, four to be joined with theirs: 40 MiB went by.
    expect(most - before).to.be.below(20 * length)
  })

  it('refuse a policy before they read anything', async () => {
    const source = { [Symbol.asyncIterator]: () => expect.fail('it was read') }
    const split = collect(splitChunks({ n: 1, t: 2, r: 0 }, source))
    const join = collect(joinChunks({ n: 2, t: 2, r: 2 }, source))
    expect([await codeOf(split), await codeOf(join)]).to.deep.equal(['POLICY', 'POLICY'])
  })
})

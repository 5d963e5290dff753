import { equal } from '@sharewell/sdk/bytes'
import { randomBytes } from '@sharewell/sdk/primitives'
import {
  addPieces,
  blameRepair,
  createCheck,
  createKernelCode,
  drawZeroWord,
  fitZeroWord,
  judgeContribution,
  maskLength,
  mostOff,
  type Policy,
  planRepair,
  type ShareCode,
  splitPiece,
  tableCode,
  xorRows,
} from '@sharewell/sdk/share'
import { expect } from 'chai'
import fc from 'fast-check'
import { codeOf } from '../../../helpers/code-of.ts'
import { smallPolicies } from '../../../helpers/code-rank.ts'
import { dataOf, dealt, upTo } from '../../../helpers/renewals.ts'

type Bytes = Uint8Array<ArrayBuffer>
const engines: ShareCode[] = [tableCode, createKernelCode() ?? tableCode]
const large = [
  { n: 300, t: 20, r: 5 },
  { n: 260, t: 7, r: 6 },
]
const hiding = [...smallPolicies(6)].filter(({ r }) => r > 0)
const anyOf = (count: number, most: number) =>
  fc.shuffledSubarray(upTo(most), { minLength: count, maxLength: count }).map((some) => some.sort((a, b) => a - b))

const refused = async (act: () => unknown) => expect(await codeOf((async () => await act())())).to.equal('RENEW')

/** The whole repair of one chunk, as the nodes would run it. */
function repair(policy: Policy, shares: readonly Bytes[], helpers: readonly number[], share: number, code?: ShareCode) {
  const plan = planRepair(policy, helpers, share)
  const pieces = helpers.map((helper) => splitPiece(plan, helper, shares[helper] as Bytes, { code }))
  const sums = helpers.map((_, at) =>
    addPieces(
      plan,
      pieces.map((some) => some[at] as Bytes),
    ),
  )
  return { plan, pieces, sums, body: addPieces(plan, sums) }
}

describe('repair of a share', () => {
  it('gives the share, from any helpers, for any policy and either engine', () => {
    const cases = fc
      .constantFrom(...hiding.filter(({ n, t }) => t < n), ...large)
      .chain((policy) => fc.tuple(fc.constant(policy), anyOf(policy.t + 1, policy.n), fc.nat(), fc.boolean()))
    fc.assert(
      fc.property(cases, ([policy, some, pick, fast]) => {
        const { shares } = dealt(policy, 96)
        const share = some[pick % some.length] as number
        const helpers = some.filter((one) => one !== share)
        const { body } = repair(policy, shares, helpers, share, engines[fast ? 1 : 0])
        expect(equal(body, shares[share] as Bytes)).to.equal(true)
      }),
      { numRuns: 40 },
    )
  })

  it('works for r = 0 too, where any repairer may as well decode', () => {
    const policy = { n: 5, t: 3, r: 0 }
    const { shares } = dealt(policy)
    expect(repair(policy, shares, [0, 2, 4], 1).body).to.deep.equal(shares[1])
    expect(repair(policy, shares, [0, 1, 2], 4).body).to.deep.equal(shares[4])
  })

  it('names exactly the helper whose sum was wrong', () => {
    const policy = { n: 6, t: 4, r: 2 }
    const { shares } = dealt(policy)
    const helpers = [0, 2, 3, 5]
    const { plan, pieces, sums } = repair(policy, shares, helpers, 1)
    const bodies = helpers.map((helper) => shares[helper] as Bytes)
    expect(blameRepair(plan, { bodies, pieces, sums })).to.deep.equal([])
    for (const at of upTo(4)) {
      const wrong = sums.map((sum, i) => (i === at ? sum.map((byte, q) => (q === 9 ? byte ^ 4 : byte)) : sum))
      expect(blameRepair(plan, { bodies, pieces, sums: wrong })).to.deep.equal([helpers[at]])
    }
  })

  it('refuses what is no repair', () => {
    const policy = { n: 6, t: 3, r: 2 }

    return Promise.all([
      refused(() => planRepair(policy, [0, 1], 4)),
      refused(() => planRepair(policy, [0, 1, 4], 4)),
      refused(() => planRepair(policy, [1, 0, 2], 4)),
      refused(() => planRepair(policy, [0, 0, 2], 4)),
      refused(() => planRepair(policy, [0, 1, 6], 4)),
      refused(() => planRepair(policy, [0, 1, 2], 6)),
      refused(() => splitPiece(planRepair(policy, [0, 1, 2], 4), 3, new Uint8Array(32))),
      refused(() => splitPiece(planRepair(policy, [0, 1, 2], 4), 1, new Uint8Array(33))),
      refused(() =>
        splitPiece(planRepair(policy, [0, 1, 2], 4), 1, new Uint8Array(32), { random: () => new Uint8Array(1) }),
      ),
      refused(() => addPieces(planRepair(policy, [0, 1, 2], 4), [new Uint8Array(32)])),
      refused(() => xorRows([new Uint8Array(32), new Uint8Array(64)])),
    ])
  })
})

/** What every node says of a contribution. */
async function said(policy: Policy, beacon: Bytes, chunks: readonly (readonly Bytes[])[], masks: readonly Bytes[]) {
  const each = upTo(policy.n).map(async (j) => {
    const check = createCheck(policy, beacon)
    for (const [i, rows] of chunks.entries()) await check.add(i, rows[j] as Bytes)
    return check.finish(masks[j] as Bytes)
  })
  return await Promise.all(each)
}

describe('refresh of all shares', () => {
  it('changes every share and no data', () => {
    for (const policy of [...hiding, ...large])
      for (const code of engines) {
        const { data, shares } = dealt(policy)
        const words = upTo(policy.r + 1).map(() => drawZeroWord(policy, shares[0]?.length ?? 0, { code }))
        const fresh = shares.map((share, j) => xorRows([share, ...words.map((word) => word[j] as Bytes)]))
        fresh.forEach((share, j) => {
          expect(equal(share, shares[j] as Bytes)).to.equal(false)
        })
        expect(dataOf(policy, fresh, upTo(policy.n).slice(-policy.t))).to.deep.equal(data)
      }
  })

  for (const policy of [
    { n: 9, t: 6, r: 3 },
    { n: 140, t: 129, r: 2 },
  ])
    describe(`check over (${policy.n}, ${policy.t}, ${policy.r})`, function () {
      this.timeout(120_000)
      const beacon = randomBytes(32)
      const lengths = [96, 32]
      const words = () => lengths.map((length) => drawZeroWord(policy, length))
      const masks = () => drawZeroWord(policy, maskLength)
      const most = Math.min(mostOff(policy), 4)
      const judged = async (chunks: readonly (readonly Bytes[])[], mask = masks()) =>
        judgeContribution(policy, await said(policy, beacon, chunks, mask), most)

      it('passes what is honest, and names no node', async () => {
        expect(await judged(words())).to.deep.equal([])
      })

      it('refuses data that move, a word of degree r, and a wrong value at more than f nodes', async () => {
        const k = policy.t - policy.r
        const rows = (length: number, isRandom: (j: number) => boolean) =>
          upTo(policy.t).map((j) => (isRandom(j) ? randomBytes(length) : new Uint8Array(length)))
        const dealt = (isRandom: (j: number) => boolean) =>
          lengths.map((length) => tableCode.encode(policy, rows(length, isRandom)))
        const constant = lengths.map((length) =>
          tableCode.encode(policy, [new Uint8Array(length).fill(1), ...rows(length, () => false).slice(1)]),
        )
        const wrong = words().map((word) => word.map((row, j) => (j <= most ? randomBytes(row.length) : row)))
        expect(await judged(dealt((j) => j >= k))).to.deep.equal([])
        for (const chunks of [constant, dealt((j) => j >= k - 1), dealt(() => true), wrong])
          expect(await judged(chunks)).to.equal(undefined)
        const moving = tableCode.encode(
          policy,
          rows(maskLength, () => true),
        )
        expect(await judged(words(), moving)).to.equal(undefined)
      })

      it('stands against f liars, and names them', async () => {
        const liars = upTo(policy.n).slice(1, most + 1)
        const lie = (row: Bytes, j: number) => row.map((byte, q) => (q === 31 ? byte ^ (1 + (j & 63)) : byte))
        const lies = words().map((word) => word.map((row, j) => (liars.includes(j) ? lie(row, j) : row)))
        expect(await judged(lies)).to.deep.equal(liars)
      })

      it('takes silence as one of the f', async () => {
        const values = await said(policy, beacon, words(), masks())
        const silent = values.map((some, j) => (j < most ? undefined : some))
        expect(judgeContribution(policy, silent, most)).to.deep.equal(upTo(most))
        const first = silent.map((some) => some?.[0])
        expect(fitZeroWord(policy, first, most)?.word).to.deep.equal(values.map(([value]) => value))
        expect(judgeContribution(policy, silent.with(most, undefined), most)).to.equal(undefined)
        const lie = (silent[most] as number[]).map((value) => value ^ 1)
        expect(judgeContribution(policy, silent.with(most, lie), most)).to.equal(undefined)
      })
    })

  it('depends on the beacon in every symbol of every chunk', async () => {
    const policy = { n: 4, t: 3, r: 2 }
    const rows = [randomBytes(64), randomBytes(32)]
    const fold = async (beacon: Bytes, chunks: readonly Bytes[]) => {
      const check = createCheck(policy, beacon)
      for (const [i, row] of chunks.entries()) await check.add(i, row)
      return check.finish(new Uint8Array(maskLength)).join()
    }
    const beacon = randomBytes(32)
    const seen = new Set([await fold(beacon, rows), await fold(randomBytes(32), rows)])
    for (const [i, row] of rows.entries())
      for (const q of row.keys())
        seen.add(
          await fold(
            beacon,
            rows.with(
              i,
              row.map((byte, at) => (at === q ? byte ^ 1 : byte)),
            ),
          ),
        )
    expect(seen.size).to.equal(2 + 96)
  })

  it('refuses r = 0, odd rows, another number of values, and an f that leaves two words possible', async () => {
    const policy = { n: 5, t: 3, r: 2 }

    await refused(() => drawZeroWord({ n: 5, t: 3, r: 0 }, 32))
    await refused(() => drawZeroWord(policy, 31))
    await refused(() => createCheck(policy, randomBytes(32)).finish(new Uint8Array(31)))
    await refused(() => judgeContribution(policy, Array(5).fill([1]), 1))
    await refused(() => fitZeroWord(policy, [1, 2, 3, 4], 1))
    await refused(() => fitZeroWord(policy, [1, 2, 3, 4, 5], 2))
    await refused(() => fitZeroWord({ n: 5, t: 3, r: 0 }, [1, 2, 3, 4, 5], 1))
  })
})

import {
  addPieces,
  createCheck,
  drawZeroWord,
  maskLength,
  type Policy,
  planRepair,
  splitPiece,
  tableCode,
  xorRows,
} from '@sharewell/sdk/share'
import { expect } from 'chai'
import { layoutOf } from '../../../../sdk/src/share/policy.ts'
import { symbolOf, upTo } from '../../../helpers/renewals.ts'
import { allSubsets, type Draw, leak, nothing, ofShares, seenIn } from '../../../helpers/views.ts'

type Bytes = Uint8Array<ArrayBuffer>
const small: Policy[] = [
  { n: 4, t: 2, r: 1 },
  { n: 5, t: 3, r: 1 },
  { n: 4, t: 3, r: 2 },
  { n: 5, t: 4, r: 2 },
]
describe('ranks: repair', () => {
  type Bug = { readonly random?: Draw; readonly forwards?: boolean }
  const repairOf = async (policy: Policy, helpers: number[], share: number, bug: Bug = {}) => {
    const { bits } = layoutOf(policy)
    return await seenIn(policy, async (data, draw) => {
      const shares = tableCode.encode(policy, data)
      const plan = planRepair(policy, helpers, share)
      const pieces = helpers.map((helper) =>
        splitPiece(plan, helper, shares[helper] as Bytes, { random: bug.random ?? draw }),
      )
      const said: Record<string, number[]> = {}
      const say = (name: string, row: Uint8Array) => {
        said[name] = [symbolOf(row, bits)]
      }
      shares.forEach((row, i) => {
        say(`share ${i}`, row)
      })
      helpers.forEach((to, l) => {
        const received = pieces.map((some) => some[l] as Bytes)
        received.forEach((row, i) => {
          say(`piece ${helpers[i]} ${to}`, row)
        })
        say(`sum ${to}`, addPieces(plan, received))
      })
      return said
    })
  }
  const helperSees = (helpers: number[], helper: number) => [
    `share ${helper}`,
    `sum ${helper}`,
    ...helpers.flatMap((other) => [`piece ${helper} ${other}`, `piece ${other} ${helper}`]),
  ]
  const targetSees = (helpers: number[], bug: Bug = {}) =>
    helpers.flatMap((helper) => (bug.forwards ? helpers.map((other) => `piece ${other} ${helper}`) : [`sum ${helper}`]))

  /** The largest excess over what the coalition's shares say, over all coalitions of nodes with the target or without. */
  const excess = async (policy: Policy, bug: Bug = {}) => {
    const helpers = upTo(policy.t)
    const share = policy.n - 1
    const seen = await repairOf(policy, helpers, share, bug)
    let most = 0
    for (const coalition of allSubsets(upTo(policy.n))) {
      const names = coalition.flatMap((node) => {
        if (node === share) return targetSees(helpers, bug)
        return helpers.includes(node) ? helperSees(helpers, node) : [`share ${node}`]
      })
      most = Math.max(most, leak(policy, seen, names) - ofShares(policy, coalition.length))
    }
    return most
  }

  it('gives q helpers, the target and bystanders no more than their shares', async () => {
    for (const policy of small) expect(await excess(policy), JSON.stringify(policy)).to.equal(0)
  })

  it('does so over the larger field', async () => {
    const policy = { n: 260, t: 3, r: 2 }
    const helpers = [3, 77, 259]
    const seen = await repairOf(policy, helpers, 100)
    for (const some of allSubsets(helpers)) {
      const sees = some.flatMap((helper) => helperSees(helpers, helper))
      expect(leak(policy, seen, sees)).to.equal(ofShares(policy, some.length))
      expect(leak(policy, seen, [...sees, ...targetSees(helpers)])).to.equal(ofShares(policy, some.length + 1))
    }
  })

  it('gives nothing to who reads all that helpers send each other, one share to who reads all that the target gets', async () => {
    for (const policy of small) {
      const helpers = upTo(policy.t)
      const seen = await repairOf(policy, helpers, policy.n - 1)
      const between = helpers.flatMap((i) => helpers.filter((l) => l !== i).map((l) => `piece ${i} ${l}`))
      expect(leak(policy, seen, between)).to.equal(0)
      expect(leak(policy, seen, targetSees(helpers))).to.equal(ofShares(policy, 1))
      // Hence the envelopes: both together are all of it.
      expect(leak(policy, seen, [...between, ...targetSees(helpers)])).to.equal(policy.t - policy.r)
    }
  })

  it('is caught where nothing is drawn, and where helpers pass pieces on instead of sums', async () => {
    for (const policy of small) {
      expect(await excess(policy, { random: nothing }), JSON.stringify(policy)).to.be.greaterThan(0)
      expect(await excess(policy, { forwards: true }), JSON.stringify(policy)).to.be.greaterThan(0)
    }
  })
})

describe('ranks: refresh', function () {
  this.timeout(120_000)
  type Bug = { readonly masks?: Draw; readonly contributors?: number; readonly kept?: boolean }
  /** One symbol, and two of the masks: every mask is drawn and used in the same way. */
  const symbols = 2
  const refreshOf = async (policy: Policy, bug: Bug = {}) => {
    const { bits } = layoutOf(policy)
    const contributors = upTo(bug.contributors ?? policy.r + 1)
    return await seenIn(policy, async (data, draw) => {
      const old = tableCode.encode(policy, data)
      const said: Record<string, number[]> = {}
      const drawn = (c: number, random: Draw) => (length: number) => {
        const row = random(length)
        said[`drawn ${c}`] = [...(said[`drawn ${c}`] ?? []), ...symbolsOf(row, bits)]
        return row
      }
      // Two symbols of masks, each an unknown of its own.
      const maskRow = () => {
        const rows = upTo(symbols).map(() => symbolOf(draw(32), bits))
        return maskOf(rows, bits)
      }
      const words = contributors.map((c) => drawZeroWord(policy, 32, { random: drawn(c, draw) }))
      const masks = contributors.map((c) =>
        drawZeroWord(policy, maskLength, { random: drawn(c, bug.masks ?? maskRow) }),
      )
      for (const j of upTo(policy.n)) {
        const own = words.map((word) => word[j] as Bytes)
        said[`old ${j}`] = [symbolOf(old[j] as Bytes, bits)]
        said[`new ${j}`] = [symbolOf(xorRows([old[j] as Bytes, ...own]), bits)]
        said[`words ${j}`] = own.map((row) => symbolOf(row, bits))
        said[`masks ${j}`] = masks.flatMap((mask) => symbolsOf(mask[j] as Bytes, bits))
        const checks = contributors.map(async (_, c) => {
          const check = createCheck(policy, new Uint8Array(32).fill(7))
          await check.add(0, own[c] as Bytes)
          return check.finish(masks[c]?.[j] as Bytes).slice(0, symbols)
        })
        said[`public ${j}`] = (await Promise.all(checks)).flat()
      }
      return said
    })
  }

  /** Over all ways to corrupt nodes before, after, or all along: the most that is learnt beyond old and new shares. */
  const excess = async (policy: Policy, bug: Bug = {}) => {
    const { n, r } = policy
    const seen = await refreshOf(policy, bug)
    const published = upTo(n).map((j) => `public ${j}`)
    let most = Number.NEGATIVE_INFINITY
    for (let way = 0; way < 4 ** n; way++) {
      const states = upTo(n).map((j) => (way >> (2 * j)) & 3)
      const names = states.flatMap((state, j) => {
        const during = [`words ${j}`, `masks ${j}`, ...(seen[`drawn ${j}`] ? [`drawn ${j}`] : [])]
        const after = bug.kept ? [`new ${j}`, `words ${j}`] : [`new ${j}`]
        return [[], [`old ${j}`], after, [`old ${j}`, `new ${j}`, ...during]][state] as string[]
      })
      const before = states.filter((state) => state === 1 || state === 3).length
      const later = states.filter((state) => state >= 2).length
      const bound = Math.min(policy.t - r, Math.max(0, before - r) + Math.max(0, later - r))
      most = Math.max(most, leak(policy, seen, [...names, ...published]) - bound)
    }
    return most
  }
  const policies = [
    { n: 4, t: 2, r: 1 },
    { n: 4, t: 3, r: 1 },
    { n: 4, t: 3, r: 2 },
  ]

  it('makes old and new shares useless together, with all that is published', async () => {
    for (const policy of policies) expect(await excess(policy), JSON.stringify(policy)).to.equal(0)
  })

  it('is caught without masks, with too few contributors, and where received words are kept', async () => {
    for (const policy of policies) {
      expect(await excess(policy, { masks: nothing }), 'masks').to.be.greaterThan(0)
      expect(await excess(policy, { contributors: policy.r - 1 }), 'contributors').to.be.greaterThan(0)
      expect(await excess(policy, { kept: true }), 'kept').to.be.greaterThan(0)
    }
  })

  const symbolsOf = (row: Uint8Array, bits: 8 | 16) =>
    bits === 8
      ? [...row.subarray(0, symbols)]
      : upTo(symbols).map((q) => (row[q] as number) | ((row[16 + q] as number) << 8))
  const maskOf = (values: readonly number[], bits: 8 | 16) => {
    const row = new Uint8Array(maskLength)
    values.forEach((value, q) => {
      row[q] = value & 255
      if (bits === 16) row[16 + q] = value >> 8
    })
    return row
  }
})

import { addParts, blindRows, encodeParts, type Policy, planChange, tableCode } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { layoutOf } from '../../../../sdk/src/share/policy.ts'
import { subsets } from '../../../helpers/code-rank.ts'
import { symbolOf, upTo } from '../../../helpers/renewals.ts'
import { allSubsets, type Draw, leak, nothing, seenIn } from '../../../helpers/views.ts'

type Bytes = Uint8Array<ArrayBuffer>

describe('ranks: change of (n, t, r)', () => {
  type Bug = { readonly masks?: Draw; readonly random?: Draw }
  const changeOf = async (from: Policy, to: Policy, bug: Bug = {}) => {
    const { bits, k } = layoutOf(from)
    const contributors = upTo(from.t)
    return await seenIn(from, async (data, draw) => {
      const shares = tableCode.encode(from, data)
      const plan = planChange(from, to, contributors)
      const said: Record<string, number[]> = {}
      const note = (name: string, row: Uint8Array) => {
        said[name] = [...(said[name] ?? []), symbolOf(row, bits)]
      }
      shares.forEach((row, i) => {
        note(`old ${i}`, row)
      })
      const pairs = new Map<string, Bytes[]>()
      for (const pair of subsets(contributors, 2)) {
        const rows = upTo(k).map(() => (bug.masks ?? draw)(32))
        pairs.set(pair.join(), rows)
        for (const row of rows) for (const one of pair) note(`inside ${one}`, row)
      }
      const parts = contributors.map((contributor) => {
        const others = contributors.filter((other) => other !== contributor)
        const masks = others.map((other) => {
          const pair = [contributor, other].sort((a, b) => a - b)
          return { with: other, rows: pairs.get(pair.join()) as Bytes[] }
        })
        const random: Draw = (length) => {
          const row = (bug.random ?? draw)(length)
          note(`inside ${contributor}`, row)
          return row
        }
        return encodeParts(plan, blindRows(plan, { contributor, body: shares[contributor] as Bytes, masks }), {
          random,
        })
      })
      upTo(to.n).forEach((j) => {
        const own = parts.map((some) => some[j] as Bytes)
        for (const row of [...own, addParts(plan, own)]) note(`new ${j}`, row)
      })
      return said
    })
  }

  /** Over all coalitions of old and new nodes: the most that is learnt beyond what their shares say. */
  const excess = async (from: Policy, to: Policy, bug: Bug = {}) => {
    const seen = await changeOf(from, to, bug)
    let most = Number.NEGATIVE_INFINITY
    for (const old of allSubsets(upTo(from.n)))
      for (const later of allSubsets(upTo(to.n))) {
        const names = [
          ...old.flatMap((i) => [`old ${i}`, ...(i < from.t ? [`inside ${i}`] : [])]),
          ...later.map((j) => `new ${j}`),
        ]
        const bound = Math.max(0, old.length - from.r) + Math.max(0, later.length - to.r)
        most = Math.max(most, leak(from, seen, names) - Math.min(from.t - from.r, bound))
      }
    return most
  }
  const changes: [Policy, Policy][] = [
    [
      { n: 4, t: 3, r: 1 },
      { n: 4, t: 3, r: 1 },
    ],
    [
      { n: 4, t: 3, r: 1 },
      { n: 5, t: 4, r: 2 },
    ],
    [
      { n: 5, t: 4, r: 2 },
      { n: 4, t: 3, r: 1 },
    ],
    [
      { n: 3, t: 2, r: 1 },
      { n: 5, t: 4, r: 3 },
    ],
    [
      { n: 4, t: 4, r: 1 },
      { n: 5, t: 5, r: 2 },
    ],
  ]

  it('gives a old and b new nodes at most what a and b shares say', async () => {
    for (const [from, to] of changes) expect(await excess(from, to), JSON.stringify([from, to])).to.equal(0)
  })

  it('is caught where what is encoded is not blinded: r + 1 new nodes would solve for the old shares', async () => {
    for (const [from, to] of changes.filter(([{ t, r }]) => t - r > 1))
      expect(await excess(from, to, { masks: nothing }), JSON.stringify([from, to])).to.be.greaterThan(0)
  })

  it('is caught where what is encoded has no fresh random rows', async () => {
    for (const [from, to] of changes)
      expect(await excess(from, to, { random: nothing }), JSON.stringify([from, to])).to.be.greaterThan(0)
  })
})

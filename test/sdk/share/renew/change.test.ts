import { randomBytes } from '@sharewell/sdk/primitives'
import {
  addParts,
  blindRows,
  createKernelCode,
  decodeChunk,
  drawPairSeed,
  encodeChunk,
  encodeParts,
  type Policy,
  pairMask,
  planChange,
  type ShareCode,
  tableCode,
} from '@sharewell/sdk/share'
import { expect } from 'chai'
import { codeOf } from '../../../helpers/code-of.ts'
import { dataOf, dealt, upTo } from '../../../helpers/renewals.ts'

type Bytes = Uint8Array<ArrayBuffer>
const engines: ShareCode[] = [tableCode, createKernelCode() ?? tableCode]
const refused = async (act: () => unknown) => expect(await codeOf((async () => await act())())).to.equal('RENEW')

/** The whole change of one chunk, as the nodes would run it: the new shares. */
async function change(
  from: Policy,
  to: Policy,
  contributors: readonly number[],
  shares: readonly Bytes[],
  code?: ShareCode,
) {
  const plan = planChange(from, to, contributors)
  const session = randomBytes(32)
  const pairs = new Map<string, Bytes>()
  const seedOf = (a: number, b: number): Bytes => {
    const key = `${Math.min(a, b)} ${Math.max(a, b)}`
    const seed = pairs.get(key) ?? drawPairSeed()
    pairs.set(key, seed)
    return seed
  }
  const parts = await Promise.all(
    contributors.map(async (contributor) => {
      const others = contributors.filter((other) => other !== contributor)
      const body = shares[contributor] as Bytes
      const size = { i: 3, rows: from.t - from.r, length: body.length }
      const masks = await Promise.all(
        others.map(async (other) => ({
          with: other,
          rows: await pairMask({ seed: seedOf(contributor, other), session }, size),
        })),
      )
      return encodeParts(plan, blindRows(plan, { contributor, body, masks }, { code }), { code })
    }),
  )
  return upTo(to.n).map((j) =>
    addParts(
      plan,
      parts.map((some) => some[j] as Bytes),
    ),
  )
}

describe('change of (n, t, r)', () => {
  const changes: [Policy, Policy][] = [
    [
      { n: 9, t: 6, r: 3 },
      { n: 12, t: 8, r: 5 },
    ],
    [
      { n: 5, t: 4, r: 2 },
      { n: 3, t: 3, r: 1 },
    ],
    [
      { n: 5, t: 3, r: 2 },
      { n: 7, t: 5, r: 4 },
    ],
    [
      { n: 6, t: 4, r: 1 },
      { n: 300, t: 7, r: 4 },
    ],
    [
      { n: 300, t: 5, r: 3 },
      { n: 6, t: 4, r: 2 },
    ],
  ]
  for (const [from, to] of changes)
    it(`keeps the data: (${Object.values(from)}) to (${Object.values(to)})`, async () => {
      for (const code of engines) {
        const { data, shares } = dealt(from)
        const fresh = await change(from, to, upTo(from.n).slice(-from.t), shares, code)
        expect(fresh.length).to.equal(to.n)
        expect(dataOf(to, fresh, upTo(to.n).slice(-to.t))).to.deep.equal(data)
        expect(dataOf(to, fresh, upTo(to.t))).to.deep.equal(data)
      }
    })

  it('draws a mask for every seed, session, chunk and row', async () => {
    const [seed, session] = [randomBytes(32), randomBytes(32)]
    const size = { i: 0, rows: 2, length: 64 }
    const masks = await Promise.all([
      pairMask({ seed, session }, size),
      pairMask({ seed, session: seed }, size),
      pairMask({ seed: session, session }, size),
      pairMask({ seed, session }, { ...size, i: 1 }),
    ])
    expect(new Set(masks.flat().map(String)).size).to.equal(8)
    expect(await pairMask({ seed, session }, size)).to.deep.equal(masks[0])
  })

  it('to r = 0 is encoding anew, which anybody can repeat', () => {
    const [from, to] = [
      { n: 9, t: 6, r: 3 },
      { n: 5, t: 3, r: 0 },
    ]
    const chunk = randomBytes(1000)
    const parts = encodeChunk(from, chunk).map((body, index) => ({ index, body }))
    const rebuilt = decodeChunk(from, parts.slice(2), 1000)
    expect(encodeChunk(to, rebuilt)).to.deep.equal(encodeChunk(to, chunk))
  })

  it('refuses another k, r = 0, wrong contributors and missing seeds', async () => {
    const from = { n: 5, t: 4, r: 2 }

    await refused(() => planChange(from, { n: 5, t: 4, r: 1 }, [0, 1, 2, 3]))
    await refused(() => planChange(from, { n: 5, t: 2, r: 0 }, [0, 1, 2, 3]))
    await refused(() => planChange({ n: 5, t: 2, r: 0 }, from, [0, 1]))
    await refused(() => planChange(from, { n: 6, t: 4, r: 2 }, [0, 1, 2]))
    const plan = planChange(from, { n: 6, t: 4, r: 2 }, [0, 1, 2, 4])
    const given = { contributor: 1, body: new Uint8Array(32) }
    const masks = [0, 2].map((other) => ({ with: other, rows: [new Uint8Array(32), new Uint8Array(32)] }))
    await refused(() => blindRows(plan, { ...given, masks }))
    await refused(() => blindRows(plan, { ...given, masks: [...masks, { with: 4, rows: [new Uint8Array(32)] }] }))
    await refused(() => blindRows(plan, { ...given, contributor: 3, masks }))
    await refused(() => encodeParts(plan, [new Uint8Array(32)]))
    await refused(() => addParts(plan, [new Uint8Array(32)]))
  })
})

import { randomBytes, sha256 } from '@sharewell/sdk/primitives'
import {
  addParts,
  type Dealer,
  dealParts,
  decodeChunk,
  encodeChunk,
  isCodeword,
  pairSeedOf,
  planChange,
} from '@sharewell/sdk/share'
import { expect } from 'chai'
import { upTo } from '../../../helpers/renewals.ts'

const from = { n: 5, t: 3, r: 1 }
const to = { n: 7, t: 4, r: 2 }
const contributors = [0, 2, 4]

describe('what contributors deal in a change between nodes', () => {
  const plan = planChange(from, to, contributors)
  const chunk = randomBytes(1_000)
  const bodies = encodeChunk(from, chunk)
  const secrets = new Map(contributors.map((share) => [share, randomBytes(32)]))

  /** Each with its own seeds, and those that contributors before it gave. */
  const dealers = (session: Uint8Array): Dealer[] =>
    contributors.map((contributor) => {
      const secret = secrets.get(contributor) as Uint8Array
      const others = contributors.filter((other) => other !== contributor)
      const seeds = others.map((other) => {
        const [lower, higher] = other < contributor ? [other, contributor] : [contributor, other]
        return [other, pairSeedOf({ secret: secrets.get(lower) as Uint8Array, session }, higher)] as const
      })
      return { secret, session, contributor, seeds: new Map(seeds) }
    })
  const dealt = async (session: Uint8Array, i = 0) =>
    await Promise.all(
      dealers(session).map((dealer) => dealParts(plan, dealer, { i, body: bodies[dealer.contributor] as never })),
    )

  it('adds up to shares of the record under the new policy, and to no other codeword', async () => {
    const parts = await dealt(randomBytes(32))
    const shares = upTo(to.n).map((j) =>
      addParts(
        plan,
        parts.map((own) => own[j] as Uint8Array),
      ),
    )
    const some = [1, 3, 5, 6].map((index) => ({ index, body: shares[index] as never }))
    expect(decodeChunk(to, some, chunk.length)).to.deep.equal(chunk)
    const is = { leaf: sha256(chunk), length: chunk.length }
    expect(await isCodeword(to, shares, is)).to.equal(true)
    expect(await isCodeword(to, shares, { ...is, leaf: sha256(randomBytes(1_000)) })).to.equal(false)
    for (const j of upTo(to.n)) {
      const bent = shares.map((body, at) => (at === j ? body.map((byte, q) => (q === 9 ? byte ^ 1 : byte)) : body))
      expect(await isCodeword(to, bent, is), `share ${j}`).to.equal(false)
    }
  })

  it('is the same whenever it is asked for, and another in another session, chunk or pair', async () => {
    const session = randomBytes(32)
    const first = await dealt(session)
    expect(await dealt(session)).to.deep.equal(first)
    const others = [await dealt(randomBytes(32)), await dealt(session, 1)]
    for (const other of others)
      for (const [c, own] of other.entries())
        for (const [j, part] of own.entries()) expect(part).not.to.deep.equal(first[c]?.[j])
    const secret = secrets.get(0) as Uint8Array
    expect(pairSeedOf({ secret, session }, 2)).not.to.deep.equal(pairSeedOf({ secret, session }, 4))
    expect(pairSeedOf({ secret, session }, 2)).not.to.deep.equal(pairSeedOf({ secret, session: randomBytes(32) }, 2))
  })
})

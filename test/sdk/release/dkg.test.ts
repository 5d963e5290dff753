import { decode, encode } from '@sharewell/sdk/cbor'
import { publicKeyOf } from '@sharewell/sdk/envelope'
import { basePoint, decodePoint, decodeScalar, encodePoint, lagrange, scalarField } from '@sharewell/sdk/group'
import { DkgError, type DkgMember, dkgSession, round1Hash, startDkg } from '@sharewell/sdk/release'
import { expect } from 'chai'

const k = 3
const h = 5
const seats = [1, 2, 3, 4, 5]
const bytes = (fill: number, length = 32) => new Uint8Array(length).fill(fill)
const seeds = seats.map((i) => bytes(i))
const publicKeys = seeds.map(publicKeyOf)
const setting = {
  networkId: bytes(1),
  chainId: 31337,
  contract: `0x${'11'.repeat(20)}`,
  set: seats.map((i) => bytes(i, 16)),
  k,
  nonce: bytes(2),
} as const
const session = dkgSession(setting)

const start = (of = session): DkgMember[] => seats.map((i) => startDkg({ session: of, i, k, h }))
const packagesOf = (members: readonly DkgMember[]) => members.map((member) => member.round1)

const culpritsOf = async (run: Promise<unknown>): Promise<readonly number[] | undefined> => {
  try {
    await run
    return undefined
  } catch (error) {
    if (error instanceof DkgError) return error.culprits
    throw error
  }
}

describe('key generation', () => {
  it('gives every member the same key and a share of it, of which any k make the secret nobody knows', async () => {
    const members = start()
    const packages = packagesOf(members)
    const announced = packages.map(round1Hash)
    const dealt = await Promise.all(members.map((member) => member.round2(packages, publicKeys, { announced })))
    const keys = await Promise.all(
      members.map((member, at) =>
        member.round3(
          dealt.flat().filter(({ to }) => to === at + 1),
          seeds[at] as Uint8Array,
        ),
      ),
    )
    const [first] = keys
    if (first === undefined) throw new Error('no keys')
    for (const key of keys) {
      expect(key.groupKey).to.deep.equal(first.groupKey)
      expect(key.verifyingShares).to.deep.equal(first.verifyingShares)
      expect(key.transcriptHash).to.deep.equal(first.transcriptHash)
      expect(encodePoint(basePoint.multiply(decodeScalar(key.share)))).to.deep.equal(first.verifyingShares[key.i - 1])
    }
    const some = [2, 4, 5]
    const secret = some.reduce((sum, i) => {
      const share = decodeScalar((keys[i - 1] as (typeof keys)[number]).share)
      return scalarField.add(sum, scalarField.mul(lagrange(some, i), share))
    }, 0n)
    expect(encodePoint(basePoint.multiply(secret))).to.deep.equal(first.groupKey)
    expect(decodePoint(first.groupKey).is0()).to.equal(false)
  })

  it('names the member whose package was altered', async () => {
    const members = start()
    const sent = decode(members[3]?.round1 as Uint8Array) as {
      commitment: Uint8Array[]
      pok: Uint8Array
      session: Uint8Array
      from: number
    }
    const foreign = encodePoint(basePoint.multiply(7n))
    const bad = [
      { ...sent, commitment: [foreign, ...sent.commitment.slice(1)] },
      { ...sent, commitment: [...sent.commitment, foreign] },
      { ...sent, commitment: [new Uint8Array(32), ...sent.commitment.slice(1)] },
      { ...sent, pok: sent.pok.map((byte, at) => (at === 40 ? byte ^ 1 : byte)) },
      { ...sent, from: 2 },
    ]
    for (const one of bad) {
      const packages = packagesOf(members).with(3, encode(one))
      expect(await culpritsOf((members[0] as DkgMember).round2(packages, publicKeys))).to.deep.equal([4])
    }
    const packages = packagesOf(members).with(3, encode({ anything: 1 }))
    expect(await culpritsOf((members[0] as DkgMember).round2(packages, publicKeys))).to.deep.equal([4])
  })

  it('refuses a package of an earlier session, and one that was not announced', async () => {
    const members = start()
    const earlier = start(dkgSession({ ...setting, nonce: bytes(3) }))
    const old = packagesOf(members).with(1, earlier[1]?.round1 as Uint8Array<ArrayBuffer>)
    expect(await culpritsOf((members[0] as DkgMember).round2(old, publicKeys))).to.deep.equal([2])
    const late = packagesOf(members).with(2, start()[2]?.round1 as Uint8Array<ArrayBuffer>)
    const announced = packagesOf(members).map(round1Hash)
    expect(await culpritsOf((members[0] as DkgMember).round2(late, publicKeys, { announced }))).to.deep.equal([3])
  })

  it('names the dealer of a share that is missing, misdirected or does not match its commitment', async () => {
    const members = start()
    const packages = packagesOf(members)
    const dealt = (await Promise.all(members.map((member) => member.round2(packages, publicKeys)))).flat()
    const mine = dealt.filter(({ to }) => to === 1)
    const [receiver] = members
    if (receiver === undefined) throw new Error('no members')
    const without = mine.filter(({ from }) => from !== 5)
    expect(await culpritsOf(receiver.round3(without, bytes(1)))).to.deep.equal([5])
    const elsewhere = dealt.find(({ from, to }) => from === 5 && to === 2)
    if (elsewhere === undefined) throw new Error('no share')
    expect(await culpritsOf(receiver.round3([...without, { ...elsewhere, to: 1 }], bytes(1)))).to.deep.equal([5])

    // Member 3 deals shares of another polynomial than it committed to.
    const cheat = startDkg({ session, i: 3, k, h })
    const false3 = await cheat.round2(packages.with(2, cheat.round1), publicKeys)
    const swapped = mine.map((share) => (share.from === 3 ? (false3.find(({ to }) => to === 1) ?? share) : share))
    expect(await culpritsOf(receiver.round3(swapped, bytes(1)))).to.deep.equal([3])
    expect((await receiver.round3(mine, bytes(1))).i).to.equal(1)
  })

  it('takes no threshold of 1, none above h, and no seat outside the set', () => {
    for (const seat of [
      { i: 1, k: 1, h: 5 },
      { i: 1, k: 6, h: 5 },
      { i: 0, k: 3, h: 5 },
      { i: 6, k: 3, h: 5 },
    ])
      expect(() => startDkg({ session, ...seat }))
        .to.throw()
        .with.property('code', 'DKG')
  })

  it('has another session for every field that names it', () => {
    const changes = [
      { networkId: bytes(9) },
      { chainId: 1 },
      { contract: `0x${'22'.repeat(20)}` },
      { set: setting.set.slice(1) },
      { k: 2 },
      { nonce: bytes(9) },
    ] as const
    const sessions = [session, ...changes.map((change) => dkgSession({ ...setting, ...change }))]
    expect(new Set(sessions.map((one) => Buffer.from(one).toString('hex'))).size).to.equal(sessions.length)
  })

  it('opens no share of one use in a key generation of another', async () => {
    expect(dkgSession({ ...setting, use: 'dkg log' })).not.to.deep.equal(session)
    const members = seats.map((i) => startDkg({ use: 'dkg log', session, i, k, h }))
    const packages = packagesOf(members)
    const dealt = await Promise.all(members.map((member) => member.round2(packages, publicKeys)))
    const release = startDkg({ session, i: 2, k, h })
    await release.round2(packages.with(1, release.round1), publicKeys)
    const seed = seeds[1] as Uint8Array
    const refused = await release.round3(dealt.flat(), seed).catch((error: unknown) => String(error))
    expect(refused).to.match(/does not open/)
  })
})

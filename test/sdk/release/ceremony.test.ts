import { publicKeyOf } from '@sharewell/sdk/envelope'
import { basePoint, decodePoint, decodeScalar, encodePoint, encodeScalar, scalarField } from '@sharewell/sdk/group'
import {
  CeremonyError,
  checkPackage,
  dealtShare,
  drawPolynomial,
  type Frame,
  judge,
  openShare,
  ownShare,
  type Package,
  packageOf,
  resultOf,
  sealShare,
} from '@sharewell/sdk/release'
import { expect } from 'chai'
import fc from 'fast-check'
import { frameOf, generate, opened, publicOf, run } from '../../helpers/ceremony.ts'

const culpritsOf = (act: () => unknown): readonly number[] | undefined => {
  try {
    act()
  } catch (error) {
    if (error instanceof CeremonyError) return error.culprits
    throw error
  }
  return undefined
}
/** 2 <= k <= h <= 16. */
const sizes = fc
  .integer({ min: 2, max: 16 })
  .chain((h) => fc.record({ h: fc.constant(h), k: fc.integer({ min: 2, max: h }) }))
const take = <T>(from: readonly T[], count: number): T[] => from.slice(0, count)

describe('a ceremony', () => {
  it('makes a key of which any k members hold enough, and no fewer', function () {
    this.timeout(60_000)
    fc.assert(
      fc.property(sizes, fc.nat(), ({ k, h }, from) => {
        const { shares, groupKey, verifyingShares } = generate(k, h)
        const turned = shares.map((share, at) => ({ i: at + 1, share }))
        const some = take([...turned.slice(from % h), ...turned.slice(0, from % h)], k)
        expect(opened(some)).to.deep.equal(groupKey)
        expect(opened(some.slice(1))).to.not.deep.equal(groupKey)
        expect(shares.map(publicOf)).to.deep.equal(verifyingShares)
      }),
      { numRuns: 4 },
    )
  })

  it('shares the key anew for any other set: the key stays, the shares do not', function () {
    this.timeout(60_000)
    fc.assert(
      fc.property(sizes, sizes, fc.nat(), (before, after, extra) => {
        const held = generate(before.k, before.h)
        const count = before.k + (extra % (before.h - before.k + 1))
        const dealers = take(
          Array.from({ length: before.h }, (_, at) => before.h - at),
          count,
        )
        const next = run(frameOf({ ...after, dealers, held }), held)
        expect(next.groupKey).to.deep.equal(held.groupKey)
        const turned = next.shares.map((share, at) => ({ i: at + 1, share })).reverse()
        expect(opened(take(turned, after.k))).to.deep.equal(held.groupKey)
        expect(next.shares.map(publicOf)).to.deep.equal(next.verifyingShares)
      }),
      { numRuns: 4 },
    )
  })

  it('refreshes: shares of two epochs do not open anything together', () => {
    const held = generate(3, 5)
    const next = run(frameOf({ k: 3, h: 5, dealers: [1, 2, 3, 4, 5], held }), held)
    const of = (from: typeof held, ...indices: number[]) =>
      indices.map((i) => ({ i, share: from.shares[i - 1] ?? new Uint8Array() }))
    expect(opened([...of(next, 1, 2), ...of(next, 5)])).to.deep.equal(held.groupKey)
    expect(opened([...of(held, 1, 2), ...of(next, 3)])).to.not.deep.equal(held.groupKey)
    expect(opened([...of(held, 1), ...of(next, 2, 3)])).to.not.deep.equal(held.groupKey)
    expect(next.verifyingShares.filter((one, at) => one.toString() === held.verifyingShares[at]?.toString())).to.be
      .empty
    expect(next.transcriptHash).to.not.deep.equal(held.transcriptHash)
  })

  it('carries a share sealed to one member, who checks it', async () => {
    const held = generate(2, 3)
    const frame = frameOf({ k: 2, h: 3, dealers: [1, 3], held })
    const polynomial = drawPolynomial(2, { secret: held.shares[2] })
    const shown = packageOf(frame, 3, polynomial)
    const seed = new Uint8Array(32).fill(9)
    const share = dealtShare(polynomial, 2)
    const sealed = await sealShare(frame, { from: 3, to: 2, share }, publicKeyOf(seed))
    expect(await openShare(frame, { shown, to: 2, hpkeSeed: seed }, sealed)).to.deep.equal(share)
    const culprits = async (to: number, of: Frame = frame, hpkeSeed = seed) =>
      await openShare(of, { shown, to, hpkeSeed }, sealed).then(
        () => undefined,
        (error: CeremonyError) => error.culprits,
      )
    expect(await culprits(1)).to.deep.equal([3])
    expect(await culprits(2, frameOf({ k: 2, h: 3, dealers: [1, 3], held }))).to.deep.equal([3])
    expect(await culprits(2, frame, new Uint8Array(32))).to.deep.equal([3])
    const other = await sealShare(frame, { from: 3, to: 2, share: dealtShare(polynomial, 1) }, publicKeyOf(seed))
    const wrong = await openShare(frame, { shown, to: 2, hpkeSeed: seed }, other).catch((error) => error)
    expect(wrong.culprits).to.deep.equal([3])
  })
})

describe('a dealer that lies', () => {
  const held = generate(3, 5)
  const dealers = [1, 2, 4]
  const frame = frameOf({ k: 3, h: 4, dealers, held })
  const polynomials = dealers.map((i) => drawPolynomial(3, { secret: held.shares[i - 1] }))
  const packages = dealers.map((i, at) => packageOf(frame, i, polynomials[at] ?? []))
  const [, honest] = packages as [Package, Package, Package]
  const lie = (change: Partial<Package>): Package[] => packages.with(1, { ...honest, ...change })
  const named = (all: readonly Package[], of = frame) => culpritsOf(() => resultOf(of, all))
  const foreign = encodePoint(basePoint.multiply(7n))
  const identity = new Uint8Array(32)

  it('is named for a longer or shorter commitment, which would change the threshold', () => {
    expect(named(lie({ commitment: [...honest.commitment, foreign] }))).to.deep.equal([2])
    expect(named(lie({ commitment: honest.commitment.slice(0, 2) }))).to.deep.equal([2])
    expect(named(lie({ commitment: [] }))).to.deep.equal([2])
  })

  it('is named for the identity, or what is no point, anywhere in its commitment', () => {
    for (const at of [0, 1, 2])
      for (const bad of [identity, new Uint8Array(32).fill(0xff), new Uint8Array(31)])
        expect(named(lie({ commitment: honest.commitment.with(at, bad) })), `${at}`).to.deep.equal([2])
  })

  it('is named for sharing another secret than its share, and for a first commitment that cancels the others', () => {
    const polynomial = drawPolynomial(3)
    const other = { ...packageOf({ ...frame, old: undefined }, 2, polynomial) }
    expect(named(lie(other))).to.deep.equal([2])
    const rest = packages.filter(({ from }) => from !== 2).map(({ commitment }) => decodePoint(commitment[0] as never))
    const rogue = rest.reduce((sum, point) => sum.subtract(point), basePoint.multiply(5n))
    expect(named(lie({ commitment: honest.commitment.with(0, encodePoint(rogue)) }))).to.deep.equal([2])
    expect(culpritsOf(() => packageOf(frame, 2, polynomial))).to.deep.equal([2])
  })

  it('is named for a rogue first commitment to a new key too: it cannot prove that it knows it', () => {
    const fresh = frameOf({ k: 2, h: 3, dealers: [1, 2, 3] })
    const made = [1, 2, 3].map((i) => packageOf(fresh, i, drawPolynomial(2)))
    const rest = made.slice(0, 2).map(({ commitment }) => decodePoint(commitment[0] as never))
    const rogue = rest.reduce((sum, point) => sum.subtract(point), basePoint.multiply(5n))
    const last = made[2] as Package
    const bad = { ...last, commitment: last.commitment.with(0, encodePoint(rogue)) }
    expect(named(made.with(2, bad), fresh)).to.deep.equal([3])
  })

  it('is named for the package of an old session, of another number, or not asked for', () => {
    const again = frameOf({ k: 3, h: 4, dealers, held })
    expect(named(packages, again)).to.deep.equal([1])
    expect(culpritsOf(() => checkPackage(again, honest))).to.deep.equal([2])
    expect(culpritsOf(() => checkPackage(frame, { ...honest, from: 1 }))).to.deep.equal([1])
    expect(culpritsOf(() => checkPackage(frame, { ...honest, from: 3 }))).to.deep.equal([3])
    expect(named(packages.slice(0, 2))).to.deep.equal([4])
  })

  it('is named by the member whose share is wrong or missing', () => {
    const shares = new Map(dealers.map((i, at) => [i, dealtShare(polynomials[at] ?? [], 3)]))
    const own = (change: ReadonlyMap<number, Uint8Array<ArrayBuffer>>) =>
      culpritsOf(() => ownShare(frame, { to: 3, packages, shares: change }))
    expect(own(shares)).to.equal(undefined)
    expect(own(new Map([...shares, [2, dealtShare(polynomials[1] ?? [], 2)]]))).to.deep.equal([2])
    expect(own(new Map([...shares, [4, new Uint8Array(32)]]))).to.deep.equal([4])
    expect(own(new Map([...shares].slice(1)))).to.deep.equal([1])
  })

  it('is found out by its published answer; an honest one never is', () => {
    const share = dealtShare(polynomials[1] ?? [], 3)
    expect(judge(honest, 3, share)).to.equal('valid')
    expect(judge(honest, 3, undefined)).to.equal('none')
    expect(judge(honest, 4, share)).to.equal('invalid')
    const next = encodeScalar(scalarField.add(decodeScalar(share), 1n))
    expect(judge(honest, 3, next)).to.equal('invalid')
    for (const bad of [identity, new Uint8Array(32).fill(0xff), new Uint8Array(31)])
      expect(judge(honest, 3, bad)).to.equal('invalid')
  })

  it('cannot frame another: no answer of an honest dealer to anybody fails', function () {
    this.timeout(60_000)
    fc.assert(
      fc.property(sizes, ({ k, h }) => {
        const fresh = frameOf({ k, h, dealers: Array.from({ length: h }, (_, at) => at + 1) })
        const polynomial = drawPolynomial(k)
        const shown = packageOf(fresh, 1, polynomial)
        for (let to = 1; to <= h; to++) expect(judge(shown, to, dealtShare(polynomial, to))).to.equal('valid')
      }),
      { numRuns: 8 },
    )
  })

  it('changes nothing by taking part with fewer than the old threshold', () => {
    const two = frameOf({ k: 2, h: 3, dealers: [1, 2], held })
    const made = [1, 2].map((i) => packageOf(two, i, drawPolynomial(2, { secret: held.shares[i - 1] })))
    expect(() => resultOf(two, made)).to.throw(CeremonyError, /group key would change/)
  })
})

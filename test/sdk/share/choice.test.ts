import { adviseOn, atLeast, type Policy, profileNames, profileOf, prospectsOf } from '@sharewell/sdk/share'
import { expect } from 'chai'
import fc from 'fast-check'
import { exactTails } from '../../helpers/exact-binomial.ts'

const near = (value: number, expected: number, part = 1e-10, least = 0) =>
  expect(Math.abs(value - expected), `${value} against ${expected}`).to.be.at.most(part * Math.abs(expected) + least)
/** What a logarithm near 0 cannot tell apart. */
const slack = 1e-12

describe('chances', () => {
  it('are those of the binomial tables', () => {
    // Cumulative binomial probabilities as tables print them, to four digits: P[X <= x].
    for (const [n, p, x, printed] of [
      [10, 0.3, 2, 0.3828],
      [15, 0.2, 3, 0.6482],
      [20, 0.5, 5, 0.0207],
      [20, 0.9, 17, 0.3231],
      [25, 0.5, 10, 0.2122],
      [5, 0.95, 3, 0.0226],
    ] as const) {
      const { success, failure } = atLeast(n, x + 1, p)
      expect(failure.toFixed(4), `${n}, ${p}, ${x}`).to.equal(printed.toFixed(4))
      expect(Math.abs(success + failure - 1) < 1e-14).to.equal(true)
    }
    // By hand: 1 - (0.99^5 + 5 0.99^4 0.01 + 10 0.99^3 0.01^2) for (5, 3).
    near(atLeast(5, 3, 0.99).failure, 9.8506e-6, 1e-9)
    near(atLeast(1, 1, 0.25).success, 0.25)
    expect(atLeast(7, 0, 0.5)).to.deep.equal({ success: 1, failure: 0, nines: Number.POSITIVE_INFINITY })
  })

  it('agree with exact rational arithmetic on both sides, far below the smallest number as well', () => {
    const cases = fc.record({
      n: fc.integer({ min: 1, max: 300 }),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      p: fc.oneof(fc.double({ min: 1e-6, max: 0.999_999, noNaN: true }), fc.constantFrom(0.5, 0.9, 0.99, 0.999)),
    })
    fc.assert(
      fc.property(cases, ({ n, at, p }) => {
        const least = Math.min(n, 1 + Math.floor(at * n))
        const { success, failure, nines } = atLeast(n, least, p)
        const exact = exactTails(n, least, p)
        near(nines, -exact.failure.log10, 1e-10, slack)
        if (exact.success.log10 > -300) near(success, exact.success.value)
        if (exact.failure.log10 > -300) near(failure, exact.failure.value)
      }),
      { numRuns: 60 },
    )
    const far = atLeast(300, 3, 0.999_999)
    expect(far.failure).to.equal(0)
    near(far.nines, -exactTails(300, 3, 0.999_999).failure.log10)
  })

  it('refuse what is no chance', () => {
    for (const question of [
      () => atLeast(5, 3, 1),
      () => atLeast(5, 3, 0),
      () => atLeast(5, 3, Number.NaN),
      () => atLeast(5, 6, 0.5),
      () => atLeast(5.5, 3, 0.5),
      () => prospectsOf({ n: 5, t: 3, r: 0 }, { availability: 0.9, yearlyLoss: 1 }),
      () => prospectsOf({ n: 5, t: 3, r: 0 }, { availability: 0.9, yearlyLoss: 0.1, repairDays: 0 }),
      () => prospectsOf({ n: 5, t: 3, r: 0 }, { availability: 0.9, yearlyLoss: 0.1, repairDays: 366 }),
    ])
      expect(question).to.throw().with.property('code', 'CHANCE')
  })
})

describe('prospects of a policy', () => {
  const usual = { availability: 0.99, yearlyLoss: 0.05 }

  it('count what is stored, who may fail and who must collude', () => {
    const { storageFactor, mayFail, rebuild, learn, almost } = prospectsOf({ n: 9, t: 6, r: 3 }, usual)
    expect({ storageFactor, mayFail, rebuild, learn }).to.deep.equal({
      storageFactor: 3,
      mayFail: 3,
      rebuild: 6,
      learn: 4,
    })
    near(almost, 2 / 3)
    expect(prospectsOf({ n: 5, t: 3, r: 2 }, usual)).to.include({ storageFactor: 5, learn: 3, almost: 0 })
  })

  it('take repairs into account as rounds of which none may fail', () => {
    const policy = { n: 5, t: 3, r: 0 }
    near(prospectsOf(policy, usual).kept.failure, atLeast(5, 3, 0.95).failure)
    const repaired = prospectsOf(policy, { ...usual, repairDays: 36.5 }).kept
    // Ten rounds, by another way: 1 - (1 - f)^10.
    const once = atLeast(5, 3, 0.95 ** 0.1).failure
    near(repaired.failure, 1 - (1 - once) ** 10, 1e-9)
    expect(repaired.nines).to.be.above(prospectsOf(policy, usual).kept.nines)
    // Where a failure is no number any more its nines still are one, and where all is lost success stays one.
    const far = prospectsOf({ n: 300, t: 3, r: 0 }, { availability: 0.9, yearlyLoss: 1e-4, repairDays: 1 }).kept
    expect(far.failure).to.equal(0)
    expect(far.nines).to.be.within(1000, 3000)
    const poor = prospectsOf({ n: 5, t: 5, r: 0 }, { availability: 0.9, yearlyLoss: 0.9, repairDays: 36.5 }).kept
    near(poor.success, 0.1 ** 5, 1e-9)
  })

  it('never get worse with a node more, with nodes that are up more often, or with more repairs', () => {
    const any = fc.record({
      n: fc.integer({ min: 1, max: 40 }),
      t: fc.integer({ min: 1, max: 40 }),
      p: fc.double({ min: 0.01, max: 0.98, noNaN: true }),
    })
    fc.assert(
      fc.property(any, ({ n, t, p }) => {
        fc.pre(t <= n)
        const { nines } = atLeast(n, t, p)
        expect(atLeast(n + 1, t, p).nines).to.be.at.least(nines - slack)
        expect(atLeast(n, t, p + 0.01).nines).to.be.at.least(nines - slack)
        const kept = (repairDays: number) =>
          prospectsOf({ n, t, r: 0 }, { availability: p, yearlyLoss: 1 - p, repairDays }).kept.nines
        expect(kept(30)).to.be.at.least(kept(365) - slack)
      }),
      { numRuns: 50 },
    )
  })

  it('know the profiles', () => {
    expect(profileNames.map((name) => Object.values(profileOf(name)))).to.deep.equal([
      [5, 3, 0],
      [9, 6, 0],
      [9, 6, 3],
      [5, 3, 2],
    ])
    expect(profileOf('paper', { n: 300, t: 150 })).to.deep.equal({ n: 300, t: 150, r: 149 })
  })
})

describe('warnings about a policy', () => {
  const codes = (policy: Policy, availability = 0.999, operators?: readonly number[]) =>
    adviseOn({
      policy,
      prospects: prospectsOf(policy, { availability, yearlyLoss: 0.05 }),
      availability,
      operators,
    }).map(({ code }) => code)

  it('leave the profiles in peace where nodes are good', () => {
    for (const name of ['standard', 'wide', 'longterm'] as const)
      expect(codes(profileOf(name), 0.99, [1, 1, 1, 1, 1, 1, 1, 1, 1]), name).to.deep.equal([])
  })

  it('find each foolish choice', () => {
    expect(codes({ n: 5, t: 5, r: 0 })).to.deep.equal(['NO_SPARE'])
    expect(codes({ n: 3, t: 1, r: 0 })).to.deep.equal(['COPIES'])
    expect(codes({ n: 1, t: 1, r: 0 })).to.deep.equal(['COPIES'])
    expect(codes({ n: 5, t: 3, r: 2 })).to.deep.equal(['FULL_SHARES'])
    expect(codes({ n: 20, t: 12, r: 0 })).to.deep.equal(['SEEN_EARLY'])
    expect(codes({ n: 20, t: 12, r: 4 })).to.deep.equal([])
    expect(codes({ n: 6, t: 3, r: 0 })).to.deep.equal(['FEW_READ'])
    expect(codes({ n: 5, t: 3, r: 0 }, 0.6)).to.deep.equal(['AGAINST_THE_ODDS'])
    expect(codes({ n: 5, t: 4, r: 0 }, 0.9)).to.deep.equal(['TOO_LITTLE_SPARE'])
    expect(codes({ n: 9, t: 6, r: 0 }, 0.99, [1, 1, 1, 1, 1])).to.deep.equal(['TOO_FEW_OPERATORS'])
    expect(codes({ n: 5, t: 3, r: 0 }, 0.99, [5])).to.deep.equal(['ONE_OPERATOR'])
    expect(codes({ n: 5, t: 3, r: 0 }, 0.99, [2, 2, 2])).to.deep.equal([])
  })

  it('put what should be changed first, and say how many nodes are enough', () => {
    const policy = { n: 5, t: 4, r: 3 }
    const found = adviseOn({
      policy,
      prospects: prospectsOf(policy, { availability: 0.9, yearlyLoss: 0.05 }),
      availability: 0.9,
    })
    expect(found.map(({ level }) => level)).to.deep.equal(['unwise', 'careful'])
    expect(found[0]?.cure).to.equal('Take n = 8 with this t, or lower t.')
    expect(atLeast(8, 4, 0.9).nines).to.be.at.least(3)
    expect(atLeast(7, 4, 0.9).nines).to.be.below(3)
  })
})

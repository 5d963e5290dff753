import { createKernelCode, type Policy, type ShareCode, tableCode } from '@sharewell/sdk/share'
import { expect } from 'chai'
import fc from 'fast-check'
import { kernelBuilds } from '../../../sdk/src/share/engine/kernel.ts'
import type { Path } from '../../../sdk/src/share/engine/plan.ts'
import { layoutOf } from '../../../sdk/src/share/policy.ts'
import { rank, smallPolicies, subsets } from '../../helpers/code-rank.ts'
import { fieldFor, generatorOf, partsOf, randomRows, sameRows } from '../../helpers/share-code.ts'

const paths = ['dense', 'few', 'transform', undefined] as const

/** The plain engine, and every build of the kernels by every path. */
const engines: readonly (readonly [string, ShareCode])[] = [
  ['plain TypeScript', tableCode],
  ...kernelBuilds.flatMap((build) =>
    paths.map((path: Path | undefined) => {
      const code = createKernelCode({ build, path })
      if (!code) throw new Error('This Node runs no kernels.')
      return [`${build} ${path ?? 'by the rule'}`, code] as const
    }),
  ),
]

/** Symbols of the data, out of k, that these shares tell: all they tell, less what the random rows hide. */
function told(policy: Policy, generator: readonly number[][], shares: readonly number[]): number {
  const field = fieldFor(policy)
  const rows = shares.map((j) => generator[j] as number[])
  const random = rows.map((row) => row.slice(policy.t - policy.r))
  return rank(field, rows) - (policy.r === 0 ? 0 : rank(field, random))
}

const expected = ({ t, r }: Policy, shares: number): number => Math.max(0, Math.min(shares, t) - r)

const indices = ({ n }: Policy) => Array.from({ length: n }, (_, j) => j)

/** Too few rows out for GF(2^8): policies of the larger field with few rows in. */
const wide = [
  { n: 260, t: 2, r: 0 },
  { n: 255, t: 2, r: 1 },
  { n: 253, t: 4, r: 2 },
  { n: 250, t: 5, r: 3 },
] as const

describe('what a coalition sees of a split', () => {
  for (const [name, code] of engines.slice(0, 4))
    it(`is nothing up to r shares and exactly one symbol more for each further one up to t, by ${name}`, () => {
      for (const policy of smallPolicies(6)) {
        const generator = generatorOf(code, policy)
        for (let size = 0; size <= policy.n; size++)
          for (const some of subsets(indices(policy), size))
            expect(told(policy, generator, some), `${JSON.stringify(policy)} ${some}`).to.equal(expected(policy, size))
      }
    })

  it('is so over the larger field, for shares drawn at random and for neighbours', () => {
    for (const policy of wide) {
      expect(layoutOf(policy).bits).to.equal(16)
      const generator = generatorOf(engines[1]?.[1] ?? tableCode, policy)
      const shares = fc.uniqueArray(fc.nat(policy.n - 1), { maxLength: policy.t + 1 })
      const check = (some: readonly number[]) => {
        const seen = told(policy, generator, some)
        expect(seen, `${JSON.stringify(policy)} ${some}`).to.equal(expected(policy, some.length))
      }
      fc.assert(fc.property(shares, check), { numRuns: 200 })
      for (let first = 0; first + policy.t <= policy.n; first++)
        for (const size of [policy.r, policy.r + 1, policy.t]) check(Array.from({ length: size }, (_, i) => first + i))
    }
  })

  it('is so for large policies drawn at random', () => {
    const policies = fc
      .tuple(fc.integer({ min: 26, max: 120 }), fc.nat(), fc.nat())
      .map(([n, a, b]) => ({ n, t: 2 + (a % 24), r: b % (2 + (a % 24)) }))
    fc.assert(
      fc.property(policies, fc.nat(25), fc.infiniteStream(fc.nat()), (policy, size, draws) => {
        const left = indices(policy)
        const some = Array.from(
          { length: Math.min(size, policy.n) },
          () => left.splice(Number(draws.next().value) % left.length, 1)[0] as number,
        )
        const generator = generatorOf(engines[1]?.[1] ?? tableCode, policy)
        expect(told(policy, generator, some)).to.equal(expected(policy, some.length))
      }),
      { numRuns: 25 },
    )
  })
})

describe('every pattern of losses', () => {
  for (const [name, code] of engines)
    it(`is survived as the plain engine does, by ${name}`, () => {
      for (const policy of smallPolicies(6)) {
        const rows = randomRows(policy.t, 32)
        const shares = tableCode.encode(policy, rows)
        expect(sameRows(code.encode(policy, rows), shares), JSON.stringify(policy)).to.equal(true)
        for (const parts of subsets(partsOf(shares), policy.t))
          expect(sameRows(code.decode(policy, parts), rows.slice(0, policy.t - policy.r))).to.equal(true)
      }
    })

  for (const [name, code] of engines)
    it(`is survived over the larger field with any two shares left of hundreds, by ${name}`, () => {
      for (const policy of wide.slice(0, 2)) {
        const rows = randomRows(policy.t, 32)
        const shares = code.encode(policy, rows)
        expect(sameRows(shares, tableCode.encode(policy, rows))).to.equal(true)
        const parts = partsOf(shares)
        const some = fc
          .uniqueArray(fc.nat(policy.n - 1), { minLength: 2, maxLength: 2 })
          .map((two) => two.sort((a, b) => a - b))
        fc.assert(
          fc.property(some, (two) => {
            const left = two.map((j) => parts[j] as (typeof parts)[0])
            return sameRows(code.decode(policy, left), rows.slice(0, policy.t - policy.r))
          }),
          { numRuns: 150 },
        )
      }
    })
})

import { createKernelCode, type Policy, type ShareCode, tableCode } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { createKernel } from '../../../../sdk/src/share/engine/kernel.ts'
import type { Path } from '../../../../sdk/src/share/engine/plan.ts'
import { fieldOf } from '../../../../sdk/src/share/field.ts'
import { rank, smallPolicies, subsets } from '../../../helpers/code-rank.ts'
import { fieldFor, generatorOf } from '../../../helpers/share-code.ts'

const engineOf = (path?: Path): ShareCode => createKernelCode({ path }) ?? tableCode

/** r-subsets of shares whose part of the random rows is singular: they say something about the data. */
function* leaking(policy: Policy, generator: number[][]): Generator<number[]> {
  const field = fieldFor(policy)
  const shares = generator.map((_, i) => i)
  for (const some of subsets(shares, policy.r)) {
    const random = some.map((i) => (generator[i] as number[]).slice(policy.t - policy.r))
    if (rank(field, random) < policy.r) yield some
  }
}

/** t-subsets of shares that do not determine the rows. */
function* undecodable(policy: Policy, generator: number[][]): Generator<number[]> {
  const field = fieldFor(policy)
  const shares = generator.map((_, i) => i)
  for (const some of subsets(shares, policy.t))
    if (
      rank(
        field,
        some.map((i) => generator[i] as number[]),
      ) < policy.t
    )
      yield some
}

const first = <item>(items: Iterable<item>): item | undefined => {
  for (const item of items) return item
  return undefined
}

describe('privacy of the share engine', () => {
  for (const path of ['dense', 'transform'] as const)
    it(`hides the data from any r shares and gives it to any t, for every small policy, by ${path}`, () => {
      for (const policy of smallPolicies(7)) {
        const generator = generatorOf(engineOf(path), policy)
        expect(first(leaking(policy, generator)), `${JSON.stringify(policy)} leaks`).to.equal(undefined)
        expect(first(undecodable(policy, generator)), `${JSON.stringify(policy)} loses`).to.equal(undefined)
      }
    })

  it('hides the data from shares drawn at random, for large policies of both fields', () => {
    for (const policy of [
      { n: 100, t: 50, r: 10 },
      { n: 100, t: 50, r: 49 },
      { n: 300, t: 150, r: 20 },
    ]) {
      const generator = generatorOf(engineOf(), policy)
      for (let draw = 0; draw < 10; draw++) {
        const some = generator.toSorted(() => Math.random() - 0.5).slice(0, policy.r)
        expect(
          rank(
            fieldFor(policy),
            some.map((row) => row.slice(policy.t - policy.r)),
          ),
        ).to.equal(policy.r)
      }
    }
  })

  it('makes any r shares uniform, counted over all random rows; a source that repeats itself is seen', () => {
    const policy = { n: 4, t: 3, r: 2 }
    const row = (value: (i: number) => number) => Uint8Array.from({ length: 65_536 }, (_, i) => value(i))
    const values = (second: (i: number) => number) => {
      const shares = engineOf().encode(policy, [row(() => 0xa7), row((i) => i), row(second)])
      return [...subsets(shares, 2)].map(([a, b]) => {
        const seen = new Set<number>()
        for (let i = 0; i < 65_536; i++) seen.add((a?.[i] ?? 0) * 256 + (b?.[i] ?? 0))
        return seen.size
      })
    }
    expect(values((i) => i >> 8)).to.deep.equal(Array(6).fill(65_536))
    for (const size of values((i) => i)) expect(size).to.equal(256)
  })
})

describe('placements of random rows that must leak', () => {
  it('are seen: random rows behind the data in shares that are the rows themselves', () => {
    let leaks = 0
    for (const { n, t, r } of smallPolicies(6)) {
      if (r === 0) continue
      const generator = generatorOf(engineOf(), { n, t, r: 0 })
      if (first(leaking({ n, t, r }, generator))) leaks++
    }
    expect(leaks).to.be.above(20)
  })

  it('are seen: random rows as the high coefficients of the novel basis', () => {
    let leaks = 0
    for (const policy of smallPolicies(6)) {
      if (policy.r === 0) continue
      if (first(leaking(policy, novelValues(policy.n, policy.t)))) leaks++
    }
    expect(leaks).to.be.above(5)
  })
})

/** Values of the first t polynomials of the novel basis at the first n points: the kernels' own forward transform. */
function novelValues(n: number, t: number): number[][] {
  const { run, bytes, start, useField } = createKernel('plain', 2 ** 20)
  useField(8)
  const [flags, rows] = [start, start + 1024]
  bytes().fill(1, flags, flags + 16)
  for (let k = 0; k < 8; k++) {
    bytes().fill(0, rows + 32 * k, rows + 32 * (k + 1))
    bytes()[rows + 33 * k] = 1
  }
  run.forward(rows, 3, 32, 0, flags)
  expect(fieldOf(8).bits).to.equal(8)
  return Array.from({ length: n }, (_, i) => [...bytes().slice(rows + 32 * i, rows + 32 * i + t)])
}

import { fieldOf } from '../field.ts'
import { positionOf } from '../matrix.ts'
import { layoutOf, type Policy } from '../policy.ts'
import { locateShares } from './dense.ts'
import { createImage, type Entry } from './image.ts'
import { eachStrip, type Plan, powerOf, stripOf } from './plan.ts'
import { groupRows, rowsOf } from './transform.ts'

/** log2 of the least aligned block that holds all shares which are no data row, and its number. */
export type FewBlock = { readonly log2: number; readonly block: number }

/**
 * The block of {@link planFewDecoding}, for shares in rising order and r = 0. Undefined where none is smaller than the
 * code's own N rows, or where no share is a data row.
 */
export function fewBlockOf(policy: Policy, shares: readonly number[]): FewBlock | undefined {
  const { lg } = layoutOf(policy)
  const spares = shares.filter((share) => share >= policy.t).map((share) => positionOf(policy, share))
  const [first, last] = [spares[0], spares.at(-1)]
  if (policy.r > 0 || first === undefined || last === undefined || spares.length === policy.t) return undefined
  const log2 = 32 - Math.clz32(first ^ last)
  return log2 < lg ? { log2, block: first >> log2 } : undefined
}

/**
 * Decoding of few losses (docs/spec/share-engine.md, few): the spare shares of one block of p = 2^log2 positions say by
 * how much the received data rows alone are wrong there, and transforms of p rows carry that to the blocks with losses.
 */
export function planFewDecoding(
  policy: Policy,
  shares: readonly number[],
  wanted: readonly number[],
  { log2, block }: FewBlock,
): Plan {
  const { lg, bits } = layoutOf(policy)
  const field = fieldOf(bits)
  const { logPhi } = field
  const { positions, logs } = locateShares(policy, shares)
  const p = 2 ** log2
  const image = createImage()
  const entries = positions.map((x, slot) => ({ x, slot }))
  const between = (position: number): number => logPhi[block ^ (position >> log2)] as number
  const wrong = groupRows(
    image,
    log2,
    entries
      .filter(({ slot }) => (shares[slot] as number) < policy.t)
      .map(({ x, slot }): Entry => [x, slot, powerOf(field, (logPhi[block >> (lg - log2)] as number) - between(x))]),
  )
  const spares = groupRows(
    image,
    log2,
    entries
      .filter(({ slot }) => (shares[slot] as number) >= policy.t)
      .map(({ x, slot }): Entry => [x, slot, powerOf(field, -(logs[x] as number))]),
  )
  const results = groupRows(
    image,
    log2,
    wanted.map((y, i): Entry => [y, shares.length + i, powerOf(field, (logs[y] as number) - between(y))]),
  )
  const every = image.flags(
    log2,
    Array.from({ length: p }, (_, i) => i),
  )
  const strip = stripOf(p)
  const last = results.length - 1
  return {
    path: 'few',
    bits,
    inputs: shares.length,
    outputs: wanted.length,
    image: image.bytes(),
    scratch: 2 * p * strip,
    compute(stage) {
      const { run, image, scratch } = stage
      const second = scratch + p * strip
      eachStrip(stage, strip, (from, length) => {
        wrong.forEach((group, i) => {
          const target = i === 0 ? scratch : second
          run.gather(target, p, length, ...rowsOf(group, stage, from, length))
          run.inverse(target, log2, length, group.block * p, image + group.flags)
          if (i > 0) run.add(second, scratch, p * length)
        })
        run.forward(scratch, log2, length, block * p, image + every)
        for (const group of spares) run.correct(scratch, p, length, ...rowsOf(group, stage, from, length))
        run.inverse(scratch, log2, length, block * p, image + every)
        results.forEach((group, i) => {
          const values = i === last ? scratch : second
          if (i !== last) run.copy(second, scratch, p * length)
          run.forward(values, log2, length, group.block * p, image + group.flags)
          run.scatter(values, length, ...rowsOf(group, stage, from, length))
        })
      })
    },
  }
}

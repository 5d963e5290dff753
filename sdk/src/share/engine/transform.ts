import { fieldOf } from '../field.ts'
import { layoutOf, type Policy } from '../policy.ts'
import { locateShares } from './dense.ts'
import { createImage, type Entry, type Image, type List } from './image.ts'
import { eachStrip, type Plan, powerOf, type Stage, stripOf } from './plan.ts'

/** The rows of one block of 2^log2 positions, and which blocks inside it hold one. */
type Group = { readonly block: number; readonly list: List; readonly flags: number }

/** Groups entries by aligned blocks of 2^log2 positions, in rising order, with positions counted inside the block. */
export function groupRows(image: Image, log2: number, entries: readonly Entry[]): Group[] {
  const blocks = new Map<number, Entry[]>()
  for (const [position, slot, constant] of [...entries].sort(([a], [b]) => a - b)) {
    const rows = blocks.get(position >> log2) ?? []
    rows.push([position & (2 ** log2 - 1), slot, constant])
    blocks.set(position >> log2, rows)
  }
  return [...blocks].map(([block, rows]) => ({
    block,
    list: image.list(rows),
    flags: image.flags(
      log2,
      rows.map(([position]) => position),
    ),
  }))
}

/** A group's rows as arguments of gather, correct and scatter. */
export const rowsOf = (
  { list }: { readonly list: List },
  { image, rows, stride }: Stage,
  from: number,
  length: number,
): [number, number, number, number, number, number] => [image + list.at, list.entries, rows, stride, from, length]

/**
 * Encoding (docs/spec/share-engine.md, transform): from the D rows, values on the first coset, to coefficients; from them
 * to the values on each further coset that has shares.
 */
export function planTransformEncoding(policy: Policy): Plan {
  const { N, lg, bits } = layoutOf(policy)
  const outputs = policy.r > 0 ? policy.n : policy.n - policy.t
  const image = createImage()
  const rowsIn = Array.from({ length: policy.t }, (_, j): Entry => [j, j, 1])
  const rowsOut = Array.from({ length: outputs }, (_, i): Entry => [N + i, policy.t + i, 1])
  const given = groupRows(image, lg, rowsIn)
  const cosets = groupRows(image, lg, rowsOut)
  const strip = stripOf(N)
  const last = cosets.length - 1
  return {
    path: 'transform',
    bits,
    inputs: policy.t,
    outputs,
    image: image.bytes(),
    scratch: 2 * N * strip,
    compute(stage) {
      const { run, image, scratch } = stage
      const copied = scratch + N * strip
      eachStrip(stage, strip, (from, length) => {
        for (const group of given) {
          run.gather(scratch, N, length, ...rowsOf(group, stage, from, length))
          run.inverse(scratch, lg, length, 0, image + group.flags)
        }
        cosets.forEach((group, i) => {
          // The last coset may spoil the coefficients.
          const values = i === last ? scratch : copied
          if (i !== last) run.copy(copied, scratch, N * length)
          run.forward(values, lg, length, group.block * N, image + group.flags)
          run.scatter(values, length, ...rowsOf(group, stage, from, length))
        })
      })
    },
  }
}

/**
 * Decoding from any t shares (docs/spec/share-engine.md, transform): the coefficients of f / e, coset by coset, then
 * values at the wanted rows, times the locator. `slots` says where the shares are, wanted rows follow them.
 */
export function planTransformDecoding(policy: Policy, shares: readonly number[], wanted: readonly number[]): Plan {
  const { N, lg, bits } = layoutOf(policy)
  const field = fieldOf(bits)
  const { positions, logs } = locateShares(policy, shares)
  const image = createImage()
  const rowsIn = positions.map((x, slot): Entry => {
    // log phi is 0 for cosets 0 and 1 alike: phi(1) = 1, and coset 0 has no factor.
    const log = -(logs[x] as number) - (field.logPhi[x >> lg] as number)
    return [x, slot, powerOf(field, log)]
  })
  const rowsOut = wanted.map((y, i): Entry => [y, shares.length + i, powerOf(field, logs[y] as number)])
  const groups = groupRows(image, lg, rowsIn)
  const cosets = groups.filter(({ block }) => block > 0)
  const data = groups.filter(({ block }) => block === 0)
  const results = groupRows(image, lg, rowsOut)
  const strip = stripOf(N)
  return {
    path: 'transform',
    bits,
    inputs: shares.length,
    outputs: wanted.length,
    image: image.bytes(),
    scratch: 2 * N * strip,
    compute(stage) {
      const { run, image, scratch } = stage
      const second = scratch + N * strip
      const coefficientsOf = (group: Group, target: number, from: number, length: number) => {
        run.gather(target, N, length, ...rowsOf(group, stage, from, length))
        run.inverse(target, lg, length, group.block * N, image + group.flags)
      }
      eachStrip(stage, strip, (from, length) => {
        cosets.forEach((group, i) => {
          coefficientsOf(group, i === 0 ? scratch : second, from, length)
          if (i > 0) run.add(second, scratch, N * length)
        })
        for (const group of data) {
          coefficientsOf(group, second, from, length)
          run.addDerivative(scratch, second, lg, length)
        }
        for (const group of results) {
          run.forward(scratch, lg, length, 0, image + group.flags)
          run.scatter(scratch, length, ...rowsOf(group, stage, from, length))
        }
      })
    },
  }
}

import type { ShareCode } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { codeOn } from '../../../../sdk/src/share/engine/index.ts'
import { createKernel, type Kernel } from '../../../../sdk/src/share/engine/kernel.ts'
import { firstDifference } from '../../../helpers/share-code.ts'

/** One policy for each path and field, each with losses of every pattern. */
const policies = [
  { n: 80, t: 40, r: 0 },
  { n: 40, t: 36, r: 0 },
  { n: 24, t: 12, r: 3 },
  { n: 7, t: 4, r: 1 },
  { n: 270, t: 24, r: 0 },
  { n: 262, t: 4, r: 0 },
]

const seen = (code: ShareCode): boolean => policies.some((policy) => firstDifference(code, policy, 96) !== undefined)

const codeWith = (change: (kernel: Kernel) => Partial<Kernel['run']> | undefined): ShareCode => {
  const kernel = createKernel('plain', 2 ** 24)
  kernel.useField(16)
  return codeOn({ ...kernel, run: { ...kernel.run, ...change(kernel) } }, {})
}

const bugs: Record<string, (kernel: Kernel) => Partial<Kernel['run']> | undefined> = {
  'a wrong product in a table': ({ bytes, run }) => {
    ;(bytes()[run.productTable.value + 32 * 0xd6 + 5] as number) ^= 1
    return undefined
  },
  'the low and the high table of a constant swapped': ({ bytes, run }) => {
    const at = run.productTable.value + 32 * 0x98
    const low = bytes().slice(at, at + 16)
    bytes().copyWithin(at, at + 16, at + 32)
    bytes().set(low, at + 16)
    return undefined
  },
  'a mask that loses a bit of every nibble': ({ bytes, run }) => {
    bytes().fill(7, run.nibbleMask.value, run.nibbleMask.value + 16)
    return undefined
  },
  'a wrong constant of the larger field': ({ bytes, run }) => {
    bytes().fill(1, run.towerTable.value, run.towerTable.value + 256)
    return undefined
  },
  'two points exchanged': ({ bytes, run }) => {
    const points = new Uint16Array(bytes().buffer, run.pointTable.value, 65_536)
    points.set([points[2] as number, points[1] as number], 1)
    return undefined
  },
  'a coset at the wrong offset': ({ run }) => ({
    forward: (rows, log2, strip, offset, flags) => run.forward(rows, log2, strip, offset ^ (2 ** log2), flags),
  }),
  'coefficients of the first coset instead of their own': ({ run }) => ({
    inverse: (rows, log2, strip, _, flags) => run.inverse(rows, log2, strip, 0, flags),
  }),
  'a forgotten coset': () => ({ add: () => undefined }),
  'a forgotten derivative': () => ({ addDerivative: () => undefined }),
  'a forgotten copy of coefficients': () => ({ copy: () => undefined }),
  'shares taken for their difference': ({ run }) => ({ correct: run.gather }),
  'one row too few written': ({ run }) => ({
    scatter: (strips, strip, list, entries, ...rest) => run.scatter(strips, strip, list, entries - 1, ...rest),
  }),
  'one input too few in a matrix': ({ run }) => ({
    multiplyBytes: (matrix, inputs, ...rest) => run.multiplyBytes(matrix, inputs - 1, ...rest),
  }),
  'tables laid out over the coefficients': ({ run }) => ({
    multiplyBytes: (matrix, ...rest) =>
      run.multiplyBytes(matrix, rest[0], rest[1], rest[2], rest[3], rest[4], rest[5], matrix),
  }),
  'bytes where symbols have two': ({ run }) => ({ multiplyPairs: run.multiplyBytes }),
}

describe('planted bugs in the share engine', () => {
  it('are none as it is', () => {
    expect(seen(codeWith(() => undefined))).to.equal(false)
  })

  for (const [name, plant] of Object.entries(bugs))
    it(`are seen: ${name}`, () => {
      expect(seen(codeWith(plant))).to.equal(true)
    })
})

import { randomBytes } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import { fieldOf } from '../../../../sdk/src/share/field.ts'
import { innerProduct, symbolAt } from '../../../../sdk/src/share/renew/product.ts'
import { upTo } from '../../../helpers/renewals.ts'

describe('inner product of rows', () => {
  for (const bits of [8, 16] as const)
    it(`is the sum of the products of all symbols of ${bits} bits`, () => {
      const { multiply } = fieldOf(bits)
      for (const length of [32, 64, 96, 1024]) {
        // Rows cut out of larger ones, as chunks come: nothing is aligned.
        const [a, b] = [randomBytes(length + 3).subarray(3), randomBytes(length + 1).subarray(1)]
        const due = upTo((8 * length) / bits).reduce(
          (sum, s) => sum ^ multiply(symbolAt(a, s, bits), symbolAt(b, s, bits)),
          0,
        )
        expect(innerProduct(bits, a, b)).to.equal(due)
      }
    })
})

import { createKernelCode } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { createPlanCache } from '../../../../sdk/src/share/engine/cache.ts'
import { decodingPath, encodingPath, planDecoding, planEncoding } from '../../../../sdk/src/share/engine/choose.ts'
import { locatorLogs } from '../../../../sdk/src/share/engine/locator.ts'
import { fieldOf } from '../../../../sdk/src/share/field.ts'
import { randomRows } from '../../../helpers/share-code.ts'

const from = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i)

describe('the rule of the share engine', () => {
  it('encodes by transform from eight rows on, on both sides', () => {
    expect(encodingPath({ n: 14, t: 7, r: 0 })).to.equal('dense')
    expect(encodingPath({ n: 16, t: 8, r: 0 })).to.equal('transform')
    expect(encodingPath({ n: 300, t: 295, r: 0 })).to.equal('dense')
    expect(encodingPath({ n: 9, t: 8, r: 7 })).to.equal('transform')
  })

  it('decodes by what arrived, what is missing, and the field', () => {
    const wide = { n: 100, t: 50, r: 0 }
    expect(decodingPath(wide, from(50, 50), 50)).to.equal('transform')
    expect(decodingPath({ n: 10, t: 5, r: 0 }, from(5, 5), 5)).to.equal('dense')
    expect(decodingPath({ n: 20, t: 10, r: 0 }, from(10, 10), 10)).to.equal('dense')
    expect(decodingPath({ n: 24, t: 12, r: 0 }, from(12, 12), 12)).to.equal('transform')
    expect(decodingPath({ n: 300, t: 10, r: 0 }, from(10, 10), 10)).to.equal('transform')
    expect(decodingPath({ n: 60, t: 50, r: 49 }, from(10, 50), 1)).to.equal('dense')
    expect(decodingPath({ n: 60, t: 50, r: 10 }, from(10, 50), 40)).to.equal('transform')
    expect(decodingPath(wide, from(8, 50), 8)).to.equal('dense')
    expect(decodingPath(wide, from(12, 50), 12)).to.equal('few')
    expect(decodingPath(wide, [...from(12, 38), 50, ...from(89, 11)], 12)).to.equal('dense')
    expect(decodingPath(wide, from(40, 50), 40)).to.equal('transform')
    expect(decodingPath({ n: 300, t: 150, r: 0 }, from(1, 150), 1)).to.equal('few')
  })

  it('gives way to the transform where few losses cannot be served', () => {
    const policy = { n: 12, t: 6, r: 2 }
    expect(planDecoding(policy, from(6, 6), from(0, 4), 'few').path).to.equal('transform')
  })
})

describe('planning of the share engine', () => {
  it('gives the locator that the product over the roots gives', () => {
    for (const [bits, size] of [
      [8, 32],
      [8, 256],
      [16, 512],
    ] as const) {
      const field = fieldOf(bits)
      const roots = from(0, size).filter((i) => (i * 7) % 5 < 2)
      const logs = locatorLogs(field, size, roots)
      for (let x = 0; x < size; x += 3) {
        const sum = roots.reduce((total, root) => total + (field.logPhi[x ^ root] as number), 0)
        expect(logs[x]).to.equal(sum % field.order)
      }
    }
  })

  it('keeps plans that are used, few enough and small enough', () => {
    const plan = planEncoding({ n: 20, t: 10, r: 0 })
    let made = 0
    const create = () => {
      made++
      return plan
    }
    const cache = createPlanCache({ plans: 2, bytes: 10 ** 6 })
    const get = (share: number) => cache.get({ n: 20, t: 10, r: 0 }, [share], create)
    for (const share of [1, 2, 1, 3, 1, 2]) get(share)
    // 1, 2 and 3 are made; 2 was dropped for 3 and is made again, 1 stayed.
    expect([made, cache.length()]).to.deep.equal([4, 2])
    const small = createPlanCache({ plans: 9, bytes: plan.image.length + 100 })
    for (const share of [1, 2, 3]) small.get({ n: 20, t: 10, r: 0 }, [share], create)
    expect(small.length()).to.equal(1)
    const none = createPlanCache({ plans: 0, bytes: 10 ** 6 })
    none.get({ n: 20, t: 10, r: 0 }, [], create)
    expect(none.length()).to.equal(0)
  })

  it('stays below the memory limit for the largest policies', () => {
    const engine = createKernelCode()
    for (const [n, t, r] of [
      [65_000, 3, 1],
      [32_768, 32_000, 31_500],
    ] as const)
      engine?.encode({ n, t, r }, randomRows(t, 32))
    expect(engine?.memoryLength()).to.be.within(2 ** 20, 24 * 2 ** 20)
  })
})

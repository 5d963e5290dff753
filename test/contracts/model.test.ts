import { expect } from 'chai'
import { compare } from './model/compare.ts'

// MODEL_STEPS=100000 is the long run, each time another history; MODEL_SEED repeats one.
const long = process.env.MODEL_STEPS !== undefined
const steps = Number(process.env.MODEL_STEPS ?? 10_000)
const seed = Number(process.env.MODEL_SEED ?? (long ? Date.now() % 2 ** 32 : 2))

describe('ConsentRegistry and the model of its specification', () => {
  it(`agree on ${steps} steps of a random history (seed ${seed})`, async function () {
    this.timeout(3_600_000)
    const { difference, ...seen } = await compare({ seed, steps })
    expect(difference).to.equal(undefined)
    // A history in which little happens would prove little.
    expect([...seen.codes].sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 16 }, (_, code) => code))
    expect(seen.permits).to.be.above(seen.answers / 40)
    expect([...seen.refusals]).to.include.members([
      'ConsentOlder',
      'ConsentNonceUsed',
      'ConsentBadSignature',
      'ConsentUsedUp',
      'ConsentUseTaken',
      'ConsentBeyondDelegation',
    ])
    expect(seen.refused).to.be.below(seen.acts / 2)
  })
})

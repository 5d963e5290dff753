import {
  basePoint,
  checkPossession,
  decodePoint,
  decodeScalar,
  encodePoint,
  encodeScalar,
  evaluateCommitment,
  hashToScalar,
  interpolatePoints,
  lagrange,
  provePossession,
  randomScalar,
  scalarField,
} from '@sharewell/sdk/group'
import { expect } from 'chai'
import fc from 'fast-check'

const order = scalarField.ORDER
const scalars = fc.bigInt({ min: 1n, max: order - 1n })
const pointOf = (scalar: bigint) => encodePoint(basePoint.multiply(scalar))

/** f(x) for f = coefficients[0] + coefficients[1] x + .. */
const evaluate = (coefficients: readonly bigint[], x: number) =>
  coefficients.reduceRight((sum, one) => scalarField.add(scalarField.mul(sum, BigInt(x)), one), 0n)

describe('group', () => {
  it('reads back every point and scalar that it wrote', () => {
    fc.assert(
      fc.property(scalars, (scalar) => {
        expect(decodeScalar(encodeScalar(scalar))).to.equal(scalar)
        expect(encodePoint(decodePoint(pointOf(scalar)))).to.deep.equal(pointOf(scalar))
      }),
      { numRuns: 20 },
    )
  })

  it('refuses the identity, foreign encodings and other lengths as points', () => {
    const nonCanonical = new Uint8Array(32).fill(0xff)
    for (const bytes of [new Uint8Array(32), nonCanonical, new Uint8Array(31), new Uint8Array(33)])
      expect(() => decodePoint(bytes))
        .to.throw()
        .with.property('code', 'POINT')
    // RFC 9496 appendix A.3: negative field element, non-square.
    for (const hex of [
      '0100000000000000000000000000000000000000000000000000000000000000',
      '26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371',
    ])
      expect(() => decodePoint(new Uint8Array(Buffer.from(hex, 'hex'))))
        .to.throw()
        .with.property('code', 'POINT')
  })

  it('refuses a scalar that has a smaller twin, so that no proof has two forms', () => {
    const twin = new Uint8Array(32)
    let rest = order + 5n
    for (let i = 0; i < 32; i++, rest >>= 8n) twin[i] = Number(rest & 255n)
    expect(() => decodeScalar(twin))
      .to.throw()
      .with.property('code', 'SCALAR')
    expect(() => decodeScalar(new Uint8Array(31)))
      .to.throw()
      .with.property('code', 'SCALAR')
  })

  it('draws no zero scalar', () => {
    const draws = [new Uint8Array(64), new Uint8Array(64).fill(1)]
    expect(randomScalar(() => draws.shift() as Uint8Array<ArrayBuffer>)).to.not.equal(0n)
    expect(draws).to.have.length(0)
  })

  it('keeps fields apart when it hashes, however they are cut', () => {
    const bytes = (text: string) => new TextEncoder().encode(text)
    const one = hashToScalar(['release', 'e'], bytes('ab'), bytes('c'))
    expect(one).to.not.equal(hashToScalar(['release', 'e'], bytes('a'), bytes('bc')))
    expect(one).to.not.equal(hashToScalar(['release', 'reks'], bytes('ab'), bytes('c')))
  })

  it('rebuilds a secret from any k shares, in the exponent too, and from no share numbered twice', () => {
    fc.assert(
      fc.property(
        fc.array(scalars, { minLength: 3, maxLength: 3 }),
        fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7], { minLength: 3, maxLength: 3 }),
        (f, ids) => {
          // A share of 0 has no point that anybody sends: one in 2^252.
          fc.pre(ids.every((id) => evaluate(f, id) !== 0n))
          const sum = ids.reduce(
            (all, id) => scalarField.add(all, scalarField.mul(lagrange(ids, id), evaluate(f, id))),
            0n,
          )
          expect(sum).to.equal(f[0])
          const points = ids.map((index) => ({ index, point: basePoint.multiply(evaluate(f, index)) }))
          expect(encodePoint(interpolatePoints(points))).to.deep.equal(pointOf(f[0] as bigint))
        },
      ),
      { numRuns: 5 },
    )
    expect(() => lagrange([1, 1, 2], 1))
      .to.throw()
      .with.property('code', 'SCALAR')
    expect(() => lagrange([0, 1], 1))
      .to.throw()
      .with.property('code', 'SCALAR')
    expect(() => lagrange([1, 2], 3))
      .to.throw()
      .with.property('code', 'SCALAR')
  })

  it('shows in public what share a dealer should have sent', () => {
    const f = [7n, 11n, 13n]
    const commitment = f.map((one) => basePoint.multiply(one))
    for (const index of [1, 2, 5])
      expect(encodePoint(evaluateCommitment(commitment, index))).to.deep.equal(pointOf(evaluate(f, index)))
  })

  it('accepts a proof of possession for its own key and request only', () => {
    const secret = randomScalar()
    const context = new Uint8Array(32).fill(1)
    const proof = provePossession(secret, context)
    checkPossession(pointOf(secret), context, proof)
    const otherContext = new Uint8Array(32).fill(2)
    expect(() => checkPossession(pointOf(secret), otherContext, proof))
      .to.throw()
      .with.property('code', 'POSSESSION')
    expect(() => checkPossession(pointOf(secret + 1n), context, proof))
      .to.throw()
      .with.property('code', 'POSSESSION')
    expect(() => checkPossession(pointOf(secret), context, proof.subarray(1)))
      .to.throw()
      .with.property('code', 'POSSESSION')
    const altered = proof.slice()
    altered[40] = (altered[40] as number) ^ 1
    expect(() => checkPossession(pointOf(secret), context, altered))
      .to.throw()
      .with.property('code', 'POSSESSION')
  })
})

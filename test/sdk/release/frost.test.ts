import { type Bytes, utf8 } from '@sharewell/sdk/bytes'
import { basePoint, decodeScalar, encodePoint } from '@sharewell/sdk/group'
import {
  checkFrostShare,
  commitFrost,
  FrostError,
  type FrostGroup,
  joinFrost,
  signFrost,
  verifyFrost,
} from '@sharewell/sdk/release'
import { expect } from 'chai'
import vectors from '../../data/frost-rfc9591/ristretto255-sha512.json' with { type: 'json' }
import { frostKeys } from '../../helpers/frost-keys.ts'

const hex = (text: string): Bytes => new Uint8Array(Buffer.from(text, 'hex'))
const bytes = (fill: number, length = 32) => new Uint8Array(length).fill(fill)
const { inputs, round_one_outputs, round_two_outputs, final_output } = vectors

/** The vector's nonces, in the order in which they are drawn. */
const drawn = (...parts: string[]) => {
  const queue = parts.map(hex)
  return () => queue.shift() as Bytes
}

describe('FROST', () => {
  it('makes every value of the vectors of RFC 9591', () => {
    const verifyingShares = inputs.participant_shares.map(({ participant_share }) =>
      encodePoint(basePoint.multiply(decodeScalar(hex(participant_share)))),
    )
    const of: FrostGroup = { k: 2, groupKey: hex(inputs.group_public_key), verifyingShares }
    const seats = inputs.participant_list.map((i) => ({
      i,
      share: hex(inputs.participant_shares[i - 1]?.participant_share ?? ''),
    }))
    const round1 = seats.map((seat, at) => {
      const out = round_one_outputs.outputs[at]
      if (!out) throw new Error('no such output')
      const random = drawn(out.hiding_nonce_randomness, out.binding_nonce_randomness)
      const made = commitFrost(seat, { random })
      expect(made.nonces.hiding).to.deep.equal(hex(out.hiding_nonce))
      expect(made.nonces.binding).to.deep.equal(hex(out.binding_nonce))
      expect(made.commitment.hiding).to.deep.equal(hex(out.hiding_nonce_commitment))
      expect(made.commitment.binding).to.deep.equal(hex(out.binding_nonce_commitment))
      return made
    })
    const signing = { commitments: round1.map(({ commitment }) => commitment), message: hex(inputs.message) }
    const shares = seats.map((seat, at) => {
      const share = signFrost(of, seat, (round1[at] as (typeof round1)[number]).nonces, signing)
      expect(share).to.deep.equal(hex(round_two_outputs.outputs[at]?.sig_share ?? ''))
      return { i: seat.i, share }
    })
    const signature = joinFrost(of, shares, signing)
    expect(signature).to.deep.equal(hex(final_output.sig))
    expect(verifyFrost(of.groupKey, signing.message, signature)).to.equal(true)
  })

  describe('with a key of three of four', () => {
    let keys: Awaited<ReturnType<typeof frostKeys>>
    let of: FrostGroup
    const message = utf8('checkpoint')
    before(async () => {
      keys = await frostKeys({ k: 3, h: 4 })
      const [first] = keys
      if (!first) throw new Error('no keys')
      of = { k: 3, groupKey: first.groupKey, verifyingShares: first.verifyingShares }
    })
    const seatsOf = (...who: number[]) => keys.filter(({ i }) => who.includes(i))
    const round1 = (...who: number[]) => {
      const made = seatsOf(...who).map((seat) => ({ seat, ...commitFrost(seat) }))
      return { made, signing: { commitments: made.map(({ commitment }) => commitment), message } }
    }
    const sharesOf = ({ made, signing }: ReturnType<typeof round1>) =>
      made.map(({ seat, nonces }) => ({ i: seat.i, share: signFrost(of, seat, nonces, signing) }))

    it('signs with any three and with all, and with no two', () => {
      for (const who of [
        [1, 2, 3],
        [1, 3, 4],
        [2, 3, 4],
        [1, 2, 3, 4],
      ]) {
        const round = round1(...who)
        const signature = joinFrost(of, sharesOf(round), round.signing)
        expect(verifyFrost(of.groupKey, message, signature)).to.equal(true)
        expect(verifyFrost(of.groupKey, utf8('another'), signature)).to.equal(false)
        expect(verifyFrost(bytes(3), message, signature)).to.equal(false)
      }
      const two = round1(1, 2)
      expect(() => sharesOf(two)).to.throw(FrostError)
    })

    it('names the signer of a wrong share', () => {
      const round = round1(1, 2, 4)
      const shares = sharesOf(round)
      const lie = (shares[1] as (typeof shares)[number]).share.slice()
      lie[0] = (lie[0] as number) ^ 1
      const wrong = shares.with(1, { i: 2, share: lie })
      expect(checkFrostShare(of, { i: 2, share: lie }, round.signing)).to.equal(false)
      expect(() => joinFrost(of, wrong, round.signing))
        .to.throw(FrostError)
        .with.deep.property('culprits', [2])
    })

    it('signs once with its nonces, and nothing without its own commitment in the list', () => {
      const round = round1(1, 2, 3)
      const [one] = round.made
      if (!one) throw new Error('no signer')
      signFrost(of, one.seat, one.nonces, round.signing)
      expect(() => signFrost(of, one.seat, one.nonces, round.signing)).to.throw(FrostError)
      const [other] = round1(1, 2, 3).made
      if (!other) throw new Error('no signer')
      expect(() => signFrost(of, other.seat, other.nonces, round.signing)).to.throw(FrostError)
      expect(other.nonces.hiding).to.deep.equal(bytes(0))
    })
  })
})

import { fromHex, toHex } from '@sharewell/sdk/bytes'
import {
  createVault,
  guardianAccount,
  guardianCircle,
  guardianCode,
  guardianLetter,
  guardianOf,
  guardianPlaceAt,
  guardianSeedOf,
  openGuardianShare,
  sealGuardianShare,
} from '@sharewell/sdk/person'
import { randomBytes } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import fc from 'fast-check'
import { privateKeyToAccount } from 'viem/accounts'
import { codeOf } from '../../helpers/code-of.ts'

const networkId = randomBytes(32)
const patient = createVault(networkId)
const seed = guardianSeedOf(createVault(networkId))
const { key, publicKey } = guardianOf(seed)
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => new Uint8Array(bytes))

describe('a guardian', () => {
  it('can act with exactly the account that the patient made from the code', () => {
    fc.assert(
      fc.property(bytes32, bytes32, (secret, pseudonym) => {
        const place = guardianPlaceAt(patient, guardianOf(secret).key, pseudonym)
        const { address, privateKey } = guardianAccount(secret, place.tweak)
        expect(address).to.equal(place.account)
        expect(privateKeyToAccount(privateKey).address.toLowerCase()).to.equal(address)
      }),
      { numRuns: 20 },
    )
  })

  it('has another account, salt and commitment at every pseudonym, and with every patient', () => {
    const [one, two] = [randomBytes(32), randomBytes(32)]
    const places = [
      guardianPlaceAt(patient, key, one),
      guardianPlaceAt(patient, key, two),
      guardianPlaceAt(createVault(networkId), key, one),
    ]
    for (const field of ['account', 'salt', 'commitment', 'tweak'] as const)
      expect(new Set(places.map((place) => String(place[field]))).size).to.equal(3)
  })

  it('stands in a circle by its commitment alone, in whatever order the codes came', () => {
    const keys = [key, guardianOf(randomBytes(32)).key, guardianOf(randomBytes(32)).key]
    const pseudonym = randomBytes(32)
    const { circle, places } = guardianCircle(patient, keys, pseudonym, 2)
    expect(guardianCircle(patient, keys.toReversed(), pseudonym, 2).circle).to.deep.equal(circle)
    expect(circle.places).to.deep.equal(places.map(({ commitment }) => toHex(commitment)))
    expect(circle.places).to.include(toHex(guardianPlaceAt(patient, key, pseudonym).commitment))
  })

  it('opens its letter, and no other guardian does', async () => {
    const letter = await sealGuardianShare({ key, publicKey }, 'academic acid', { networkId })
    const text = guardianLetter.write({ networkId, ...letter })
    const read = guardianLetter.read(`${text.slice(0, 40)}\n ${text.slice(40)}`, { networkId })
    expect(await openGuardianShare(seed, read, { networkId })).to.equal('academic acid')
    expect(await codeOf(openGuardianShare(randomBytes(32), read, { networkId }))).to.equal('GUARDIAN')
    expect(await codeOf(openGuardianShare(seed, read, { networkId: randomBytes(32) }))).to.equal('ENVELOPE')
    const moved = { ...read, ct: read.ct.map((byte, at) => (at === 3 ? byte ^ 1 : byte)) }
    expect(await codeOf(openGuardianShare(seed, moved, { networkId }))).to.equal('ENVELOPE')
  })

  it('shows a code that is refused when cut, of another kind or of another network', () => {
    const text = guardianCode.write({ networkId, key, publicKey })
    expect(guardianCode.read(text, { networkId })).to.deep.equal({ v: 1, networkId, key, publicKey })
    for (const bad of [text.slice(0, -3), `${text}AA`, text.replace('guardian1', 'share1'), 'sharewell-guardian1:', ''])
      expect(() => guardianCode.read(bad, { networkId }))
        .to.throw()
        .with.property('code', 'GUARDIAN')
    expect(() => guardianCode.read(text, { networkId: randomBytes(32) }))
      .to.throw()
      .with.property('code', 'GUARDIAN')
  })

  it('is nobody where the key is no point, or the tweak is none', () => {
    const no = fromHex(`0x02${'ff'.repeat(32)}`)
    expect(() => guardianPlaceAt(patient, no, randomBytes(32)))
      .to.throw()
      .with.property('code', 'GUARDIAN')
    expect(() => guardianAccount(seed, randomBytes(31)))
      .to.throw()
      .with.property('code', 'GUARDIAN')
    const zero = new Uint8Array(32)
    expect(() => guardianAccount(seed, zero))
      .to.throw()
      .with.property('code', 'GUARDIAN')
  })
})

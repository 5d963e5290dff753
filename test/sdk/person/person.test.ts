import { fromHex, toHex } from '@sharewell/sdk/bytes'
import {
  accountAt,
  createVault,
  encodePatientCode,
  newVaultKey,
  openVault,
  parsePatientCode,
  placeKeys,
  pseudonymAt,
  pseudonymOf,
  sealVault,
  selfKeyAt,
  vaultKeyFromSignature,
  vaultKeys,
} from '@sharewell/sdk/person'
import { expect } from 'chai'
import { encodeAbiParameters, type Hex, keccak256, toBytes } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { codeOf } from '../../helpers/code-of.ts'

const bytes = (fill: number, length = 32) => new Uint8Array(length).fill(fill)
const networkId = bytes(1)
const vault = createVault(networkId, { random: (length) => bytes(2, length) })
const [one, two] = [{ providerId: bytes(3, 16) }, { providerId: bytes(4, 16) }]
const controller = `0x${'ab'.repeat(20)}` as const

describe('person', () => {
  it('has a pseudonym that the contract computes from its controller', () => {
    const rho = bytes(5)
    const types = [{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'address' }, { type: 'bytes32' }] as const
    const words = [keccak256(toBytes('sharewell/person/1 nym')), toHex(networkId), controller, toHex(rho)] as const
    const expected = keccak256(encodeAbiParameters(types, words))
    expect(toHex(pseudonymOf({ networkId, controller, rho }))).to.equal(expected)
    expect(toHex(pseudonymOf({ networkId, controller: `0x${'cd'.repeat(20)}`, rho }))).to.not.equal(expected)
    expect(() => pseudonymOf({ networkId, controller, rho: bytes(5, 31) }))
      .to.throw()
      .with.property('code', 'PLACE')
  })

  it('shares no value between two providers, two generations or two networks', () => {
    const places = [
      [vault, one],
      [vault, two],
      [vault, { ...one, gen: 1 }],
      [{ ...vault, networkId: bytes(9) }, one],
      [createVault(networkId), one],
    ] as const
    const values = places.flatMap(([of, place]) => {
      const { rho, pseudonym, self } = placeKeys(of, place, controller)
      const account = accountAt(of, place)
      return [
        toHex(rho),
        toHex(pseudonym),
        toHex(self.seed),
        toHex(self.publicKey),
        account.privateKey,
        account.address,
      ]
    })
    expect(new Set(values).size).to.equal(values.length)
    expect(new Set(Object.values(vaultKeys(vault)).map(toHex)).size).to.equal(4)
  })

  it('finds the same keys again from the same seed', () => {
    expect(placeKeys(vault, one, controller)).to.deep.equal(placeKeys({ ...vault }, { ...one, gen: 0 }, controller))
    expect(pseudonymAt(vault, one, controller)).to.deep.equal(placeKeys(vault, one, controller).pseudonym)
    const { privateKey, address } = accountAt(vault, one)
    expect(privateKeyToAccount(privateKey).address.toLowerCase()).to.equal(address)
  })

  it('refuses ids of another length', () => {
    expect(() => selfKeyAt(vault, { providerId: bytes(3, 32) }))
      .to.throw()
      .with.property('code', 'PLACE')
  })
})

describe('vault', () => {
  const account = privateKeyToAccount('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d')
  const full = { ...vault, profiles: [{ providerId: one.providerId, controller, gen: 0, derived: false }] }

  it('opens with the wallet that closed it, and with no other', async () => {
    const key = vaultKeyFromSignature(await account.signMessage({ message: 'Open my vault' }))
    const sealed = await sealVault(full, key)
    expect(await openVault(sealed, key, networkId)).to.deep.equal(full)
    const otherKey = vaultKeyFromSignature(await account.signMessage({ message: 'Something else' }))
    expect(await codeOf(openVault(sealed, otherKey, networkId))).to.equal('VAULT')
    expect(await codeOf(openVault(sealed, key, bytes(9)))).to.equal('VAULT')
    const altered = sealed.map((byte, at) => (at === 20 ? byte ^ 1 : byte))
    expect(await codeOf(openVault(altered, key, networkId))).to.equal('VAULT')
    expect(await codeOf(openVault(sealed.subarray(0, 9), key, networkId))).to.equal('VAULT')
    expect(await codeOf(sealVault(full, bytes(1, 16)))).to.equal('VAULT')
  })

  it('keeps nothing of the seed readable', async () => {
    const sealed = await sealVault(full, bytes(6))
    expect(Buffer.from(sealed).includes(Buffer.from(vault.seed))).to.equal(false)
  })

  it('is made only with a wallet that signs the same text alike a second time', async () => {
    const message = 'Open my vault'
    const key = vaultKeyFromSignature(await account.signMessage({ message }))
    expect(await newVaultKey(() => account.signMessage({ message }))).to.deep.equal(key)
    let asked = 0
    const moody = () => account.signMessage({ message: `${message} ${asked++}` })
    expect(await codeOf(newVaultKey(moody))).to.equal('VAULT')
    expect(asked).to.equal(2)
  })

  it('takes both forms of one signature for one key, and no malformed one', async () => {
    const signature = await account.signMessage({ message: 'Open my vault' })
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const twin = (order - BigInt(`0x${signature.slice(66, 130)}`)).toString(16).padStart(64, '0')
    expect(vaultKeyFromSignature(`${signature.slice(0, 66)}${twin}1b` as Hex)).to.deep.equal(
      vaultKeyFromSignature(signature),
    )
    for (const bad of ['0x', `0x${'00'.repeat(65)}`, `0x${'ff'.repeat(65)}`, `0x${'11'.repeat(96)}`] as const)
      expect(() => vaultKeyFromSignature(bad))
        .to.throw()
        .with.property('code', 'VAULT')
  })
})

describe('patient code', () => {
  const keys = placeKeys(vault, one, controller)
  const code = {
    networkId,
    providerId: one.providerId,
    controller,
    rho: keys.rho,
    selfPublicKey: keys.self.publicKey,
    signature: bytes(7, 65),
  }
  const text = encodePatientCode(code)

  it('reads back what the patient shows, with its pseudonym, spaces and line breaks notwithstanding', () => {
    const wrapped = ` ${text.slice(0, 50)}\n${text.slice(50)} `
    expect(parsePatientCode(wrapped, { networkId, providerId: one.providerId })).to.deep.equal({
      ...code,
      pseudonym: keys.pseudonym,
    })
  })

  it('fits one QR code', () => {
    // Version 40 with error correction L holds 2953 bytes.
    expect(text.length).to.be.lessThan(2953)
  })

  it('is refused by another provider, on another network, and when damaged', () => {
    const refused = (of: string, expected = {}) =>
      expect(() => parsePatientCode(of, expected))
        .to.throw()
        .with.property('code', 'PATIENT_CODE')
    refused(text, { providerId: two.providerId })
    refused(text, { networkId: bytes(9) })
    refused(text.slice(0, -4))
    refused(text.slice(5))
    refused(`${text}AAAA`)
    refused('')
    refused(`sharewell1:${'A'.repeat(100)}`)
  })

  it('cannot be made with a field missing', () => {
    const make = (changes: object) => () => encodePatientCode({ ...code, ...changes })
    expect(make({ selfPublicKey: bytes(1, 32) }))
      .to.throw()
      .with.property('code', 'PATIENT_CODE')
    expect(make({ signature: bytes(1, 64) }))
      .to.throw()
      .with.property('code', 'PATIENT_CODE')
    expect(toHex(fromHex(controller))).to.equal(controller)
  })
})

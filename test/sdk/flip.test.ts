import { parseCapsule, publicKeyOf, sealCapsule } from '@sharewell/sdk/envelope'
import { basePoint, encodePoint, encodeScalar } from '@sharewell/sdk/group'
import {
  createVault,
  encodePatientCode,
  openVault,
  parsePatientCode,
  placeKeys,
  sealVault,
} from '@sharewell/sdk/person'
import {
  checkCiphertext,
  decodeCiphertext,
  decodePartial,
  encaps,
  encodeCiphertext,
  encodeKeyHeader,
  encodePartial,
  parseKeyHeader,
  partial,
  verifyPartial,
  wrapDek,
  wrapLabel,
} from '@sharewell/sdk/release'
import { signObject } from '@sharewell/sdk/signed'
import { expect } from 'chai'
import fc from 'fast-check'
import { privateKeyToAccount } from 'viem/accounts'
import { codeOf } from '../helpers/code-of.ts'

const bytes = (fill: number, length = 32) => new Uint8Array(length).fill(fill)
const account = privateKeyToAccount('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d')
const record = { networkId: bytes(1), recordId: bytes(2), version: 1, sealHash: bytes(3) }
const flipped = (of: Uint8Array<ArrayBuffer>, bit: number) => {
  const at = bit % (8 * of.length)
  return of.map((byte, i) => (i === at >> 3 ? byte ^ (1 << (at & 7)) : byte))
}
const runs = { numRuns: 25 }

describe('a single bit', () => {
  const groupKey = encodePoint(basePoint.multiply(5n))
  const { ct } = encaps(groupKey, wrapLabel({ ...record, kind: 'W1' }))

  it('of a partial makes it invalid', () => {
    const statement = {
      networkId: record.networkId,
      requestHash: bytes(7),
      ct,
      Yr: encodePoint(basePoint.multiply(9n)),
    }
    const sent = encodePartial(partial({ keyEpoch: 1, i: 1, share: encodeScalar(5n), groupKey }, statement))
    expect(verifyPartial(groupKey, statement, decodePartial(sent))).to.equal(true)
    const property = fc.property(
      fc.nat(),
      (bit) => !verifyPartial(groupKey, statement, decodePartial(flipped(sent, bit))),
    )
    fc.assert(property, runs)
  })

  it('of a ciphertext makes every node refuse it', () => {
    const sent = encodeCiphertext(ct)
    const property = fc.property(fc.nat(), (bit) => {
      expect(() => checkCiphertext(groupKey, decodeCiphertext(flipped(sent, bit))))
        .to.throw()
        .with.property('code')
    })
    fc.assert(property, runs)
  })

  it('of a key header or a capsule voids its signature', async () => {
    const header = await wrapDek({ record, dek: bytes(5), patientKey: publicKeyOf(bytes(9)), groupKey })
    const object = await signObject('key header', encodeKeyHeader(header), record.networkId, account)
    const content = {
      ...record,
      pseudonym: bytes(4),
      purpose: 'note',
      publicKey: publicKeyOf(bytes(9)),
      plaintext: bytes(8),
    } as const
    const capsule = await sealCapsule(content, account)
    const property = fc.property(fc.nat(), (bit) => {
      expect(() => parseKeyHeader(flipped(object, bit), record))
        .to.throw()
        .with.property('code')
      expect(() => parseCapsule(flipped(capsule, bit), record))
        .to.throw()
        .with.property('code')
    })
    fc.assert(property, runs)
  })

  it('of a kept vault closes it', async () => {
    const sealed = await sealVault(createVault(record.networkId), bytes(6))
    const property = fc.asyncProperty(fc.nat(), async (bit) => {
      expect(await codeOf(openVault(flipped(sealed, bit), bytes(6), record.networkId))).to.equal('VAULT')
    })
    await fc.assert(property, runs)
  })

  it('of a patient code never gives the same patient, key and signature', () => {
    const controller = `0x${'ab'.repeat(20)}` as const
    const vault = createVault(record.networkId)
    const providerId = bytes(3, 16)
    const { rho, self } = placeKeys(vault, { providerId }, controller)
    const text = encodePatientCode({
      ...record,
      providerId,
      controller,
      rho,
      selfPublicKey: self.publicKey,
      signature: bytes(7, 65),
    })
    const good = JSON.stringify(parsePatientCode(text))
    const property = fc.property(fc.nat(text.length - 1), fc.constantFrom('A', 'z', '_', '!'), (at, char) => {
      const altered = text.slice(0, at) + char + text.slice(at + 1)
      try {
        expect(JSON.stringify(parsePatientCode(altered)) === good).to.equal(altered === text)
      } catch (error) {
        expect(error).to.have.property('code', 'PATIENT_CODE')
      }
    })
    fc.assert(property, { numRuns: 60 })
  })
})

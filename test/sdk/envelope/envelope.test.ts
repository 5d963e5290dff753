import {
  encodeWrapContext,
  kek,
  keyIdOf,
  openCapsule,
  openFrom,
  parseCapsule,
  publicKeyOf,
  sealCapsule,
  sealTo,
  suite,
  unwrap,
  unwrapPatient,
  wrap,
  wrapPatient,
} from '@sharewell/sdk/envelope'
import { randomBytes } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import { privateKeyToAccount } from 'viem/accounts'
import { codeOf } from '../../helpers/code-of.ts'

const bytes = (fill: number, length = 32) => new Uint8Array(length).fill(fill)
const text = (value: string) => new TextEncoder().encode(value)
const record = { networkId: bytes(1), recordId: bytes(2), version: 1, sealHash: bytes(3) }
const account = privateKeyToAccount('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d')

describe('envelope', () => {
  const seed = bytes(9)
  const publicKey = publicKeyOf(seed)
  const context = { purpose: ['release', 'response'], context: text('request 1') } as const

  it('opens for its recipient, purpose and context, and for nothing else', async () => {
    const envelope = await sealTo(publicKey, context, text('a partial'))
    expect(await openFrom(seed, context, envelope)).to.deep.equal(text('a partial'))
    expect(await codeOf(openFrom(bytes(8), context, envelope))).to.equal('ENVELOPE')
    expect(await codeOf(openFrom(seed, { ...context, context: text('request 2') }, envelope))).to.equal('ENVELOPE')
    expect(await codeOf(openFrom(seed, { ...context, purpose: ['release', 'dkg w1'] }, envelope))).to.equal('ENVELOPE')
  })

  it('opens no altered byte', async () => {
    const { enc, ct } = await sealTo(publicKey, context, text('a partial'))
    const flip = (from: Uint8Array<ArrayBuffer>, at: number) => from.map((byte, i) => (i === at ? byte ^ 1 : byte))
    expect(await codeOf(openFrom(seed, context, { enc: flip(enc, 5), ct }))).to.equal('ENVELOPE')
    expect(await codeOf(openFrom(seed, context, { enc: flip(enc, 1100), ct }))).to.equal('ENVELOPE')
    expect(await codeOf(openFrom(seed, context, { enc, ct: flip(ct, 0) }))).to.equal('ENVELOPE')
    expect(await codeOf(openFrom(seed, context, { enc: enc.subarray(1), ct }))).to.equal('ENVELOPE')
  })

  it('refuses keys of another length', async () => {
    expect(await codeOf(sealTo(publicKey.subarray(1), context, text('x')))).to.equal('ENVELOPE')
    expect(() => publicKeyOf(bytes(1, 31)))
      .to.throw()
      .with.property('code', 'ENVELOPE')
  })

  it('never seals twice alike', async () => {
    const [one, two] = await Promise.all([sealTo(publicKey, context, text('x')), sealTo(publicKey, context, text('x'))])
    expect(one.enc).to.not.deep.equal(two.enc)
    expect(one.ct).to.not.deep.equal(two.ct)
  })
})

describe('wrap', () => {
  const dek = bytes(5)
  const contextOf = (changes = {}) =>
    encodeWrapContext({ ...record, suite, kind: 'W1', keyIds: [keyIdOf(bytes(4))], ...changes })

  it('gives a data key back under its secrets and its context only', async () => {
    const wrapped = await wrap(kek([bytes(6)], contextOf()), dek, contextOf())
    expect(wrapped).to.have.length(48)
    expect(await unwrap(kek([bytes(6)], contextOf()), wrapped, contextOf())).to.deep.equal(dek)
    for (const change of [
      { recordId: bytes(7) },
      { version: 2 },
      { sealHash: bytes(7) },
      { kind: 'W0' },
      { keyIds: [bytes(7)] },
      { networkId: bytes(7) },
    ]) {
      const other = contextOf(change)
      expect(await codeOf(unwrap(kek([bytes(6)], other), wrapped, other))).to.equal('WRAP')
    }
    expect(await codeOf(unwrap(kek([bytes(7)], contextOf()), wrapped, contextOf()))).to.equal('WRAP')
    expect(await codeOf(unwrap(kek([bytes(6)], contextOf()), wrapped.subarray(1), contextOf()))).to.equal('WRAP')
  })

  it('takes the secrets in order and each with its length', () => {
    const context = contextOf()
    const one = kek([bytes(1), bytes(2)], context)
    expect(one).to.not.deep.equal(kek([bytes(2), bytes(1)], context))
    expect(kek([bytes(1, 33), bytes(1, 31)], context)).to.not.deep.equal(kek([bytes(1), bytes(1)], context))
  })

  it('refuses a data key of another length', async () => {
    expect(await codeOf(wrap(bytes(6), bytes(5, 16), contextOf()))).to.equal('WRAP')
  })

  it('opens for the patient, and for no other patient or record', async () => {
    const seed = bytes(9)
    const wrapped = await wrapPatient(record, { dek, publicKey: publicKeyOf(seed) })
    expect(await unwrapPatient(record, wrapped, seed)).to.deep.equal(dek)
    expect(await codeOf(unwrapPatient(record, wrapped, bytes(8)))).to.equal('WRAP')
    expect(await codeOf(unwrapPatient({ ...record, recordId: bytes(7) }, wrapped, seed))).to.equal('WRAP')
  })
})

describe('capsule', () => {
  const seed = bytes(9)
  const content = {
    networkId: bytes(1),
    pseudonym: bytes(2),
    purpose: 'note',
    publicKey: publicKeyOf(seed),
    plaintext: text('Second opinion before the operation'),
  } as const

  it('carries a doctor\u2019s note to the patient, and names who wrote it', async () => {
    const capsule = parseCapsule(await sealCapsule(content, account), content)
    expect(capsule.signer).to.equal(account.address.toLowerCase())
    expect(await openCapsule(capsule, seed)).to.deep.equal(content.plaintext)
  })

  it('does not open when somebody else signs it again as their own', async () => {
    const capsule = parseCapsule(await sealCapsule(content, account), content)
    expect(
      await codeOf(openCapsule({ ...capsule, signer: '0x0000000000000000000000000000000000000001' }, seed)),
    ).to.equal('ENVELOPE')
    expect(await codeOf(openCapsule({ ...capsule, pseudonym: bytes(3) }, seed))).to.equal('ENVELOPE')
    expect(await codeOf(openCapsule({ ...capsule, purpose: 'category key' }, seed))).to.equal('ENVELOPE')
  })

  it('is refused when altered, of another network or too long', async () => {
    const object = await sealCapsule(content, account)
    expect(() =>
      parseCapsule(
        object.map((byte, i) => (i === 60 ? byte ^ 1 : byte)),
        content,
      ),
    ).to.throw()
    expect(() => parseCapsule(object, { networkId: bytes(4) }))
      .to.throw()
      .with.property('code', 'SIGNED_OBJECT')
    expect(await codeOf(sealCapsule({ ...content, plaintext: randomBytes(16_385) }, account))).to.equal('CAPSULE')
  })
})

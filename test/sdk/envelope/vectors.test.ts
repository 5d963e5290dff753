import type { Bytes } from '@sharewell/sdk/bytes'
import { toHex } from '@sharewell/sdk/bytes'
import {
  type Envelope,
  encodeWrapContext,
  exportFrom,
  exportTo,
  kek,
  openCapsule,
  openFrom,
  type Purpose,
  parseCapsule,
  publicKeyOf,
  sealTo,
  unwrap,
  unwrapPatient,
  type Wrap,
  type WrapContext,
  type WrappedRecord,
  wrap,
  wrapPatient,
} from '@sharewell/sdk/envelope'
import { hkdfExpand, hkdfExtract } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import { envelopeVectors } from '../../../docs/spec/vectors/generate-envelope.ts'
import { testVectors } from '../../helpers/scenarios.ts'

type Sealed = Envelope & {
  seed: Bytes
  publicKey: Bytes
  purpose: Purpose
  context: Bytes
  plaintext: Bytes
  encapsulation: Bytes
}
type Wrapping = { secrets: Bytes[]; context: WrapContext; dek: Bytes; wrap: Bytes }
type Patient = Wrap & { record: WrappedRecord; seed: Bytes; dek: Bytes; encapsulation: Bytes }
type Mail = { networkId: Bytes; seed: Bytes; object: Bytes }

const operations: { readonly [operation: string]: (input: never) => Promise<unknown> } = {
  seal: async (input: Sealed) => {
    expect(publicKeyOf(input.seed)).to.deep.equal(input.publicKey)
    const sealed = await sealTo(input.publicKey, input, input.plaintext, { random: () => input.encapsulation })
    expect(await openFrom(input.seed, input, sealed)).to.deep.equal(input.plaintext)
    return sealed
  },
  open: (input: Sealed) => openFrom(input.seed, input, input),
  wrap: async ({ secrets, context, dek }: Wrapping) => {
    const wrapContext = encodeWrapContext(context)
    return { wrapContext, wrap: await wrap(kek(secrets, wrapContext), dek, wrapContext) }
  },
  unwrap: ({ secrets, context, wrap }: Wrapping) => {
    const wrapContext = encodeWrapContext(context)
    return unwrap(kek(secrets, wrapContext), wrap, wrapContext)
  },
  w0: async ({ record, seed, dek, encapsulation, ...wrapped }: Patient) => {
    const again = await wrapPatient(record, { dek, publicKey: publicKeyOf(seed) }, { random: () => encapsulation })
    expect(await unwrapPatient(record, wrapped, seed)).to.deep.equal(dek)
    expect(again).to.deep.equal(wrapped)
  },
  capsule: async ({ networkId, seed, object }: Mail) => {
    const capsule = parseCapsule(object, { networkId })
    const plaintext = await openCapsule(capsule, seed)
    return { plaintext, signer: new Uint8Array(Buffer.from(capsule.signer.slice(2), 'hex')) }
  },
}

describe('envelope vectors', () => {
  testVectors('envelope', operations, { generated: envelopeVectors })

  // draft-connolly-cfrg-xwing-kem-06 appendix C: seed, eseed, shared secret.
  const xWing = [
    [
      '7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26',
      '3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e235b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2',
      'd2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384',
    ],
    [
      'badfd6dfaac359a5efbb7bcc4b59d538df9a04302e10c8bc1cbf1a0b3a5120ea',
      '17cda7cfad765f5623474d368ccca8af0007cd9f5e4c849f167a580b14aabdefaee7eef47cb0fca9767be1fda69419dfb927e9df07348b196691abaeb580b32d',
      'f2e86241c64d60f6649fbc6c5b7d17180b780a3f34355e64a85749949c45f150',
    ],
    [
      'ef58538b8d23f87732ea63b02b4fa0f4873360e2841928cd60dd4cee8cc0d4c9',
      '22a96188d032675c8ac850933c7aff1533b94c834adbb69c6115bad4692d8619f90b0cdf8a7b9c264029ac185b70b83f2801f2f4b3f70c593ea3aeeb613a7f1b',
      '953f7f4e8c5b5049bdc771d1dffada0dd961477d1a2ae0988baa7ea6898d893f',
    ],
  ] as const

  for (const [seed, eseed, shared] of xWing)
    it(`export what RFC 9180 derives from the X-Wing draft's shared secret ${shared.slice(0, 8)}`, async () => {
      const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))
      const info = new TextEncoder().encode('any context')
      const { enc, secret } = await exportTo(publicKeyOf(bytes(seed)), info, { random: () => bytes(eseed) })
      expect(toHex(secret)).to.equal(toHex(exportedSecret(bytes(shared), info)))
      expect(await exportFrom(bytes(seed), info, enc)).to.deep.equal(secret)
    })
})

/** RFC 9180 sections 4, 5.1 and 5.3 by hand: base mode, X-Wing (0x647a), HKDF-SHA256 (1), AES-256-GCM (2). */
function exportedSecret(shared: Bytes, info: Bytes): Bytes {
  const text = (value: string) => new TextEncoder().encode(value)
  const suiteId = Buffer.concat([text('HPKE'), Uint8Array.of(0x64, 0x7a, 0, 1, 0, 2)])
  const labelled = (label: string, ...rest: Uint8Array[]) =>
    new Uint8Array(Buffer.concat([text('HPKE-v1'), suiteId, text(label), ...rest]))
  const empty = new Uint8Array(0)
  const extract = (salt: Uint8Array, label: string, ikm: Uint8Array) => hkdfExtract(salt, labelled(label, ikm))
  const expand = (prk: Uint8Array, label: string, context: Uint8Array) =>
    hkdfExpand(prk, new Uint8Array(Buffer.concat([Uint8Array.of(0, 32), labelled(label, context)])), 32)
  const context = new Uint8Array(
    Buffer.concat([Uint8Array.of(0), extract(empty, 'psk_id_hash', empty), extract(empty, 'info_hash', info)]),
  )
  const exporter = expand(extract(shared, 'secret', empty), 'exp', context)
  return expand(exporter, 'sec', text('sharewell/envelope/1 w0'))
}

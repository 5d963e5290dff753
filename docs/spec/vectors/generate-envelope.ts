import { fromHex } from '@sharewell/sdk/bytes'
import { decode, encode } from '@sharewell/sdk/cbor'
import {
  encodeWrapContext,
  kek,
  keyIdOf,
  publicKeyOf,
  sealCapsule,
  sealTo,
  suite,
  wrap,
  wrapPatient,
} from '@sharewell/sdk/envelope'
import { signObject } from '@sharewell/sdk/signed'
import { privateKeyToAccount } from 'viem/accounts'
import { seeded, toVectors } from './scenarios.ts'
import { whenRun, writeVectors } from './vector.ts'

const random = seeded('envelope')
const [seed, otherSeed, networkId, pseudonym] = [random(32), random(32), random(32), random(32)]
const publicKey = publicKeyOf(seed)
const flip = (bytes: Uint8Array<ArrayBuffer>, at: number) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))
const text = (value: string) => new TextEncoder().encode(value)

const sealed = {
  seed,
  purpose: ['release', 'response'],
  context: text('session 1, from 2, to 3'),
  plaintext: text('a share'),
  encapsulation: random(64),
} as const
const envelope = await sealTo(publicKey, sealed, sealed.plaintext, { random: () => sealed.encapsulation })
const open = (name: string, comment: string, changes: object) => ({
  name,
  comment,
  operation: 'open',
  expect: 'ENVELOPE',
  input: { ...sealed, ...envelope, ...changes },
})

const record = { networkId, recordId: random(32), version: 1, sealHash: random(32) }
const dek = random(32)
const encapsulation = random(64)
const W0 = await wrapPatient(record, { dek, publicKey }, { random: () => encapsulation })
const patient = { record, seed, dek, encapsulation, ...W0 }
const secrets = [random(32), random(32)]
const context = { ...record, suite, kind: 'W1', keyIds: [keyIdOf(random(32))] } as const
const wrapContext = encodeWrapContext(context)
const wrapped = await wrap(kek(secrets, wrapContext), dek, wrapContext)
const unwrap = (name: string, comment: string, changes: object) => ({
  name,
  comment,
  operation: 'unwrap',
  expect: 'WRAP',
  input: { secrets, context, wrap: wrapped, dek, ...changes },
})

const account = privateKeyToAccount('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d')
const other = privateKeyToAccount('0x8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba')
const content = { networkId, pseudonym, purpose: 'note', publicKey, plaintext: text('Second opinion') } as const
const capsule = await sealCapsule(content, account, { random: seeded('capsule') })
const [payloadBytes] = decode(capsule) as [Uint8Array<ArrayBuffer>]
const payload = decode(payloadBytes) as { [key: string]: Uint8Array | string | number }
const stolen = await signObject('capsule', payloadBytes, networkId, other)
const unknownPurpose = await signObject('capsule', encode({ ...payload, purpose: 'advertisement' }), networkId, account)
const foreign = await signObject('capsule', encode({ ...payload, networkId: random(32) }), networkId, account)
const mail = (name: string, comment: string, expected: string, object: Uint8Array, changes: object = {}) => ({
  name,
  comment,
  operation: 'capsule',
  expect: expected,
  input: { networkId, seed, object, ...changes },
  ...(expected === 'success' ? { output: { plaintext: content.plaintext, signer: fromHex(account.address) } } : {}),
})

/** Every scenario of docs/spec/envelope.md. */
export const envelopeVectors = toVectors([
  {
    name: 'open',
    comment: 'sealed with the given encapsulation randomness, opened by the recipient',
    operation: 'seal',
    expect: 'success',
    input: { ...sealed, publicKey },
    output: envelope,
  },
  open('open-other-seed', 'another recipient', { seed: otherSeed }),
  open('open-other-purpose', 'another purpose', { purpose: ['release', 'dkg w1'] }),
  open('open-other-context', 'another session', { context: text('session 2, from 2, to 3') }),
  open('open-altered-ciphertext', 'one bit of the ciphertext', { ct: flip(envelope.ct, 0) }),
  open('open-altered-mlkem', 'one bit of the ML-KEM half', { enc: flip(envelope.enc, 7) }),
  open('open-altered-x25519', 'one bit of the X25519 half', { enc: flip(envelope.enc, 1100) }),
  open('open-short-encapsulation', 'an encapsulation cut short', { enc: envelope.enc.subarray(0, 1119) }),
  {
    name: 'wrap',
    comment: 'two secrets, in order',
    operation: 'wrap',
    expect: 'success',
    input: { secrets, context, dek },
    output: { wrapContext, wrap: wrapped },
  },
  unwrap('unwrap-other-secret', 'another secret', { secrets: [secrets[0], random(32)] }),
  unwrap('unwrap-other-order', 'the secrets in another order', { secrets: [...secrets].reverse() }),
  unwrap('unwrap-other-record', 'another record', { context: { ...context, recordId: random(32) } }),
  unwrap('unwrap-other-version', 'another version', { context: { ...context, version: 2 } }),
  unwrap('unwrap-altered', 'one bit of the wrap', { wrap: flip(wrapped, 47) }),
  unwrap('unwrap-short', 'a wrap cut short', { wrap: wrapped.subarray(0, 47) }),
  { name: 'w0', comment: 'the wrap to the patient', operation: 'w0', expect: 'success', input: patient },
  {
    name: 'w0-other-seed',
    comment: 'another patient',
    operation: 'w0',
    expect: 'WRAP',
    input: { ...patient, seed: otherSeed },
  },
  {
    name: 'w0-other-record',
    comment: 'moved to another record',
    operation: 'w0',
    expect: 'WRAP',
    input: { ...patient, record: { ...record, recordId: random(32) } },
  },
  mail('capsule', 'a note to the patient', 'success', capsule),
  mail('capsule-signed-by-another', 'the same content under another signature', 'ENVELOPE', stolen),
  mail('capsule-other-seed', 'somebody else opens', 'ENVELOPE', capsule, { seed: otherSeed }),
  mail('capsule-other-network', 'read on another network', 'SIGNED_OBJECT', capsule, { networkId: random(32) }),
  mail('capsule-foreign', 'names another network inside', 'CAPSULE', foreign),
  mail('capsule-unknown-purpose', 'a purpose that is none', 'CBOR_FIELD', unknownPurpose),
  mail('capsule-altered', 'one bit of the payload', 'SIGNED_OBJECT', flip(capsule, 100)),
])

whenRun(import.meta.url, () => writeVectors('envelope', envelopeVectors))

import type { Random } from '#primitives'
import { type Bytes, equal, type Hex } from '../bytes.ts'
import { decode, encode, field, type Reader } from '../cbor/index.ts'
import {
  encLength,
  encodeWrapContext,
  hybridSuite,
  kek,
  keyIdOf,
  type Suite,
  suite,
  symmetricKeyIdOf,
  unwrap,
  unwrapPatient,
  type Wrap,
  type WrappedRecord,
  wrap,
  wrapLength,
  wrapPatient,
} from '../envelope/index.ts'
import { BaseError } from '../errors.ts'
import { openObject } from '../signed/index.ts'
import {
  type EmergencyParts,
  type EmergencyRecipients,
  emergencyParts,
  unwrapEmergency,
  wrapEmergency,
} from './emergency.ts'
import { dealSecondKey, readSecondKey, type SecondKey, type SecondKeyMembers } from './second-key.ts'
import { type Ciphertext, decodeCiphertext, encaps, encodeCiphertext, wrapLabel } from './tdh2.ts'

/**
 * All wraps of one record version's data key. It is never an IPFS block: what is replicated for ever cannot be
 * erased. Key nodes keep it; the manifest fixes the hash of the first one, `rewrap` names later ones on chain.
 */
export type KeyHeader = WrappedRecord & {
  readonly suite: Suite
  readonly wraps: {
    /** To the patient's key at this provider; `enc` is the HPKE encapsulation. */
    readonly W0: Wrap
    /** To the key nodes; `enc` is the encoded TDH2 ciphertext. */
    readonly W1?: Wrap
    /** To the key nodes and the officers of the patient's institution together, for emergencies. */
    readonly W3?: Wrap
  }
  /** Of the hybrid suite alone: the key that W1 needs beside TDH2's. */
  readonly pq?: SecondKey
}

/** A key header with its proven signer and its address, the SHA-256 of the signed object. */
export type SignedKeyHeader = { readonly header: KeyHeader; readonly hash: Bytes; readonly signer: Hex }

/**
 * Wraps a data key for the patient and, where a group key is given, for the key nodes.
 * @throws EnvelopeError, PointError when a public key is none; WrapError when the data key has not 32 bytes.
 * @example
 * const header = await wrapDek({ record, dek, patientKey: patient.selfPublicKey, groupKey: committee.groupKey })
 * const object = await signObject('key header', encodeKeyHeader(header), networkId, account)
 */
export async function wrapDek(
  { record, dek, patientKey, groupKey, second, emergency }: wrapDek.Keys,
  options: wrapDek.Options = {},
): Promise<KeyHeader> {
  const { networkId, recordId, version, sealHash } = record
  const bound = { networkId, recordId, version, sealHash, suite: second && groupKey ? hybridSuite : suite } as const
  const W0 = await wrapPatient(bound, { dek, publicKey: patientKey }, options)
  if (groupKey === undefined) return { ...bound, wraps: { W0 } }
  const W3 = emergency && (await wrapEmergency(bound, { dek, to: emergency }, options))
  const dealt = second && (await dealSecondKey(bound, second, options))
  const W1 = await wrapConsent(bound, { dek, Y: groupKey, secondKey: dealt?.key }, options)
  return { ...bound, wraps: { W0, W1, ...(W3 && { W3 }) }, ...(dealt && { pq: dealt.second }) }
}
export declare namespace wrapDek {
  type Keys = {
    readonly record: WrappedRecord
    readonly dek: Uint8Array
    /** The patient's X-Wing public key at this provider. */
    readonly patientKey: Uint8Array
    /** Y of the key nodes. */
    readonly groupKey?: Bytes | undefined
    /** Deals a second key among these members, which W1 then needs as well. */
    readonly second?: SecondKeyMembers | undefined
    /** Who opens it together in an emergency; nobody when absent. */
    readonly emergency?: EmergencyRecipients | undefined
  }
  type Options = {
    /** Source of every encapsulation's randomness. */
    readonly random?: Random | undefined
  }
}

/**
 * Opens W0 with the seed of the patient's key: a patient needs no key node for records of their own.
 * The key is right only once the seal header's `keyCommit` has been recomputed, which `seal` does on opening.
 * @throws WrapError when the seed is another's or the header was altered.
 */
export function unwrapW0(header: KeyHeader, seed: Uint8Array): Promise<Bytes> {
  return unwrapPatient(header, header.wraps.W0, seed)
}

/**
 * Opens W1 with the KEM key that `finish` gave and, of the hybrid suite, the second key.
 * @throws KeyHeaderError when the header has no W1; WrapError when a key is another's or missing.
 */
export async function unwrapW1(header: KeyHeader, kemKey: Uint8Array, secondKey?: Uint8Array): Promise<Bytes> {
  const W1 = consentWrap(header)
  const context = encodeWrapContext({ ...header, kind: 'W1', keyIds: W1.keyIds })
  return unwrap(kek(secondKey ? [kemKey, secondKey] : [kemKey], context), W1.wrap, context)
}

/**
 * The second key of a hybrid header with the id that its combination must have; undefined of a plain one.
 * @throws KeyHeaderError when the header has no W1.
 */
export function secondKeyOf(header: KeyHeader): { readonly pq: SecondKey; readonly id: Bytes } | undefined {
  const { pq } = header
  return pq && { pq, id: consentWrap(header).keyIds[1] as Bytes }
}

/**
 * The ciphertext that key nodes answer for, and the id H(Y) of the group key it was made to.
 * @throws KeyHeaderError when the header has no W1, or its ciphertext is labelled with another record.
 */
export function consentCiphertext(header: KeyHeader): { readonly ct: Ciphertext; readonly groupKeyId: Bytes } {
  const W1 = consentWrap(header)
  const ct = decodeCiphertext(W1.enc)
  if (!equal(ct.L, wrapLabel({ ...pick(header), kind: 'W1' })))
    throw new KeyHeaderError({ reason: 'its ciphertext is labelled with another record' })
  return { ct, groupKeyId: W1.keyIds[0] as Bytes }
}

/**
 * The two parts of the emergency wrap.
 * @throws KeyHeaderError when the header has none.
 */
export function emergencyOf(header: KeyHeader): EmergencyParts {
  return emergencyParts(header, emergencyWrap(header))
}

/**
 * Opens W3 with the key nodes' part, which `finish` gave, and the officers' part.
 * @throws KeyHeaderError when the header has no W3; WrapError when a part is missing or wrong.
 */
export function unwrapW3(header: KeyHeader, parts: Parameters<typeof unwrapEmergency>[2]): Promise<Bytes> {
  return unwrapEmergency(header, emergencyWrap(header), parts)
}

/** Writes a key header: the payload of a signed object of kind `key header`. */
export function encodeKeyHeader({ suite, networkId, recordId, version, sealHash, wraps, pq }: KeyHeader): Bytes {
  const plain = ({ keyIds, enc, wrap }: Wrap) => ({ keyIds: [...keyIds], enc, wrap })
  const { W0, W1, W3 } = wraps
  const encoded = { W0: plain(W0), ...(W1 && { W1: plain(W1) }), ...(W3 && { W3: plain(W3) }) }
  const second = pq && { k: pq.k, shares: pq.shares.map(({ i, to, commit, enc, ct }) => ({ i, to, commit, enc, ct })) }
  return encode({
    v: 1,
    suite,
    networkId,
    recordId,
    version,
    sealHash,
    wraps: encoded,
    ...(second && { pq: second }),
  })
}

/**
 * Reads a signed key header and checks its signature and, where given, which record it is of.
 * @throws CborError, CborFieldError, SignedObjectError on malformed or unsigned bytes.
 * @throws KeyHeaderError when it is of another network, record or version.
 */
export function parseKeyHeader(bytes: Uint8Array, expected: parseKeyHeader.Expected): SignedKeyHeader {
  const { payload, hash, signer } = openObject('key header', bytes, expected.networkId)
  const { v: _, ...header } = readHeader(decode(payload), 'key header')
  if (!equal(header.networkId, expected.networkId)) throw new KeyHeaderError({ reason: 'it is of another network' })
  if (expected.recordId !== undefined && !equal(header.recordId, expected.recordId))
    throw new KeyHeaderError({ reason: 'it is of another record' })
  if (expected.version !== undefined && header.version !== expected.version)
    throw new KeyHeaderError({ reason: `it is of version ${header.version} instead of ${expected.version}` })
  checkSuite(header)
  if (header.wraps.W1 !== undefined) consentCiphertext(header)
  if (header.wraps.W3 !== undefined) emergencyOf(header)
  return { header, hash, signer }
}
export declare namespace parseKeyHeader {
  type Expected = {
    readonly networkId: Bytes
    readonly recordId?: Bytes | undefined
    readonly version?: number | undefined
  }
}

const wrapOf = (keyIds: Reader<Bytes[]>, enc: Reader<Bytes>) =>
  field.record({ keyIds, enc, wrap: field.bytes(wrapLength) })

const readHeader = field.record({
  v: field.literal(1),
  suite: field.literal(suite, hybridSuite),
  networkId: field.bytes(32),
  recordId: field.bytes(32),
  version: field.integer(1, 0xffff_ffff),
  sealHash: field.bytes(32),
  wraps: field.record({
    W0: wrapOf(field.array(field.bytes(32), 1), field.bytes(encLength)),
    W1: field.optional(wrapOf(field.array(field.bytes()), field.bytes())),
    W3: field.optional(wrapOf(field.array(field.bytes(32), 2), field.bytes())),
  }),
  pq: field.optional(readSecondKey),
})

/** W1 names the keys that its suite has, and the second key is dealt to different members at different places. */
function checkSuite({ suite, wraps: { W1 }, pq }: KeyHeader): void {
  const lengths = W1?.keyIds.map(({ length }) => length).join()
  const expected = suite === hybridSuite ? '32,16' : '32'
  if ((suite === hybridSuite) !== (pq !== undefined) || (W1 !== undefined && lengths !== expected))
    throw new KeyHeaderError({ reason: 'its keys are not those of its suite' })
  if (!pq) return
  const places = new Set(pq.shares.map(({ i }) => i))
  const members = new Set(pq.shares.map(({ to }) => to.join()))
  if (W1 === undefined || pq.k > pq.shares.length || places.size + members.size < 2 * pq.shares.length)
    throw new KeyHeaderError({ reason: 'its second key is dealt to nobody, or twice' })
}

async function wrapConsent(
  record: WrappedRecord & { readonly suite: Suite },
  { dek, Y, secondKey }: { dek: Uint8Array; Y: Bytes; secondKey: Bytes | undefined },
  options: wrapDek.Options,
): Promise<Wrap> {
  const keyIds = secondKey ? [keyIdOf(Y), symmetricKeyIdOf(secondKey)] : [keyIdOf(Y)]
  const context = encodeWrapContext({ ...record, kind: 'W1', keyIds })
  const { key, ct } = encaps(Y, wrapLabel({ ...pick(record), kind: 'W1' }), options)
  const secrets = secondKey ? [key, secondKey] : [key]
  return { keyIds, enc: encodeCiphertext(ct), wrap: await wrap(kek(secrets, context), dek, context) }
}

function consentWrap({ wraps }: KeyHeader): Wrap {
  if (wraps.W1 === undefined) throw new KeyHeaderError({ reason: 'it has no wrap to the key nodes' })
  return wraps.W1
}

function emergencyWrap({ wraps }: KeyHeader): Wrap {
  if (wraps.W3 === undefined) throw new KeyHeaderError({ reason: 'it has no emergency wrap' })
  return wraps.W3
}

const pick = ({ networkId, recordId, version }: WrappedRecord) => ({ networkId, recordId, version })

/** Thrown when a key header is of another record, or lacks the wrap that was asked for. */
export class KeyHeaderError extends BaseError<'KEY_HEADER'> {
  override readonly name = 'KeyHeaderError'
  constructor({ reason = 'it does not belong to this record' }: KeyHeaderError.Options) {
    super('KEY_HEADER', `The key header is refused: ${reason}.`, {
      hints: ['Ask another key node for the header whose hash is on chain.'],
      docs: 'release.md#key-header',
    })
  }
}
export declare namespace KeyHeaderError {
  type Options = { reason?: string }
}

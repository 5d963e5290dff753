import { type Random, randomBytes, sha256 } from '#primitives'
import { type Bytes, concat, equal } from '../bytes.ts'
import { decode, encode, field } from '../cbor/index.ts'
import {
  type Envelope,
  encLength,
  encodeWrapContext,
  kek,
  keyIdOf,
  openFrom,
  type SealContext,
  sealTo,
  suite,
  unwrap,
  type Wrap,
  type WrappedRecord,
  wrap,
} from '../envelope/index.ts'
import { type Ciphertext, CiphertextError, decodeCiphertext, encaps, encodeCiphertext } from './tdh2.ts'

/** To whom an emergency wrap is made. Neither side opens anything without the other. */
export type EmergencyRecipients = {
  /** Y_N, a key that the key nodes use for emergencies alone. */
  readonly nodesKey: Bytes
  /** X-Wing public keys of the officers of the institution that keeps the patient; any one of them opens their part. */
  readonly officers: readonly Bytes[]
}

/** What an emergency wrap carries, read and checked to be of its record. */
export type EmergencyParts = {
  /** What key nodes give partials for. */
  readonly ct: Ciphertext
  /** The officers' part, sealed to each of them in their order. */
  readonly envelopes: readonly Envelope[]
  readonly nodesKeyId: Bytes
  readonly officersKeyId: Bytes
  /** The hash that a request names both by. */
  readonly hash: Bytes
}

/** The id of a list of officers' keys: H(H(pk_1) || .. || H(pk_m)), as the chain names it. */
export function officersKeyId(officers: readonly Uint8Array[]): Bytes {
  return sha256(concat(...officers.map(keyIdOf)))
}

/**
 * Makes W3: two independent encapsulations, one to the key nodes' emergency key, one random part sealed to each officer.
 * @throws PointError, EnvelopeError when a key is none; WrapError unless the data key has 32 bytes.
 */
export async function wrapEmergency(
  record: WrappedRecord,
  { dek, to: { nodesKey, officers } }: { readonly dek: Uint8Array; readonly to: EmergencyRecipients },
  { random = randomBytes }: { readonly random?: Random | undefined } = {},
): Promise<Wrap> {
  const keyIds = [keyIdOf(nodesKey), officersKeyId(officers)]
  const L = emergencyLabel(record, keyIds)
  const { key, ct } = encaps(nodesKey, L, { random })
  const part = random(partLength)
  const sealed = await Promise.all(officers.map((officer) => sealTo(officer, officerContext(L), part, { random })))
  const context = contextOf(record, keyIds)
  const enc = encode({ nodes: encodeCiphertext(ct), officers: sealed.map((one) => ({ enc: one.enc, ct: one.ct })) })
  return { keyIds, enc, wrap: await wrap(kek([key, part], context), dek, context) }
}

/**
 * Reads the two parts of W3.
 * @throws CiphertextError when they are of another record; CborError, CborFieldError on malformed bytes.
 */
export function emergencyParts(record: WrappedRecord, { keyIds, enc }: Wrap): EmergencyParts {
  const { nodes, officers } = readEnc(decode(enc), 'emergency wrap')
  const ct = decodeCiphertext(nodes)
  if (!equal(ct.L, emergencyLabel(record, keyIds)))
    throw new CiphertextError({ reason: 'its label names another record' })
  const [nodesKeyId, keyId] = keyIds as [Bytes, Bytes]
  return { ct, envelopes: officers, nodesKeyId, officersKeyId: keyId, hash: sha256(enc) }
}

/**
 * Opens the officers' part with the seed of one of them, whose public key has the place `at` in their list.
 * @throws EnvelopeError when it is another officer's, another record's or altered.
 */
export async function openOfficersPart(
  { ct, envelopes }: EmergencyParts,
  { seed, at }: { readonly seed: Uint8Array; readonly at: number },
): Promise<Bytes> {
  const envelope = envelopes[at]
  if (!envelope) throw new CiphertextError({ reason: 'it has no part for this officer' })
  return await openFrom(seed, officerContext(ct.L), envelope)
}

/** What an officer hands on is sealed to: one clinician, one window, one record version. */
export type HandedPart = { readonly windowId: Bytes; readonly recordId: Bytes; readonly version: number }

/** Seals the officers' part to the clinician's key of one window. */
export function sealOfficersPart(
  publicKey: Uint8Array,
  to: HandedPart,
  part: Uint8Array,
  options: { readonly random?: Random | undefined } = {},
): Promise<Envelope> {
  return sealTo(publicKey, handedContext(to), part, options)
}

/**
 * Opens what an officer handed on.
 * @throws EnvelopeError when it was sealed to another key, window or record.
 */
export function openHandedPart(seed: Uint8Array, to: HandedPart, envelope: Envelope): Promise<Bytes> {
  return openFrom(seed, handedContext(to), envelope)
}

/**
 * Opens W3 with both parts: the KEM key that `finish` gave, and the officers' part.
 * @throws WrapError when either is missing, wrong or of another record.
 */
export async function unwrapEmergency(
  record: WrappedRecord,
  { keyIds, wrap: wrapped }: Wrap,
  { nodesPart, officersPart }: { readonly nodesPart: Uint8Array; readonly officersPart: Uint8Array },
): Promise<Bytes> {
  const context = contextOf(record, keyIds)
  return await unwrap(kek([nodesPart, officersPart], context), wrapped, context)
}

const partLength = 32

const readEnc = field.record({
  nodes: field.bytes(),
  officers: field.array(field.record({ enc: field.bytes(encLength), ct: field.bytes(partLength + 16) })),
})

/** L_E: which record, and which keys on both sides. */
function emergencyLabel({ networkId, recordId, version }: WrappedRecord, [keyIdN, keyIdG]: readonly Bytes[]): Bytes {
  return encode({ networkId, recordId, version, kind: 'W3', keyIdN, keyIdG })
}

function contextOf({ networkId, recordId, version, sealHash }: WrappedRecord, keyIds: readonly Bytes[]): Bytes {
  return encodeWrapContext({ networkId, recordId, version, sealHash, suite, kind: 'W3', keyIds })
}

const officerContext = (L: Bytes): SealContext => ({ purpose: ['release', 'guardian'], context: L })

const handedContext = ({ windowId, recordId, version }: HandedPart): SealContext => ({
  purpose: ['release', 'guardian part'],
  context: encode([windowId, recordId, version]),
})

import { sha256 } from '#primitives'
import { type Bytes, equal, type Hex } from '../../bytes.ts'
import { decode, encode, field } from '../../cbor/index.ts'
import { type Envelope, openFrom, sealTo as sealEnvelope, type sealTo } from '../../envelope/index.ts'
import { type ObjectSigner, openObject, signObject } from '../../signed/index.ts'
import { RenewError } from './error.ts'

/** The session that a message belongs to. */
export type RenewSession = { readonly session: Bytes; readonly networkId: Bytes }

/**
 * The one place that a sealed message has: what it is, from whom to whom by share number, and for which chunk. `piece`
 * and `sum` belong to a repair, `word` to a refresh (the row of masks stands behind the last chunk), `seed` and `part` to a change.
 */
export type PartPlace = {
  readonly stage: 'piece' | 'sum' | 'word' | 'seed' | 'part'
  readonly from: number
  readonly to: number
  readonly i: number
}

const number = field.integer(0, 2 ** 32 - 1)
const readPart = field.record({
  v: field.literal(1),
  session: field.bytes(32),
  stage: field.literal('piece', 'sum', 'word', 'seed', 'part'),
  from: number,
  to: number,
  i: number,
  body: field.bytes(),
})

/**
 * Signs and seals what one node gives another. The signature is inside: the receiver can show it to others without its
 * key, and who carries the envelope learns nothing.
 * @returns CBOR `[enc, ct]`.
 */
export async function sealPart(
  within: RenewSession,
  place: PartPlace,
  body: Bytes,
  { signer, publicKey, random }: sealPart.Keys,
): Promise<Bytes> {
  const signed = await signPart(within, place, body, signer)
  const { enc, ct } = await sealEnvelope(publicKey, contextOf(within.session, place), signed, { random })
  return encode([enc, ct])
}
export declare namespace sealPart {
  type Keys = sealTo.Options & {
    /** The sender's account. */
    readonly signer: ObjectSigner
    /** The receiver's X-Wing key. */
    readonly publicKey: Uint8Array
  }
}

/** Signs it for who may see it: what {@link readSigned} reads. */
export async function signPart(
  { session, networkId }: RenewSession,
  place: PartPlace,
  body: Bytes,
  signer: ObjectSigner,
): Promise<Bytes> {
  return await signObject('share renewal', encode({ v: 1, session, ...place, body }), networkId, signer)
}

/** What a node received. `signed` is evidence: anybody reads it by {@link readSigned}. */
export type ReceivedPart = { readonly body: Bytes; readonly signed: Bytes }

/**
 * Opens a sealed message at the place where it is due.
 * @param account of the operator that `place.from` is.
 * @throws EnvelopeError for another session, place or receiver; CborError, CborFieldError, SignedObjectError, RenewError
 * for what is not signed by that account at this place. None of it is evidence against anybody: it counts as silence.
 */
export async function openPart(
  within: RenewSession,
  place: PartPlace,
  sealed: Uint8Array,
  { seed, account }: { readonly seed: Uint8Array; readonly account: Hex },
): Promise<ReceivedPart> {
  const [enc, ct] = field.array(field.bytes(), 2)(decode(sealed), 'envelope') as [Bytes, Bytes]
  const envelope: Envelope = { enc, ct }
  const signed = await openFrom(seed, contextOf(within.session, place), envelope)
  return { body: readSigned(within, place, signed, account), signed }
}

/**
 * Reads a signed message that its receiver shows.
 * @returns the body as it was signed.
 * @throws CborError, CborFieldError, SignedObjectError
 * @throws RenewError unless that account signed it for this session and place.
 */
export function readSigned(within: RenewSession, place: PartPlace, signed: Uint8Array, account: Hex): Bytes {
  const { payload, signer } = openObject('share renewal', signed, within.networkId)
  const { session, stage, from, to, i, body } = readPart(decode(payload))
  if (signer !== account.toLowerCase()) throw new RenewError({ reason: 'a message is signed by another account' })
  if (!equal(session, within.session)) throw new RenewError({ reason: 'a message is of another session' })
  const here = stage === place.stage && from === place.from && to === place.to && i === place.i
  if (!here) throw new RenewError({ reason: 'a message is for another place' })
  return body
}

/** Takes each place once. The same body again is no harm; another one convicts its signer. */
export function createInbox(): { take(place: PartPlace, body: Uint8Array): 'new' | 'again' } {
  const taken = new Map<string, Bytes>()
  return {
    take(place, body) {
      const { stage, from, to, i } = place
      const key = `${stage} ${from} ${to} ${i}`
      const hash = sha256(body)
      const known = taken.get(key)
      if (known && !equal(known, hash))
        throw new RenewError({ culprits: [from], reason: `it signed two bodies of one ${stage}` })
      taken.set(key, hash)
      return known ? 'again' : 'new'
    },
  }
}

/** HPKE context: session, sender and receiver, and which of the messages between them. */
const contextOf = (session: Uint8Array, { stage, from, to, i }: PartPlace) =>
  ({ purpose: ['share', 'part'], context: encode([session, stage, from, to, i]) }) as const

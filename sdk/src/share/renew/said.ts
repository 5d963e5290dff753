import { createSha256 } from '#primitives'
import { type Bytes, equal, type Hex } from '../../bytes.ts'
import { decode, encode, field } from '../../cbor/index.ts'
import { lpLabel } from '../../labels.ts'
import { type ObjectSigner, openObject, signObject } from '../../signed/index.ts'
import { RenewError } from './error.ts'
import type { RenewSession } from './parts.ts'

/** The hashes of the vectors that a node got, one for each contributor of the terms; null where nothing came. */
export type Post = { readonly stage: 'post'; readonly from: number; readonly vectors: (Bytes | null)[] }

/** What a node publishes of the vectors that it got, one for each contributor of the terms. */
export type Check = {
  readonly stage: 'check'
  readonly from: number
  readonly beacon: Bytes
  readonly values: (number[] | null)[]
}

const number = field.integer(0, 65_535)
const orNull =
  <value>(read: (value: unknown, path?: string) => value) =>
  (value: unknown, path?: string): value | null =>
    value === null ? null : read(value, path)
const common = { v: field.literal(1), session: field.bytes(32), from: number }
const readPostFields = field.record({
  ...common,
  stage: field.literal('post'),
  vectors: field.array(orNull(field.bytes(32))),
})
const readCheckFields = field.record({
  ...common,
  stage: field.literal('check'),
  beacon: field.bytes(32),
  values: field.array(orNull(field.array(number))),
})

/** Signs what a node says to all. */
export async function signSaid(
  { session, networkId }: RenewSession,
  said: Post | Check,
  signer: ObjectSigner,
): Promise<Bytes> {
  return await signObject('share renewal', encode({ v: 1, session, ...said }), networkId, signer)
}

/** Whose word it must be. */
export type Sayer = {
  /** The node, by share number, and its operator's account. */
  readonly from: number
  readonly account: Hex
  /** How many contributors the terms have. */
  readonly contributors: number
}

/**
 * Reads a node's post.
 * @throws CborError, CborFieldError, SignedObjectError
 * @throws RenewError for another session, node, account or number of entries.
 */
export function readPost(within: RenewSession, signed: Uint8Array, sayer: Sayer): Post {
  const { session, from, vectors } = readPostFields(payloadOf(within, signed, sayer))
  checkSaid(within, { session, from, entries: vectors.length }, sayer)
  return { stage: 'post', from, vectors }
}

/**
 * Reads a node's check.
 * @throws as {@link readPost}.
 */
export function readCheck(within: RenewSession, signed: Uint8Array, sayer: Sayer): Check {
  const { session, from, beacon, values } = readCheckFields(payloadOf(within, signed, sayer))
  checkSaid(within, { session, from, entries: values.length }, sayer)
  return { stage: 'check', from, beacon, values }
}

function payloadOf({ networkId }: RenewSession, signed: Uint8Array, { account }: Sayer): unknown {
  const { payload, signer } = openObject('share renewal', signed, networkId)
  if (signer !== account.toLowerCase()) throw new RenewError({ reason: 'a word is signed by another account' })
  return decode(payload)
}

function checkSaid(
  within: RenewSession,
  said: { readonly session: Bytes; readonly from: number; readonly entries: number },
  { from, contributors }: Sayer,
): void {
  if (!equal(said.session, within.session)) throw new RenewError({ reason: 'a word is of another session' })
  if (said.from !== from || said.entries !== contributors)
    throw new RenewError({ reason: 'a word is of another node or other contributors' })
}

/** H(<vector> || vector_(c,j)): the node's rows of all chunks in order, and then its row of masks. */
export async function vectorHash(rows: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Bytes> {
  const hash = createSha256().update(lpLabel('share', 'vector'))
  for await (const row of rows) hash.update(row)
  return hash.digest()
}

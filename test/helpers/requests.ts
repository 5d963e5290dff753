import { fromHex, type Hex, toBase64url, toHex } from '@sharewell/sdk/bytes'
import {
  type Chain,
  consentKey,
  hashMessage,
  logReleaseRequest,
  type Message,
  messageToJson,
  type Network,
  personId,
  signAsReader,
} from '@sharewell/sdk/chain'
import { randomBytes } from '@sharewell/sdk/primitives'
import { createReaderKey, type ReaderKey, readerProof } from '@sharewell/sdk/release'
import type { LocalAccount } from 'viem'
import type { TestRecord } from './committee.ts'

/** A doctor as tests know one. */
export type Doctor = { readonly account: LocalAccount; readonly chain: Chain; readonly credential: Hex }

/** A signed release request with all that travels beside it. */
export type SignedRequest = {
  readonly request: Message<'KeyRequest'>
  readonly signature: Hex
  readonly requestHash: Hex
  readonly reader: ReaderKey
  /** The body of `POST /v1/release`. */
  readonly body: { request: Record<string, unknown>; signature: Hex; reader: Record<string, unknown>; headerHash: Hex }
}

/** What a request names of a record. */
export type AskedRecord = Pick<TestRecord, 'recordId' | 'manifestHash' | 'ctHash' | 'headerHash'>

/** What a test may alter in a request. */
export type RequestOptions = {
  /** Fields altered before signing. */
  readonly change?: Partial<Message<'KeyRequest'>>
  /** Who signs, where it is not the doctor named as reader. */
  readonly signer?: Chain
  /** False: not logged on chain. */
  readonly log?: boolean
  readonly now?: number
}

/** Makes, signs and logs a release request as a reader's device does. */
export async function signRequest(
  network: Network,
  { doctor, pseudonym, record }: { doctor: Doctor; pseudonym: Hex; record: AskedRecord },
  { change = {}, signer = doctor.chain, log = true, now = Math.floor(Date.now() / 1000) }: RequestOptions = {},
): Promise<SignedRequest> {
  const reader = createReaderKey()
  const request: Message<'KeyRequest'> = {
    networkId: network.networkId,
    recordId: record.recordId,
    version: 1,
    manifestHash: record.manifestHash,
    wrap: 'W1',
    ctHash: record.ctHash,
    consentKey: consentKey(pseudonym, personId(doctor.account.address), record.recordId),
    reader: doctor.account.address.toLowerCase() as Hex,
    credentialId: doctor.credential,
    purpose: 0,
    readerKeyHash: toHex(reader.readerKeyHash),
    salt: toHex(randomBytes(32)),
    notAfter: now + 200,
    ...change,
  }
  const signature = await signAsReader(signer, 'KeyRequest', request, request)
  const requestHash = hashMessage(network, 'KeyRequest', request)
  if (log) await logReleaseRequest(doctor.chain, { requestHash })
  const beside = {
    Yr: toHex(reader.Yr),
    pok: toHex(readerProof(reader, fromHex(requestHash, 32))),
    hpkePublicKey: toBase64url(reader.hpkePublicKey),
  }
  const body = { request: messageToJson(request), signature, reader: beside, headerHash: record.headerHash }
  return { request, signature, requestHash, reader, body }
}

import { type Bytes, equal, fromHex, type Hex, toBase64url, toHex } from '@sharewell/sdk/bytes'
import { type Chain, messageToJson, signMessage, type WaitOptions } from '@sharewell/sdk/chain'
import { keyIdOf } from '@sharewell/sdk/envelope'
import {
  type Ciphertext,
  checkCiphertext,
  consentCiphertext,
  ctHash,
  type KeyHeader,
  parseKeyHeader,
  partial,
  partialHash,
  type SecondShare,
  sealAnswer,
  secondShareHash,
  wrapLabel,
} from '@sharewell/sdk/release'
import type { AnswerStore } from './answers.ts'
import { checkStanding, type ReleaseCall, type Sources, type Standing } from './checks.ts'
import { type Seat, seatOf } from './committee.ts'
import { checkEmergency } from './emergency.ts'
import type { Erasures } from './erasures.ts'
import type { ObjectStore } from './files.ts'
import type { KeyStore } from './keystore.ts'
import { RefusalError } from './refusals.ts'
import { secondShareOf } from './second-share.ts'
import type { Transfer } from './transfer/watch.ts'

/** Parts of a node that releases. */
export type Releaser = {
  readonly sources: Sources
  readonly keys: KeyStore
  readonly headers: ObjectStore
  readonly answers: AnswerStore
  /** Opens what is sealed to this node: its shares of second keys. */
  readonly hpkeSeed: Bytes
  readonly erasures: Erasures
  /** Finds a header that other members have. */
  readonly transfer: Pick<Transfer, 'find' | 'last'>
  /** Records for which this node releases nothing, whatever the chain says. */
  readonly withdrawn: ReadonlySet<Hex>
}

/**
 * Answers a release request, or refuses with one of the published codes: every check of docs/spec/key-node.md, in its
 * order. The same request gets the same answer, byte for byte, as long as the checks still hold.
 */
export async function release(node: Releaser, call: ReleaseCall, { signal }: WaitOptions = {}): Promise<string> {
  const [chain] = node.sources
  const standing = await checkStanding(node.sources, call, { withdrawn: node.withdrawn, signal })
  const { recordId, version } = call.request
  if (node.erasures.covers({ recordId, version })) throw new RefusalError({ refusal: 'REFUSED_RECORD' })
  const earlier = node.answers.find(standing.requestHash)
  if (earlier) return earlier.answer
  const { seat, ct, header } = await checkedPart(node, { call, standing }, { signal })
  const entry = {
    requestHash: standing.requestHash,
    // A delegate has no affiliation: its budget is its own account's.
    credentialId: BigInt(call.request.credentialId) === 0n ? call.request.reader : call.request.credentialId,
    pseudonym: standing.record.pseudonym,
    at: standing.at.later,
  }
  node.answers.checkBudgets(entry)
  const second = call.request.wrap === 'W1' ? await secondShareOf(node.hpkeSeed, header) : undefined
  const answer = await answerTo(chain, { call, standing, seat, ct, second })
  const request = JSON.stringify({ request: messageToJson(call.request), signature: call.signature })
  return node.answers.keep({ ...entry, request, answer }).answer
}

/** Step 5: the ciphertext is this record's, the one that was signed for, and well made, and the seat is of its key. */
async function checkedPart(
  node: Releaser,
  { call, standing }: { readonly call: ReleaseCall; readonly standing: Standing },
  { signal }: WaitOptions,
): Promise<{ readonly seat: Seat; readonly ct: Ciphertext; readonly header: KeyHeader }> {
  const { request } = call
  if (request.wrap === 'W3') {
    const header = await headerOf(node, call)
    return { header, ...(await checkEmergency(node, { request, header, standing }, { signal })) }
  }
  const seat = await seatOf(node.sources[0], node.keys, { block: standing.at.final.number, signal })
  if (request.wrap !== 'W1') throw new RefusalError({ refusal: 'UNKNOWN_WRAP' })
  const header = await headerOf(node, call)
  return { seat, header, ct: checkedCiphertext(call, header, seat) }
}

/** The header that a request names, of its record and version. */
async function headerOf(
  { headers, transfer }: Pick<Releaser, 'headers' | 'transfer'>,
  { request, headerHash }: ReleaseCall,
): Promise<KeyHeader> {
  // Whoever joined the committee later may not keep it yet.
  const bytes = (await headers.get('headers', headerHash)) ?? (await transfer.find(headerHash))
  if (!bytes) throw new RefusalError({ refusal: 'UNKNOWN_HEADER' })
  try {
    return parseKeyHeader(bytes, recordIn(request)).header
  } catch (cause) {
    throw new RefusalError({ refusal: 'OTHER_HEADER', cause })
  }
}

const recordIn = ({ networkId, recordId, version }: ReleaseCall['request']) => ({
  networkId: fromHex(networkId, 32),
  recordId: fromHex(recordId, 32),
  version,
})

function checkedCiphertext({ request }: ReleaseCall, header: KeyHeader, { groupKey }: Seat): Ciphertext {
  const { ct, groupKeyId } = consentPartOf(header)
  if (!equal(groupKeyId, keyIdOf(groupKey))) throw new RefusalError({ refusal: 'OTHER_GROUP_KEY' })
  if (toHex(ctHash(ct)) !== request.ctHash) throw new RefusalError({ refusal: 'OTHER_CIPHERTEXT' })
  try {
    checkCiphertext(groupKey, ct, wrapLabel({ ...recordIn(request), kind: 'W1' }))
  } catch (cause) {
    throw new RefusalError({ refusal: 'BAD_CIPHERTEXT', cause })
  }
  return ct
}

function consentPartOf(header: KeyHeader) {
  try {
    return consentCiphertext(header)
  } catch (cause) {
    throw new RefusalError({ refusal: 'OTHER_HEADER', cause })
  }
}

type Answering = {
  readonly call: ReleaseCall
  readonly standing: Standing
  readonly seat: Seat
  readonly ct: Ciphertext
  readonly second: SecondShare | undefined
}

/** Step 7: the partial, signed by the operator and sealed to the reader. */
async function answerTo(chain: Chain, { call, standing, seat, ct, second }: Answering): Promise<string> {
  const { networkId } = call.request
  const { Yr, hpkePublicKey } = call.reader
  const requestHash = fromHex(standing.requestHash, 32)
  const made = partial(seat, { networkId: fromHex(networkId, 32), requestHash, ct, Yr })
  const signature = await signMessage(chain, 'Partial', {
    requestHash: standing.requestHash,
    ctHash: toHex(ctHash(ct)),
    keyEpoch: seat.keyEpoch,
    i: seat.i,
    X_i: toHex(seat.verifyingShare),
    Yr: toHex(Yr),
    partialHash: toHex(partialHash(made, second && secondShareHash(second))),
  })
  const { enc, ct: sealed } = await sealAnswer(
    { partial: made, signature: fromHex(signature, 65), second },
    { requestHash, hpkePublicKey },
  )
  return JSON.stringify({ keyEpoch: seat.keyEpoch, i: seat.i, enc: toBase64url(enc), ct: toBase64url(sealed) })
}

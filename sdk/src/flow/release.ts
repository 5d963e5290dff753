import { type Bytes, equal, fromBase64url, fromHex, type Hex, toBase64url, toHex } from '../bytes.ts'
import { type Chain, type Message, messageToJson, signerOf, type WaitOptions } from '../chain/index.ts'
import { BaseError } from '../errors.ts'
import {
  type Ciphertext,
  combine,
  combineSecondKey,
  ctHash,
  encodePartial,
  finish,
  openAnswer,
  type Partial,
  partialHash,
  QuorumError,
  type ReaderKey,
  readerProof,
  type secondKeyOf,
  secondShareHash,
  verifyPartial,
} from '../release/index.ts'
import { callJson } from './http.ts'
import { codeOf, type KeyNode, type KeyNodes } from './key-nodes.ts'
import { shuffled } from './shuffled.ts'
import type { FalsePartial } from './types.ts'
import type { ReleaseReceipt } from './unlogged.ts'

/** A node that did not give a valid partial. INVALID_PARTIAL and INVALID_SECOND_SHARE with `evidence` are provable by
 * anyone. */
export type KeyFault = {
  readonly i: number
  readonly operator: Hex
  readonly code: string
  /** What the node signed, where it signed something false. */
  readonly evidence?: FalsePartial | undefined
}

/** The outcome of a release. */
export type Release = {
  /** The KEM key that opens the header's W1. */
  readonly key: Bytes
  /** What W1 of a hybrid header needs beside it. */
  readonly secondKey?: Bytes | undefined
  /** Numbers of the k nodes whose partials were combined. */
  readonly nodes: readonly number[]
  /** What each of them signed: who holds it can show a release that a node kept out of the book. */
  readonly receipts: readonly ReleaseReceipt[]
  /** Nodes that refused, failed or lied meanwhile. */
  readonly faults: readonly KeyFault[]
}

/** What one release is about. */
export type ReleaseArgs = {
  readonly chain: Chain
  readonly committee: KeyNodes
  /** The signed KeyRequest, logged on chain already. */
  readonly request: Message<'KeyRequest'>
  readonly signature: Hex
  readonly requestHash: Hex
  readonly reader: ReaderKey
  /** The key header's hash, and the ciphertext it carries. */
  readonly headerHash: Hex
  /** Of the grantee id that the consent names, where it has one. */
  readonly consentSalt?: Hex | undefined
  readonly ct: Ciphertext
  /** The header's second key, where it has one. */
  readonly second?: ReturnType<typeof secondKeyOf>
}

/** Options of {@link requestRelease}. */
export type ReleaseOptions = WaitOptions & {
  /** Called with each node's outcome as it comes: k of h on a screen. */
  readonly onNode?:
    | ((outcome: { readonly i: number; readonly operator: Hex; readonly code: string }) => void)
    | undefined
  /** Milliseconds after which one more node is asked. */
  readonly hedge?: number | undefined
}

/**
 * Asks k + 1 key nodes at once, and one more for each that fails or takes long, until k have given a partial that
 * verifies; combines them and finishes with the reader's key. What a node sends is believed only with its operator's
 * signature and a valid proof.
 * Errors: `QuorumError` listing what each node answered; the signal's reason.
 */
export async function requestRelease(args: ReleaseArgs, options: ReleaseOptions = {}): Promise<Release> {
  const { committee, requestHash, reader, ct, request } = args
  const { signal, onNode, hedge = 1_500 } = options
  const partials: Partial[] = []
  const seconds: { readonly i: number; readonly share: Bytes }[] = []
  const receipts: ReleaseReceipt[] = []
  const faults: KeyFault[] = []
  const enough = new AbortController()
  const stop = AbortSignal.any([enough.signal, ...(signal ? [signal] : [])])
  const waiting = shuffled(committee.nodes)
  const body = bodyOf(args)
  // A second key that was dealt by an earlier committee may need more than this one releases by.
  const needed = Math.max(committee.k, args.second?.pq.k ?? 0)

  async function askOne(node: KeyNode): Promise<void> {
    try {
      const { partial, receipt, second } = await partialFrom(node, args, body, stop)
      partials.push(partial)
      if (second) seconds.push(second)
      receipts.push(receipt)
      onNode?.({ i: node.i, operator: node.id, code: 'RELEASED' })
      if (partials.length >= needed) enough.abort()
    } catch (error) {
      if (stop.aborted) return
      const lied = error instanceof InvalidPartialError || error instanceof InvalidSecondShareError
      const evidence = lied ? error.evidence : undefined
      faults.push({ i: node.i, operator: node.id, code: codeOf(error), evidence })
      onNode?.({ i: node.i, operator: node.id, code: codeOf(error) })
      await askNext()
    }
  }
  async function askNext(): Promise<void> {
    const node = waiting.shift()
    if (node && !stop.aborted) await askOne(node)
  }

  const timer = setInterval(() => void more.push(askNext()), hedge)
  const more = Array.from({ length: needed + 1 }, askNext)
  try {
    for (let at = 0; at < more.length && partials.length < needed; at++) await more[at]
  } finally {
    clearInterval(timer)
    enough.abort()
  }
  signal?.throwIfAborted()
  const refusals = faults.map(({ i, code }) => ({ i, code }))
  if (partials.length < needed) throw new QuorumError({ have: partials.length, k: needed, refusals })
  const verifyingShares = committee.nodes.map(({ verifyingShare }) => verifyingShare)
  const statement = statementOf({ request, requestHash, ct, reader })
  const combined = combine(partials, { keyEpoch: committee.keyEpoch, k: committee.k, verifyingShares }, statement, {
    refusals,
  })
  const secondKey = args.second && combineSecondKey(args.second.pq, seconds, args.second.id)
  return { key: finish(reader.y, ct, combined), secondKey, nodes: combined.nodes, receipts, faults }
}

const statementOf = ({
  request,
  requestHash,
  ct,
  reader,
}: Pick<ReleaseArgs, 'request' | 'requestHash' | 'ct' | 'reader'>) => ({
  networkId: fromHex(request.networkId, 32),
  requestHash: fromHex(requestHash, 32),
  ct,
  Yr: reader.Yr,
})

function bodyOf({ request, signature, requestHash, reader, headerHash, consentSalt }: ReleaseArgs): unknown {
  const { Yr, hpkePublicKey } = reader
  const pok = toHex(readerProof(reader, fromHex(requestHash, 32)))
  return {
    request: messageToJson(request),
    signature,
    reader: { Yr: toHex(Yr), pok, hpkePublicKey: toBase64url(hpkePublicKey) },
    headerHash,
    ...(consentSalt && { consentSalt }),
  }
}

type Given = {
  readonly partial: Partial
  readonly receipt: ReleaseReceipt
  /** The node's share of the second key, at its place. */
  readonly second?: { readonly i: number; readonly share: Bytes } | undefined
}

async function partialFrom(node: KeyNode, args: ReleaseArgs, body: unknown, signal: AbortSignal): Promise<Given> {
  const { chain, committee, request, requestHash, reader, ct } = args
  const answer = await callJson(node.endpoint, '/v1/release', body, { signal, timeout: 20_000 })
  const envelope = { enc: fromBase64url(String(answer.enc)), ct: fromBase64url(String(answer.ct)) }
  const { partial, signature, second } = await openAnswer(envelope, reader, {
    requestHash: fromHex(requestHash, 32),
    i: node.i,
  })
  const secondHash = second && secondShareHash(second)
  const message = {
    requestHash,
    ctHash: toHex(ctHash(ct)),
    keyEpoch: partial.keyEpoch,
    i: partial.i,
    X_i: toHex(node.verifyingShare),
    Yr: toHex(reader.Yr),
    partialHash: toHex(partialHash(partial, secondHash)),
  }
  const signed = { kind: 'Partial', message, signature: toHex(signature) } as const
  const signer = await signerOf(chain.network, signed)
  // Unsigned words count as silence: only the node itself can be blamed for what it signed.
  if (signer.toLowerCase() !== node.account.toLowerCase()) throw new UnsignedPartialError({})
  const evidence = {
    message,
    signature: signed.signature,
    partial: toHex(encodePartial(partial)),
    ...(secondHash && { secondHash: toHex(secondHash) }),
  }
  const statement = statementOf({ request, requestHash, ct, reader })
  const right = partial.i === node.i && partial.keyEpoch === committee.keyEpoch
  if (!right || !verifyPartial(node.verifyingShare, statement, partial)) throw new InvalidPartialError({ evidence })
  const dealt = args.second?.pq.shares.find(({ to }) => toHex(to) === node.hpkeKeyHash)
  if (args.second && (!dealt || !second || !secondHash || !equal(secondHash, dealt.commit)))
    throw new InvalidSecondShareError({ evidence })
  return {
    partial,
    receipt: { operator: node.id, request, message, signature: signed.signature },
    second: dealt && second && { i: dealt.i, share: second.share },
  }
}

/** Thrown when a node signed a partial whose proof does not hold: evidence against it. */
export class InvalidPartialError extends BaseError<'INVALID_PARTIAL'> {
  override readonly name = 'InvalidPartialError'
  readonly evidence: KeyFault['evidence']
  constructor({ evidence }: { evidence?: KeyFault['evidence'] }) {
    super('INVALID_PARTIAL', 'A key node signed a partial whose proof does not hold.', {
      hints: ['Keep the evidence; ask other nodes.'],
      docs: '/release#partial',
    })
    this.evidence = evidence
  }
}

/** Thrown when a node signed a share of a second key that is not the one committed to, or none: evidence against it. */
export class InvalidSecondShareError extends BaseError<'INVALID_SECOND_SHARE'> {
  override readonly name = 'InvalidSecondShareError'
  readonly evidence: KeyFault['evidence']
  constructor({ evidence }: { evidence?: KeyFault['evidence'] }) {
    super('INVALID_SECOND_SHARE', 'A key node signed another share of the second key than it was dealt.', {
      hints: ['Keep the evidence; ask other nodes.'],
      docs: '/release#second-key',
    })
    this.evidence = evidence
  }
}

/** Thrown when a partial does not carry the signature of the node's operator. */
export class UnsignedPartialError extends BaseError<'UNSIGNED_PARTIAL'> {
  override readonly name = 'UnsignedPartialError'
  constructor(_: Record<string, never>) {
    super('UNSIGNED_PARTIAL', 'A partial came without the signature of the node it is from.', {
      hints: ['Ask other nodes.'],
      docs: '/release#partial',
    })
  }
}

import { type Bytes, fromHex, type Hex, toHex } from '../bytes.ts'
import { decode, encode, field } from '../cbor/index.ts'
import {
  type BookEvent,
  type BookedChange,
  type BookedVersion,
  bookIdOf,
  type Checkpoint,
  checkpointBytes,
  parseBookLeaf,
  recordEventOf,
  type SignedCheckpoint,
} from '../chain/index.ts'
import { BaseError } from '../errors.ts'
import { verify, verifyConsistency } from '../merkle/index.ts'
import { verifyFrost } from '../release/index.ts'

/** What a proof file carries; docs/spec/book.md#proof-file. */
export type RecordProof = {
  readonly networkId: Hex
  readonly chainId: number
  readonly genesisHash: Hex
  /** All contracts whose events the book holds. */
  readonly contracts: readonly Hex[]
  readonly recordId: Hex
  /** Oldest first; the last one covers everything else here. Each earlier one with its consistency to the last. */
  readonly checkpoints: readonly (Omit<SignedCheckpoint, 'book'> & { readonly consistency: readonly Bytes[] })[]
  readonly events: readonly { readonly index: number; readonly leaf: Bytes; readonly path: readonly Bytes[] }[]
}

/** One version, as it was recorded. */
export type ProvenVersion = BookedVersion & {
  /** Time of its block. */
  readonly time: number
  /** Time of the first checkpoint in the file that covers it: it was recorded no later, whoever keeps the clock. */
  readonly signedAt: number
}

/** What a sound proof proves. */
export type ProvenRecord = {
  readonly networkId: Hex
  readonly recordId: Hex
  readonly pseudonym: Hex
  /** 1, 2, .. without a gap, in the order in which they were recorded. */
  readonly versions: readonly ProvenVersion[]
  readonly changes: readonly (BookedChange & { readonly time: number })[]
  /** The newest checkpoint: of what came after it, the proof says nothing. */
  readonly checkpoint: Checkpoint & { readonly groupKey: Hex }
}

/** A proof as a file: deterministic CBOR. */
export function encodeRecordProof({ contracts, checkpoints, events, ...proof }: RecordProof): Bytes {
  return encode({
    v: 1,
    type: 'record proof',
    networkId: fromHex(proof.networkId, 32),
    chainId: proof.chainId,
    genesisHash: fromHex(proof.genesisHash, 32),
    contracts: contracts.map((address) => fromHex(address, 20)),
    recordId: fromHex(proof.recordId, 32),
    checkpoints: checkpoints.map(({ time, size, root, groupKey, signature, consistency }) => ({
      time,
      size,
      root: fromHex(root, 32),
      groupKey: fromHex(groupKey, 32),
      signature: fromHex(signature, 64),
      consistency: [...consistency],
    })),
    events: events.map(({ index, leaf, path }) => ({ index, leaf, path: [...path] })),
  })
}

/** Reads a proof file; nothing in it is believed yet. Throws {@link RecordProofError} MALFORMED. */
export function parseRecordProof(bytes: Bytes): RecordProof {
  try {
    const { v: _, type: __, networkId, genesisHash, recordId, contracts, checkpoints, ...rest } = read(decode(bytes))
    return {
      ...rest,
      networkId: toHex(networkId),
      genesisHash: toHex(genesisHash),
      recordId: toHex(recordId),
      contracts: contracts.map(toHex),
      checkpoints: checkpoints.map(({ root, groupKey, signature, ...one }) => ({
        ...one,
        root: toHex(root),
        groupKey: toHex(groupKey),
        signature: toHex(signature),
      })),
    }
  } catch (cause) {
    throw new RecordProofError({ fault: 'MALFORMED', cause })
  }
}

const count = field.integer(0, 2 ** 48)
const read = field.record({
  v: field.literal(1),
  type: field.literal('record proof'),
  networkId: field.bytes(32),
  chainId: field.integer(1, Number.MAX_SAFE_INTEGER),
  genesisHash: field.bytes(32),
  contracts: field.array(field.bytes(20)),
  recordId: field.bytes(32),
  checkpoints: field.array(
    field.record({
      time: count,
      size: count,
      root: field.bytes(32),
      groupKey: field.bytes(32),
      signature: field.bytes(64),
      consistency: field.array(field.bytes(32)),
    }),
  ),
  events: field.array(field.record({ index: count, leaf: field.bytes(), path: field.array(field.bytes(32)) })),
})

/**
 * Checks a proof file without any network. `keys` are the checkpoint keys that the verifier trusts to be the network's:
 * everything else follows from the file.
 * @throws RecordProofError; its `fault` says which step failed.
 * @example
 * const { versions } = verifyRecordProof(await readFile('record.proof'), { keys: [key] })
 */
export function verifyRecordProof(bytes: Bytes, { keys }: { readonly keys: readonly Hex[] }): ProvenRecord {
  const proof = parseRecordProof(bytes)
  const { networkId, chainId, genesisHash, contracts, recordId } = proof
  const named = Object.fromEntries(contracts.map((address, at) => [String(at), address]))
  const book = bookIdOf({ networkId, chainId, genesisHash, contracts: named })
  const checkpoints = proof.checkpoints.map((one) => ({ ...one, book }))
  const last = checkpoints.at(-1)
  if (!last) throw new RecordProofError({ fault: 'NOT_SIGNED' })
  for (const one of checkpoints) checkCheckpoint(one, last, keys)
  const events = proof.events.map((one) => provenEvent(one, { last, contracts, recordId }))
  if (events.some(({ index }, at) => at > 0 && index <= (events[at - 1]?.index ?? 0)))
    throw new RecordProofError({ fault: 'OUT_OF_ORDER' })
  const versions = events.flatMap(({ said, time, index }) => {
    const signedAt = checkpoints.find(({ size }) => size > index)?.time ?? last.time
    return said.kind === 'Anchored' ? [{ ...said, time, signedAt }] : []
  })
  const [first] = versions
  if (!first || versions.some(({ version }, at) => version !== at + 1))
    throw new RecordProofError({ fault: 'INCOMPLETE' })
  const changes = events.flatMap(({ said, time }) => (said.kind === 'Anchored' ? [] : [{ ...said, time }]))
  const { time, size, root, groupKey } = last
  return {
    networkId,
    recordId,
    pseudonym: first.pseudonym,
    versions,
    changes,
    checkpoint: { book, time, size, root, groupKey },
  }
}

type Signed = SignedCheckpoint & { readonly consistency: readonly Bytes[] }

function checkCheckpoint(one: Signed, last: Signed, keys: readonly Hex[]): void {
  if (!keys.some((key) => key.toLowerCase() === one.groupKey)) throw new RecordProofError({ fault: 'OTHER_KEY' })
  if (!verifyFrost(fromHex(one.groupKey, 32), checkpointBytes(one), fromHex(one.signature, 64)))
    throw new RecordProofError({ fault: 'NOT_SIGNED' })
  const trees = [one, last].map(({ root, size }) => ({ root: fromHex(root, 32), size }))
  const [before, after] = trees as [(typeof trees)[number], (typeof trees)[number]]
  if (one.time > last.time || !verifyConsistency(before, after, one.consistency))
    throw new RecordProofError({ fault: 'NOT_CONTINUED' })
}

type Proven = { readonly index: number; readonly time: number; readonly said: BookedVersion | BookedChange }

function provenEvent(
  { index, leaf, path }: RecordProof['events'][number],
  { last, contracts, recordId }: { last: Signed; contracts: readonly Hex[]; recordId: Hex },
): Proven {
  if (!verify(fromHex(last.root, 32), last.size, index, leaf, path))
    throw new RecordProofError({ fault: 'NOT_INCLUDED' })
  const event = readLeaf(leaf)
  const said = recordEventOf(event)
  // A leaf of a signed book is a contract's own word; another contract or record is not what the file is about.
  if (!said || said.recordId !== recordId || !contracts.includes(event.address))
    throw new RecordProofError({ fault: 'OTHER_RECORD' })
  return { index, time: event.time, said }
}

function readLeaf(leaf: Bytes): BookEvent {
  try {
    return parseBookLeaf(leaf)
  } catch (cause) {
    throw new RecordProofError({ fault: 'MALFORMED', cause })
  }
}

const faults = {
  MALFORMED: 'it is not a proof, or was altered',
  OTHER_KEY: 'a checkpoint is signed with a key that you did not name',
  NOT_SIGNED: 'a checkpoint does not carry the signature of the committee',
  NOT_CONTINUED: 'its checkpoints do not continue each other: something earlier was changed',
  NOT_INCLUDED: 'an event is not in the book that the committee signed',
  OTHER_RECORD: 'an event is not about this record',
  OUT_OF_ORDER: 'its events are not in the order of the book',
  INCOMPLETE: 'a version is missing',
} as const

/** Thrown when a proof file proves nothing; `fault` says what is wrong with it. */
export class RecordProofError extends BaseError<'RECORD_PROOF'> {
  override readonly name = 'RecordProofError'
  readonly fault: keyof typeof faults
  constructor({ fault = 'MALFORMED', cause }: { fault?: keyof typeof faults; cause?: unknown }) {
    super('RECORD_PROOF', `This file proves nothing: ${faults[fault] ?? faults.MALFORMED}.`, {
      cause,
      hints: ['Have the proof made again, and get the checkpoint key from the network itself.'],
      docs: '/book#proof-file',
    })
    this.fault = fault
  }
}

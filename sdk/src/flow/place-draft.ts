import { type Hex, toHex } from '../bytes.ts'
import type { Chain } from '../chain/index.ts'
import { type Acknowledgement, type NodeReceipt, NotPlacedError, placeRecord } from '../place/index.ts'
import type { Policy } from '../share/index.ts'
import type { ObjectSigner } from '../signed/index.ts'
import { cutRecord } from './cut.ts'
import type { Draft } from './draft.ts'
import { type NoteOf, SourceChangedError } from './journal.ts'
import { type KeyNodes, putHeader } from './key-nodes.ts'
import { verifierOf } from './operators.ts'
import { storageParties } from './parties.ts'
import type { Journey } from './progress.ts'
import { operatorsHash, writeAuthorization } from './tickets.ts'
import type { SignedAcknowledgement } from './types.ts'

/** Who places a draft, and for whom. */
export type PlaceJob = {
  readonly pseudonym: Hex
  readonly size: number | undefined
  readonly signer: ObjectSigner
  readonly committee: KeyNodes
}

/** All nodes acknowledged a record: what the chain and the receipt need. */
export type Placed = NoteOf<'acknowledged'>

/**
 * Gives the key nodes a draft's key header, splits what is sealed, places what is not placed yet, and returns once all n
 * nodes have acknowledged.
 * Errors: NotPlacedError, KeyNodesError, SourceChangedError.
 */
export async function placeDraft(chain: Chain, draft: Draft, job: PlaceJob, journey: Journey): Promise<Placed> {
  const { sealed, notes, policy, storage, recordId, version, keyHeader, own, subject } = draft
  const { tell, signal } = journey
  const operators = storage.map(({ id }) => id)
  const authorize = writeAuthorization(chain, {
    recordId,
    version,
    operatorsHash: await operatorsHash(operators),
    maxBytes: boundOf(policy, job.size) * BigInt(1 + draft.earlier.moves),
    operators,
    subject,
  })
  // Before the anchor, so that no record stands on chain whose key is lost.
  await putHeader(job.committee, { header: keyHeader, pseudonym: own ? job.pseudonym : undefined }, { signal })
  const cut = cutRecord({ ...draft, operators }, job.signer)
  tell.start('place', policy.n)
  try {
    const receipts = await placeRecord({
      nodes: storageParties(storage, authorize),
      chunks: tell.chunks('split', cut.parts(sealed.chunks)),
      close: async () => cut.close(await sealed.ptCommit),
      verify: verifierOf<Acknowledgement>(chain, 'Acknowledgement', { signal }),
      onPlaced: cut.placed,
      onReceipt: ({ operator }) => tell.next('place', operator),
      signal,
    })
    tell.done('place')
    const placed = { kind: 'acknowledged', ...cut.described(), acknowledgements: receipts.map(acknowledged) } as const
    await notes.write(placed)
    return placed
  } catch (error) {
    // Some node does not have what the notes say: the next call sends all of it.
    const lost = error instanceof NotPlacedError && error.reasons.some(({ code }) => code === 'INCOMPLETE_SHARE')
    const forget = lost && draft.earlier.placed.size > 0
    await notes.write(...(forget ? [{ kind: 'moved', operators } as const] : [])).catch(() => undefined)
    throw error
  }
}

/**
 * Seals a source again that an earlier call placed whole, and compares it with what was placed.
 * Errors: SourceChangedError.
 */
export async function comparePlaced(
  draft: Draft,
  placed: Placed,
  signer: ObjectSigner,
  journey: Journey,
): Promise<void> {
  const { earlier, sealed } = draft
  const whole = { ...earlier, placed: new Set(earlier.chunks.keys()) }
  const cut = cutRecord({ ...draft, earlier: whole, notes: silent, operators: [] }, signer)
  for await (const _ of journey.tell.chunks('split', cut.parts(sealed.chunks)))
    throw new SourceChangedError({ chunk: earlier.chunks.size })
  if (toHex(await sealed.ptCommit) !== placed.ptCommit) throw new SourceChangedError({ chunk: earlier.chunks.size })
}

const silent = { batch: 0, chunks: async () => undefined, placed: () => undefined }

const acknowledged = ({ operator, index, message, signature }: NodeReceipt): SignedAcknowledgement => ({
  operator,
  index,
  shareRoot: message.shareRoot,
  bytes: Number(message.bytes),
  time: message.time,
  signature,
})

/** Bytes that one node may be sent for a record: its share with an eighth of padding, lists and slack. */
function boundOf({ t, r }: Policy, size: number | undefined): bigint {
  if (size === undefined) return 2n ** 40n
  return BigInt(Math.ceil((size * 1.25) / (t - r))) + 2n ** 24n
}
